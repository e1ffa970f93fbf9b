package dev.shootdown.cli;

import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Status;
import dev.shootdown.repl.Repl;
import dev.shootdown.view.Faults;
import dev.shootdown.view.JsonView;
import dev.shootdown.view.Names;
import dev.shootdown.view.TextView;
import dev.shootdown.view.Theme;
import dev.shootdown.view.View;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The command line without a command, and the options that stand everywhere. */
@Command(name = "shootdown", mixinStandardHelpOptions = true, versionProvider = Version.class, scope = ScopeType.INHERIT,
        sortOptions = false, usageHelpAutoWidth = true, abbreviateSynopsis = true,
        description = "A language and REPL over a faithful model of Linux's mm, mmu_notifier and IOMMU.",
        footer = {"", "Exit status: 0 all held; 1 something failed; 2 usage, syntax, names or files; 3 a bound was reached with no verdict; "
                + "69 no JDK; 70 a fault of Shootdown's own; 130 Ctrl-C."},
        subcommands = {ExploreCommand.class, MutateCommand.class, TestCommand.class, ConformCommand.class, ReplayCommand.class, FmtCommand.class})
final class Shootdown implements Callable<Integer> {
    /** The names of the commands above. */
    static final Set<String> COMMANDS = Set.of("explore", "mutate", "test", "conform", "replay", "fmt");

    private final Surroundings surroundings;
    private final Languages languages;

    @Parameters(paramLabel = "FILE", arity = "0..*",
            description = "Scripts (.mmu, .js), run in turn, each on a fresh machine; - is standard input. None: the REPL.")
    private List<String> files = new ArrayList<>();

    @Option(names = "-e", paramLabel = "STATEMENTS", description = "Runs these statements; may stand several times.")
    private List<String> statements = new ArrayList<>();

    @Option(names = "--js", description = "What -e gives, or standard input holds, is JavaScript.")
    private boolean javascript;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Prints JSON Lines: an object an event.")
    private boolean json;

    @Option(names = {"-q", "--quiet"}, scope = ScopeType.INHERIT, description = "Prints what scripts print, verdicts and diagnostics only.")
    private boolean quiet;

    @Option(names = "--color", paramLabel = "WHEN", scope = ScopeType.INHERIT, converter = WhenConverter.class,
            description = "auto, always or never; counts more than NO_COLOR.")
    private Theme.When color = Theme.When.AUTO;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Shows the stack trace of a fault of Shootdown's own.")
    private boolean debug;

    Shootdown(Surroundings surroundings, Languages languages) {
        this.surroundings = surroundings;
        this.languages = languages;
    }

    /**
     * Reads a call that is nothing but files, {@code -e}, {@code --json} and {@code --quiet}: the commonest, and
     * the one that should start at once. To set picocli up takes longer than all the rest of a short run.
     *
     * @return whether that is all; if not, this object is spoilt
     */
    boolean reads(String... words) {
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            switch (word) {
                case "--json" -> json = true;
                case "--quiet", "-q" -> quiet = true;
                case "-e" -> {
                    if (i + 1 == words.length || words[i + 1].startsWith("-")) {
                        return false;
                    }
                    statements.add(words[++i]);
                }
                default -> {
                    if (word.startsWith("-") && !word.equals(Sources.STANDARD_INPUT) || COMMANDS.contains(word)) {
                        return false;
                    }
                    files.add(word);
                }
            }
        }
        return true;
    }

    @Override
    public Integer call() {
        if (!statements.isEmpty() && !files.isEmpty()) {
            throw usage("statements of -e and files do not go together", "give one or the other");
        }
        if (!statements.isEmpty()) {
            String text = String.join("\n", statements);
            return runner(false).run(javascript ? Script.JAVASCRIPT : Script.SHOOTDOWN, "-e", () -> Sources.check("-e", text),
                    Interpreter::execute).code();
        }
        return files.isEmpty() ? repl() : each(files, Interpreter::execute);
    }

    /** Carries out files in turn. */
    int each(List<String> names, Runner.Job job) {
        return each(names, job, false);
    }

    int each(List<String> names, Runner.Job job, boolean full) {
        Runner runner = runner(full);
        Status status = Status.HELD;
        for (String name : names) {
            status = status.and(runner.run(language(name), name, () -> Sources.read(name, surroundings.in()), job));
        }
        return status.code();
    }

    private Script language(String name) {
        return javascript && name.equals(Sources.STANDARD_INPUT) ? Script.JAVASCRIPT : Script.of(name);
    }

    private int repl() {
        if (javascript) {
            throw usage("--js needs statements", "give some with -e, or - to read them from standard input");
        }
        Theme theme = theme(surroundings.terminals().out());
        boolean terminal = surroundings.terminals().in() && surroundings.terminals().out();
        Repl.Setting setting = new Repl.Setting(surroundings.in(), surroundings.out(), surroundings.err(), terminal, surroundings.environment(),
                theme, json, quiet, Version.number());
        return new Repl(setting, front -> languages.open(Script.SHOOTDOWN, front), faults()).run().code();
    }

    // ---------------------------------------------------------------- what the other commands share

    Surroundings surroundings() {
        return surroundings;
    }

    boolean quiet() {
        return quiet;
    }

    boolean json() {
        return json;
    }

    Languages languages() {
        return languages;
    }

    Faults faults() {
        return new Faults(debug, surroundings.err());
    }

    Runner runner(boolean full) {
        return new Runner(languages, names -> view(names, full), faults());
    }

    /** Shows things as the options say. */
    View view(Names names, boolean full) {
        boolean watched = surroundings.terminals().err() && !surroundings.dumb();
        if (json) {
            return new JsonView(surroundings.out(), surroundings.err(), quiet, watched, surroundings.interrupted());
        }
        TextView.Manner manner = new TextView.Manner(theme(surroundings.terminals().out()), theme(surroundings.terminals().err()), quiet, full, watched);
        return new TextView(surroundings.out(), surroundings.err(), manner, names, surroundings.interrupted());
    }

    Theme theme(boolean terminal) {
        return Theme.choose(color, surroundings.environment().get("NO_COLOR"), terminal && !surroundings.dumb());
    }

    /** Something is wrong with how a command was called. */
    static Refusal usage(String cause, String hint) {
        return new Refusal(Diagnostic.error("usage", Span.whole("shootdown"), cause).hint(hint));
    }

    /** Reads when colours are wanted. */
    private static final class WhenConverter implements ITypeConverter<Theme.When> {
        @Override
        public Theme.When convert(String written) {
            return Arrays.stream(Theme.When.values()).filter(when -> when.word().equals(written)).findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + written + "' is not auto, always or never"));
        }
    }
}
