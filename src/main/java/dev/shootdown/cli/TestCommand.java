package dev.shootdown.cli;

import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code shootdown test}. */
@Command(name = "test", description = "Runs scripts and compares what they print with the .expected file beside each.", sortOptions = false)
final class TestCommand implements Callable<Integer> {
    @ParentCommand
    private Shootdown shootdown;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Scripts, or folders of scripts.")
    private List<String> paths;

    @Option(names = "--promote", description = "Makes what is printed now the .expected file.")
    private boolean promote;

    @Option(names = "--tap", description = "Reports in the Test Anything Protocol.")
    private boolean tap;

    @Option(names = "--junit", paramLabel = "FILE", description = "Writes a report for continuous integration, too.")
    private Path junit;

    @Override
    public Integer call() {
        List<Twin> twins = paths.stream().flatMap(path -> Twin.in(path).stream()).distinct().toList();
        if (twins.isEmpty()) {
            throw new Refusal(Diagnostic.error("no-tests", Span.whole(String.join(" ", paths)), "there is no script with an .expected file here")
                    .hint("'shootdown test --promote SCRIPT' makes one"));
        }
        if (junit == null) {
            return run(twins, List.of(report())).code();
        }
        try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(junit, StandardCharsets.UTF_8))) {
            return run(twins, List.of(report(), new TestReport.JunitXml(file))).code();
        } catch (IOException failure) {
            throw new Refusal(Diagnostic.error("unwritable-file", Span.whole(junit.toString()), "the file cannot be written"));
        }
    }

    private TestReport report() {
        PrintWriter out = shootdown.surroundings().out();
        return tap ? new TestReport.Tap(out) : new TestReport.Lines(out, shootdown.quiet());
    }

    private Status run(List<Twin> twins, List<TestReport> reports) {
        reports.forEach(report -> report.begin(twins.size()));
        List<Status> statuses = new ArrayList<>();
        for (Twin twin : twins) {
            Twin.Result result = twin.run(shootdown.languages(), shootdown.faults(), shootdown.surroundings().interrupted());
            if (result.status() == Status.INTERRUPTED) {
                statuses.add(Status.INTERRUPTED);
                break;
            }
            Twin.Result told = promote ? promoted(result) : result;
            reports.forEach(report -> report.result(told));
            statuses.add(told.agrees() ? Status.HELD : Status.FAILED);
        }
        reports.forEach(TestReport::end);
        return statuses.stream().reduce(Status.HELD, Status::and);
    }

    private Twin.Result promoted(Twin.Result result) {
        if (result.agrees()) {
            return result;
        }
        result.twin().promote(result.found());
        shootdown.surroundings().err().print("promoted " + result.twin().expected() + "\n");
        shootdown.surroundings().err().flush();
        return new Twin.Result(result.twin(), result.status(), result.found(), result.talk(), List.of());
    }
}
