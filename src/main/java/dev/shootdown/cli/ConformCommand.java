package dev.shootdown.cli;

import dev.shootdown.conform.Conformance;
import dev.shootdown.conform.Difference;
import dev.shootdown.lang.Listing;
import dev.shootdown.lang.Status;
import dev.shootdown.view.Names;
import dev.shootdown.view.View;
import dev.shootdown.vocabulary.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code shootdown conform}. */
@Command(name = "conform", sortOptions = false,
        description = "Does again what a real kernel did, and reports each difference: random operations (.jsonl), and a program's calls"
                + " (.strace) held against the .maps.jsonl beside it.",
        footer = {"", "Levels: 1 results and signals (of a program's calls: its layout), 2 attributes and contents of pages, 3 page flags, faults "
                + "and children, 4 exact mappings and tables, 5 notified ranges."})
final class ConformCommand implements Callable<Integer> {
    @ParentCommand
    private Shootdown shootdown;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Recordings, plain or .gz, or folders of them.")
    private List<String> paths;

    @Override
    public Integer call() {
        List<Path> files = paths.stream().flatMap(path -> Conformance.in(path).stream()).distinct().toList();
        View view = shootdown.view(new Names(process -> List.of()), false);
        PrintWriter out = shootdown.surroundings().out();
        Status status = Status.HELD;
        int agree = 0;
        for (Path file : files) {
            if (shootdown.surroundings().interrupted().getAsBoolean()) {
                return status.and(Status.INTERRUPTED).code();
            }
            Status one = check(file, view, out);
            agree += one == Status.HELD ? 1 : 0;
            status = status.and(one);
        }
        if (shootdown.json()) {
            view.listing(new Listing("conformance", List.of("agree", "files"), List.of(List.of(Integer.toString(agree), Integer.toString(files.size())))));
        } else {
            out.print(agree + " of " + files.size() + " agree\n");
        }
        out.flush();
        return status.code();
    }

    /** With --json a listing for each recording that does not agree. */
    private void report(List<Difference> differences, View view, PrintWriter out) {
        if (!shootdown.json()) {
            differences.forEach(difference -> out.print(difference + "\n"));
        } else if (!differences.isEmpty()) {
            view.listing(new Listing("differences", List.of("file", "record", "level", "expected", "found"), differences.stream().map(one ->
                    List.of(one.file(), one.record(), Integer.toString(one.level()), one.expected(), one.found())).toList()));
        }
        out.flush();
    }

    private Status check(Path file, View view, PrintWriter out) {
        try {
            List<Difference> differences = Conformance.check(file);
            report(differences, view, out);
            return differences.isEmpty() ? Status.HELD : Status.FAILED;
        } catch (Refusal refusal) {
            view.diagnostic(refusal.diagnostic());
            return Status.REFUSED;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError failure) {
            return shootdown.faults().tell(failure, file.toString(), view);
        }
    }
}
