package dev.shootdown.js;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.function.BooleanSupplier;

/**
 * Looks after a script from outside, while it computes: stops it when the user wants it stopped, and before it takes
 * all memory. While the machine runs, it looks away: the machine asks for itself, and may use what memory there is.
 */
final class Watch implements AutoCloseable {
    private static final long PERIOD = 20;
    private static final double MOST = 0.7;

    private final Sandbox sandbox;
    private final BooleanSupplier interrupted;
    private final BooleanSupplier away;
    private final Thread thread;
    private volatile boolean over;

    Watch(Sandbox sandbox, BooleanSupplier interrupted, BooleanSupplier away) {
        this.sandbox = sandbox;
        this.interrupted = interrupted;
        this.away = away;
        this.thread = Thread.ofPlatform().name("watch").daemon().start(this::look);
    }

    private void look() {
        while (!over) {
            if (!away.getAsBoolean() && interrupted.getAsBoolean()) {
                sandbox.interrupt();
            } else if (!away.getAsBoolean() && full()) {
                sandbox.kill();
                return;
            }
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PERIOD);
        } catch (InterruptedException end) {
            over = true;
        }
    }

    /** Whether little was left of the heap's largest pool when it was last cleared up. */
    private static boolean full() {
        MemoryPoolMXBean largest = null;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            boolean heap = pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null;
            if (heap && (largest == null || pool.getUsage().getMax() > largest.getUsage().getMax())) {
                largest = pool;
            }
        }
        if (largest == null) {
            return false;
        }
        MemoryUsage left = largest.getCollectionUsage();
        return left.getMax() > 0 && left.getUsed() > MOST * left.getMax();
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
        boolean again = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException interruption) {
                again = true;
            }
        }
        if (again) {
            Thread.currentThread().interrupt();
        }
    }
}
