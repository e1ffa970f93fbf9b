package dev.shootdown.lang;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Long tasks that need nothing of each other, on several threads. What they show, and what comes of them, is as if one had run
 * behind the other.
 *
 * @param <T> what comes of a task
 */
final class Abreast<T> {
    /** As the main thread's: scripts may be nested deeply. */
    private static final long STACK = 256L << 20;

    /** Something long. */
    interface Task<T> {
        /** @param shown who is shown what there is to see */
        T run(Backlog shown);
    }

    private final Front front;
    private final List<Task<T>> tasks;
    private final List<Backlog> backlogs = new ArrayList<>();
    private final List<T> results = new ArrayList<>();
    private final Throwable[] failures;
    private final TreeSet<Integer> again = new TreeSet<>();
    private final AtomicInteger next = new AtomicInteger();
    private final boolean[] done;
    private int turn;
    private volatile int failed = Integer.MAX_VALUE;

    private Abreast(Front front, Consumer<Play> stage, List<Task<T>> tasks) {
        this.front = front;
        this.tasks = tasks;
        this.failures = new Throwable[tasks.size()];
        this.done = new boolean[tasks.size()];
        for (int i = 0; i < tasks.size(); i++) {
            int number = i;
            backlogs.add(new Backlog(front, stage, () -> number > failed));
            results.add(null);
        }
    }

    /**
     * Runs them. When the user wants an end, those that run may come to theirs, and no other begins; the first one does in any case,
     * to tell how far it came.
     *
     * @param stage is told whose names are those of what is shown next
     * @return what came of each, in order; null of those that did not begin
     */
    static <T> List<T> run(Front front, Consumer<Play> stage, int threads, List<Task<T>> tasks) {
        return new Abreast<>(front, stage, tasks).run(Math.min(threads, tasks.size()));
    }

    private List<T> run(int threads) {
        take();
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread other = new Thread(null, this::work, "abreast", STACK);
            other.setDaemon(true);
            other.start();
            others.add(other);
        }
        work();
        others.forEach(Abreast::join);
        for (int i : again) {
            // Memory did not suffice for several; it may for one.
            finish(i);
        }
        return all();
    }

    private void work() {
        for (int i = next.getAndIncrement(); begins(i); i = next.getAndIncrement()) {
            finish(i);
        }
    }

    private boolean begins(int i) {
        return i < tasks.size() && i < failed && (i == 0 || !front.interrupted());
    }

    private void finish(int i) {
        try {
            results.set(i, tasks.get(i).run(backlogs.get(i)));
            end(i);
        } catch (OutOfMemoryError full) {
            retry(i, full);
        } catch (RuntimeException | StackOverflowError failure) {
            fail(i, failure);
        }
    }

    /** Those before it come to their ends, as they would have by then. */
    private synchronized void fail(int i, Throwable failure) {
        failures[i] = failure;
        failed = Math.min(failed, i);
    }

    private synchronized void retry(int i, OutOfMemoryError full) {
        backlogs.get(i).forget();
        if (!again.add(i)) {
            fail(i, full);
        }
    }

    /** The next one's turn comes when all before it are done. */
    private synchronized void end(int i) {
        done[i] = true;
        while (turn < tasks.size() && done[turn]) {
            turn++;
            take();
        }
    }

    private void take() {
        if (turn < tasks.size()) {
            backlogs.get(turn).open();
        }
    }

    private List<T> all() {
        for (Throwable failure : failures) {
            switch (failure) {
                case RuntimeException known -> throw known;
                case Error error -> throw error;
                case null, default -> { }
            }
        }
        return results;
    }

    /** Who is waited for ends soon when the user wants an end: it is not left behind for an interrupt. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
