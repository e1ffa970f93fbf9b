package dev.shootdown.cli;

import dev.shootdown.conform.ProgramRun;
import dev.shootdown.lang.Status;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.view.Names;
import dev.shootdown.view.View;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code shootdown replay}. */
@Command(name = "replay", sortOptions = false,
        description = "Replays a real program's memory calls as a scenario: prints what happens, or with --quiet one sentence.",
        footer = {"", "Each process begins with the layout in the .maps.jsonl beside the file; where there is none, with nothing mapped."})
final class ReplayCommand implements Callable<Integer> {
    @ParentCommand
    private Shootdown shootdown;

    @Parameters(paramLabel = "FILE", description = "What 'strace -f -ttt -y -e trace=%%memory,%%process' wrote: .strace or .strace.gz.")
    private String file;

    @Override
    public Integer call() {
        View view = shootdown.view(new Names(process -> List.of()), false);
        BooleanSupplier interrupted = shootdown.surroundings().interrupted();
        try {
            ProgramRun run = new ProgramRun(file);
            if (!shootdown.quiet()) {
                run.listen(new Shown(view));
            }
            boolean ended = run.run(interrupted);
            view.settle();
            if (shootdown.quiet()) {
                shootdown.surroundings().out().print(run.summary() + "\n");
                shootdown.surroundings().out().flush();
            }
            return (ended ? Status.HELD : Status.INTERRUPTED).code();
        } catch (Refusal refusal) {
            view.diagnostic(refusal.diagnostic());
            return Status.REFUSED.code();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError failure) {
            return shootdown.faults().tell(failure, file, view).code();
        }
    }

    /** Events as the view shows them. */
    private record Shown(View view) implements Listener {
        @Override
        public long kinds() {
            return view.kinds() & ~Kind.CPU_ACCESS.bit();
        }

        @Override
        public void on(Moment moment) {
            view.event(moment);
        }
    }
}
