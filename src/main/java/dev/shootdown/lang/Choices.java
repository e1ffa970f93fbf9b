package dev.shootdown.lang;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes one of several alternatives wherever an expression leaves a free choice, so that working it out again and
 * again goes through all combinations, like the wheels of an odometer.
 */
final class Choices {
    private final List<Integer> taken = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final boolean first;
    private int at;

    Choices() {
        this(false);
    }

    private Choices(boolean first) {
        this.first = first;
    }

    /** Takes the first alternative, always. */
    static Choices always() {
        return new Choices(true);
    }

    /** Which of so many alternatives it is this time. */
    int take(int size) {
        if (first) {
            return 0;
        }
        if (at == taken.size()) {
            taken.add(0);
            sizes.add(size);
        }
        return taken.get(at++);
    }

    /** Turns to the next combination; false where all have been. */
    boolean next() {
        at = 0;
        for (int i = taken.size() - 1; i >= 0; i--) {
            if (taken.get(i) + 1 < sizes.get(i)) {
                taken.set(i, taken.get(i) + 1);
                taken.subList(i + 1, taken.size()).clear();
                sizes.subList(i + 1, sizes.size()).clear();
                return true;
            }
        }
        return false;
    }
}
