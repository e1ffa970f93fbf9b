package dev.shootdown.lang;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Takes one of several alternatives wherever an expression leaves a free choice, so that working it out again and
 * again goes through all combinations, like the wheels of an odometer.
 */
final class Choices {
    /** More combinations are not gone through. */
    static final int MOST = 65_536;

    private final List<Integer> taken = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final boolean first;
    private final SplittableRandom random;
    private int at;

    Choices() {
        this(false, null);
    }

    private Choices(boolean first, SplittableRandom random) {
        this.first = first;
        this.random = random;
    }

    /** Takes the first alternative, always. */
    static Choices always() {
        return new Choices(true, null);
    }

    /** Takes any alternative, each as likely as the others. */
    static Choices any(long seed) {
        return new Choices(false, new SplittableRandom(seed));
    }

    /** Takes these, and then the first one. */
    static Choices along(List<Integer> path) {
        Choices choices = new Choices();
        choices.taken.addAll(path);
        return choices;
    }

    static Refusal tooMany(Span at) {
        return new Refusal(Diagnostic.error("too-many-choices", at, "these are more than " + MOST + " choices"));
    }

    /** Which of so many alternatives it is this time. */
    int take(int size) {
        if (first) {
            return 0;
        }
        if (at == taken.size()) {
            taken.add(random == null ? 0 : random.nextInt(size));
        }
        if (at == sizes.size()) {
            sizes.add(size);
        }
        return Math.min(taken.get(at++), size - 1);
    }

    /** Whether what was asked for is there. */
    boolean fits() {
        for (int i = 0; i < sizes.size(); i++) {
            if (taken.get(i) >= sizes.get(i)) {
                return false;
            }
        }
        return sizes.size() == taken.size();
    }

    /** What was taken so far. */
    List<Integer> path() {
        return List.copyOf(taken);
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
