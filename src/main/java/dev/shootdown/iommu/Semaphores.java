package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;

/**
 * The words into which an IOMMU stores that it is done, one for each actor that may wait: on the waiter's stack in
 * the seed's driver, so that no word is shared and none counts up.
 */
public final class Semaphores {
    private static final int ORDER = 2;
    private static final int BYTES_SHIFT = 3;

    private final Frames frames;
    private final long first;

    Semaphores(Frames frames) {
        this.frames = frames;
        this.first = frames.allocate(Use.KERNEL, 0, ORDER);
    }

    /** The physical address of an actor's word. */
    public long address(int waiter) {
        if (waiter >= Frames.WORDS << ORDER) {
            throw new IllegalStateException("more actors than words to wait at");
        }
        return (first << Frames.PAGE_SHIFT) + ((long) waiter << BYTES_SHIFT);
    }

    /** The actor whose word is at an address, or -1. */
    public int waiter(long address) {
        long word = address - (first << Frames.PAGE_SHIFT) >> BYTES_SHIFT;
        return word >= 0 && word < Frames.WORDS << ORDER ? (int) word : -1;
    }

    boolean done(int waiter) {
        return frames.word(first + waiter / Frames.WORDS, waiter % Frames.WORDS) != 0;
    }

    /** What was stored into a waiter's word, which is 0 again. */
    long take(int waiter) {
        long frame = first + waiter / Frames.WORDS;
        long word = frames.word(frame, waiter % Frames.WORDS);
        frames.word(frame, waiter % Frames.WORDS, 0);
        return word;
    }
}
