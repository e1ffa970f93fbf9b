package dev.shootdown.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shootdown conform}. */
@Command(name = "conform", description = "Replays what a real kernel did, and reports each difference.")
final class ConformCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Recordings, or folders of them.")
    private List<String> paths;

    @Override
    public Integer call() {
        throw Shootdown.notYet("'conform'");
    }
}
