package dev.shootdown.explore;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What several threads of one search have still to do: runs, as moves from the beginning, behind whose last move nobody has
 * looked yet. Who has much gives when somebody has nothing.
 */
final class Work {
    private final int workers;
    private final Deque<int[]> runs = new ArrayDeque<>();
    private int idle;
    private boolean over;
    private volatile boolean wanted;

    Work(int workers) {
        this.workers = workers;
    }

    /** Whether somebody waits for a run. */
    boolean wanted() {
        return wanted;
    }

    synchronized void give(int[] run) {
        runs.add(run);
        wanted = idle > runs.size();
        notify();
    }

    /** Waits for a run; null when all is done, or somebody has ended it. */
    synchronized int[] take() throws InterruptedException {
        idle++;
        wanted = true;
        while (runs.isEmpty() && !over) {
            if (idle == workers) {
                end();
            } else {
                wait();
            }
        }
        if (over) {
            return null;
        }
        idle--;
        wanted = idle > runs.size();
        return runs.poll();
    }

    /** Nobody is to go on. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    synchronized boolean over() {
        return over;
    }
}
