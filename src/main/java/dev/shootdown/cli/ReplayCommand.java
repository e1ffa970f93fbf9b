package dev.shootdown.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shootdown replay}. */
@Command(name = "replay", description = "Replays a real program's memory calls as a scenario.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What strace wrote.")
    private String file;

    @Override
    public Integer call() {
        throw Shootdown.notYet("'replay'");
    }
}
