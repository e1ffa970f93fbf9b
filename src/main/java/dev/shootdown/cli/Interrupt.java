package dev.shootdown.cli;

import dev.shootdown.lang.Status;
import java.io.PrintWriter;
import org.jline.utils.Signals;

/**
 * Ctrl-C. The first asks what runs to stop, so that what was found is not lost; the second, or one that nothing
 * answers, ends the process.
 */
final class Interrupt {
    /** How long what runs may take to stop. */
    private static final long PATIENCE_MILLIS = 5_000;

    private final PrintWriter out;
    private volatile boolean came;

    Interrupt(PrintWriter out) {
        this.out = out;
        // Beside what the process is there for: until then Ctrl-C ends it, with the same status.
        daemon(() -> Signals.register("INT", this::interrupt));
    }

    boolean came() {
        return came;
    }

    private void interrupt() {
        if (came) {
            Runtime.getRuntime().halt(Status.INTERRUPTED.code());
        }
        came = true;
        daemon(this::giveUp);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "interrupt");
        thread.setDaemon(true);
        thread.start();
    }

    private void giveUp() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        out.flush();
        Runtime.getRuntime().halt(Status.INTERRUPTED.code());
    }
}
