package dev.shootdown.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shootdown fmt}. */
@Command(name = "fmt", description = "Formats scripts.")
final class FmtCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Scripts to rewrite; - formats standard input to standard output.")
    private List<String> files;

    @Override
    public Integer call() {
        throw Shootdown.notYet("'fmt'");
    }
}
