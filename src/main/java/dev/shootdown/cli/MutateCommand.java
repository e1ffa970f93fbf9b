package dev.shootdown.cli;

import dev.shootdown.lang.Experiment;
import dev.shootdown.lang.Status;
import dev.shootdown.view.TextView;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code shootdown mutate}. */
@Command(name = "mutate", sortOptions = false,
        description = "Drops, swaps or delays each safety step in turn, and says who notices: steps of the drivers that are bound, of the kernel "
                + "and of the hardware, as far as the scenarios take them. A mutant is noticed by the first scenario with a condition that "
                + "held without it and no longer does; that nobody is stuck for ever is a condition of every scenario.",
        footer = {"", "Example: shootdown mutate scripts/bugs/abstract-race.mmu", "",
            "Exit status: 0 carried out, whatever was noticed; 2 usage, syntax, names or files; 70 a fault of Shootdown's own; 130 Ctrl-C."})
final class MutateCommand implements Callable<Integer> {
    /** How long a witness is changes with every change of the model; who notices seldom does. */
    private static final Pattern STEPS = Pattern.compile(", \\d+ steps?$", Pattern.MULTILINE);

    @ParentCommand
    private Shootdown shootdown;

    @Parameters(index = "0", paramLabel = "FILE", description = "A script; - is standard input.")
    private String file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SCENARIO", description = "The one to mutate; all where it is left out.")
    private String scenario;

    @Option(names = "--states", paramLabel = "N", converter = Quantity.Count.class,
            description = "Stops at so many states of a mutant. Without it: 20 times as many as unmutated, 20000 at least.")
    private Long states;

    @Option(names = "--time", paramLabel = "TIME", converter = Quantity.Seconds.class, description = "Stops after so long for a mutant: 30s, 5m.")
    private Double seconds;

    @Option(names = "--threads", paramLabel = "N", converter = Quantity.Count.class,
            description = "Tries so many mutants at once; as many as there are processors if nothing is said.")
    private Long threads;

    @Option(names = "--only", paramLabel = "MUTANT", description = "Tries this one, by its name, and shows how it comes to it; may stand several times.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--promote", description = "Keeps who noticed what in FILE.mutants, beside the script: the build holds on to it.")
    private boolean promote;

    @Override
    public Integer call() {
        Experiment request = new Experiment(scenario, states, seconds, Quantity.small(threads), only);
        Runner.Job job = (interpreter, source, text) -> interpreter.mutate(source, text, request);
        return promote ? promoted(job) : shootdown.each(List.of(file), job, false);
    }

    private int promoted(Runner.Job job) {
        if (scenario != null || !only.isEmpty()) {
            throw Shootdown.usage("--promote keeps what comes of a whole file", "leave SCENARIO and --only out");
        }
        StringWriter data = new StringWriter();
        PrintWriter talk = shootdown.surroundings().err();
        Runner runner = new Runner(shootdown.languages(), names -> new TextView(new PrintWriter(data), talk, TextView.Manner.plain(), names,
                shootdown.surroundings().interrupted()), shootdown.faults());
        Status status = runner.run(Script.of(file), file, () -> Sources.read(file, shootdown.surroundings().in()), job);
        shootdown.surroundings().out().append(data.toString());
        if (status == Status.HELD) {
            write(Path.of(file + ".mutants"), STEPS.matcher(data.toString()).replaceAll(""));
        }
        return status.code();
    }

    private static void write(Path record, String text) {
        try {
            Files.writeString(record, text);
        } catch (IOException failure) {
            throw new Refusal(Diagnostic.error("unwritable-file", Span.whole(record.toString()), "the file cannot be written: " + failure.getMessage()));
        }
    }
}
