package dev.shootdown.cli;

import dev.shootdown.lang.Status;
import dev.shootdown.view.Faults;
import dev.shootdown.view.JsonView;
import dev.shootdown.view.TextView;
import dev.shootdown.view.Names;
import dev.shootdown.view.View;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One call of the command line: its words, read and carried out. Nothing that goes wrong is thrown. */
final class CommandCall {
    private final Surroundings surroundings;
    private final Languages languages;

    CommandCall(Surroundings surroundings, Languages languages) {
        this.surroundings = surroundings;
        this.languages = languages;
    }

    /** The exit status. */
    int run(String... words) {
        try {
            Shootdown simple = new Shootdown(surroundings, languages);
            return simple.reads(words) ? simple.call() : commandLine(new Shootdown(surroundings, languages)).execute(words);
        } catch (Throwable failure) {
            return tell(failure, words);
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    /** The whole command line, with everything that may stand on it. */
    CommandLine commandLine(Shootdown shootdown) {
        return new CommandLine(shootdown)
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((failure, words) -> tell(usage(failure), words))
                .setExecutionExceptionHandler((failure, command, parsed) -> tell(failure, parsed.originalArgs().toArray(String[]::new)));
    }

    private int tell(Throwable failure, String... words) {
        List<String> all = List.of(words);
        View view = all.contains("--json") ? new JsonView(surroundings.out(), surroundings.err(), false, false, () -> false)
                : new TextView(surroundings.out(), surroundings.err(), TextView.Manner.plain(), Names.none(), () -> false);
        Status status;
        if (failure instanceof Refusal refusal) {
            view.diagnostic(refusal.diagnostic());
            status = Status.REFUSED;
        } else {
            status = new Faults(all.contains("--debug"), surroundings.err()).tell(failure, "shootdown", view);
        }
        view.settle();
        return status.code();
    }

    /** What picocli says of a wrong call, in Shootdown's voice. */
    private static Refusal usage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String cause = failure.getMessage().lines().findFirst().orElse("this is no call of Shootdown")
                .replaceFirst("is not (an int|a long)$", "is not a whole number").replaceFirst("'[^']*' is not a boolean$", "it takes no value");
        Diagnostic diagnostic = Diagnostic.error("usage", Span.whole("shootdown"), decapitalized(cause))
                .hint("'" + command.getCommandSpec().qualifiedName() + " --help' shows what may stand here");
        if (failure instanceof UnmatchedArgumentException unmatched) {
            diagnostic = diagnostic.didYouMean(unmatched.getSuggestions());
        }
        return new Refusal(diagnostic);
    }

    private static String decapitalized(String sentence) {
        return sentence.isEmpty() ? sentence : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }
}
