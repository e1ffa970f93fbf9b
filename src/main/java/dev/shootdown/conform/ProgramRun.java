package dev.shootdown.conform;

import dev.shootdown.trace.Listener;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** A program's memory calls, done again for somebody who watches. */
public final class ProgramRun {
    private final ProgramReplay replay;

    /** @throws dev.shootdown.vocabulary.Refusal if the file cannot be read, or is not what strace writes */
    public ProgramRun(String file) {
        this.replay = new ProgramReplay(path(file));
    }

    private static Path path(String file) {
        Path path = TextFile.path(file);
        TextFile.check(path);
        Strace.name(path);
        return path;
    }

    /** Tells a listener of all events from here on. */
    public void listen(Listener listener) {
        replay.listen(listener);
    }

    /**
     * Does all calls in the order of their lines.
     *
     * @param interrupted asked between two of them
     * @return whether it came to the end
     */
    public boolean run(BooleanSupplier interrupted) {
        for (int i = 0; i < replay.size(); i++) {
            if (interrupted.getAsBoolean()) {
                return false;
            }
            replay.step(i);
        }
        return true;
    }

    /** What was done, in one sentence. */
    public String summary() {
        return replay.summary();
    }
}
