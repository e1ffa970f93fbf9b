package dev.shootdown.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shootdown mutate}. */
@Command(name = "mutate", description = "Drops, swaps or delays each safety step in turn, and says who notices.")
final class MutateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A script.")
    private String file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SCENARIO", description = "The one to mutate; all where it is left out.")
    private String scenario;

    @Override
    public Integer call() {
        throw Shootdown.notYet("'mutate'");
    }
}
