package dev.shootdown.explore;

import java.util.Arrays;

/** Common states to be gone on from, those of the least depth first. */
final class Wave {
    private int[][] queues = new int[64][];
    private int[] counts = new int[64];
    private int least;
    private int waiting;

    void add(int state, int depth) {
        if (depth >= queues.length) {
            queues = Arrays.copyOf(queues, 2 * depth);
            counts = Arrays.copyOf(counts, 2 * depth);
        }
        if (queues[depth] == null) {
            queues[depth] = new int[16];
        }
        if (counts[depth] == queues[depth].length) {
            queues[depth] = Arrays.copyOf(queues[depth], 2 * counts[depth]);
        }
        queues[depth][counts[depth]++] = state;
        least = Math.min(least, depth);
        waiting++;
    }

    /** The least depth of any that waits, or of those before. */
    int least() {
        return least;
    }

    boolean any() {
        return waiting > 0;
    }

    int[] takeAll() {
        int[] all = new int[waiting];
        for (int i = 0; i < all.length; i++) {
            all[i] = take();
        }
        least = 0;
        return all;
    }

    int take() {
        while (counts[least] == 0) {
            least++;
        }
        waiting--;
        return queues[least][--counts[least]];
    }
}
