package dev.shootdown.cli;

import dev.shootdown.lang.Formatter;
import dev.shootdown.lang.Status;
import dev.shootdown.view.Names;
import dev.shootdown.view.View;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code shootdown fmt}. */
@Command(name = "fmt", description = "Formats scripts in place.", sortOptions = false)
final class FmtCommand implements Callable<Integer> {
    @ParentCommand
    private Shootdown shootdown;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Scripts; - formats standard input to standard output.")
    private List<String> files;

    @Option(names = "--check", description = "Changes nothing, and ends with status 1 where there would be something to change.")
    private boolean check;

    @Override
    public Integer call() {
        View view = shootdown.view(Names.none(), false);
        Status status = Status.HELD;
        for (String name : files) {
            status = status.and(format(name, view));
        }
        view.settle();
        return status.code();
    }

    private Status format(String name, View view) {
        try {
            if (Script.of(name) == Script.JAVASCRIPT) {
                throw new Refusal(Diagnostic.error("not-formatted", Span.whole(name), "JavaScript is not formatted here"));
            }
            String text = Sources.read(name, shootdown.surroundings().in());
            String formatted = Formatter.format(name, text);
            if (check) {
                return formatted.equals(text) ? Status.HELD : differs(name);
            }
            write(name, text, formatted);
            return Status.HELD;
        } catch (Refusal refusal) {
            view.diagnostic(refusal.diagnostic());
            return Status.REFUSED;
        } catch (RuntimeException | Error failure) {
            return shootdown.faults().tell(failure, name, view);
        }
    }

    private Status differs(String name) {
        shootdown.surroundings().out().print(name + "\n");
        return Status.FAILED;
    }

    private void write(String name, String text, String formatted) {
        if (name.equals(Sources.STANDARD_INPUT)) {
            shootdown.surroundings().out().print(formatted);
        } else if (!formatted.equals(text)) {
            try {
                Files.writeString(Sources.path(name), formatted);
            } catch (IOException failure) {
                throw new Refusal(Diagnostic.error("unwritable-file", Span.whole(name), "the file cannot be written"));
            }
            talk("formatted " + name);
        }
    }

    private void talk(String line) {
        PrintWriter err = shootdown.surroundings().err();
        if (!shootdown.quiet()) {
            err.print(line + "\n");
            err.flush();
        }
    }
}
