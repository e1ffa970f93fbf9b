package dev.shootdown.explore;

import dev.shootdown.sim.Branch;
import java.util.Arrays;

/**
 * What tests for readiness have found, in one question of {@link Foresight}: a step that is taken finds the same, since nothing
 * comes between the two. Each finding knows the one before it in the same test.
 */
final class Guards {
    static final int NONE = -1;

    private Branch[] branches = new Branch[64];
    private long[] values = new long[64];
    private int[] before = new int[64];
    /** One bit for each thing looked at since the test began, many to a bit. */
    private long[] marks = new long[64];
    private int count;

    void clear() {
        count = 0;
    }

    /** Adds a finding behind another one; returns its number. */
    int add(int last, Branch branch, long value) {
        if (count == values.length) {
            branches = Arrays.copyOf(branches, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
            before = Arrays.copyOf(before, 2 * count);
            marks = Arrays.copyOf(marks, 2 * count);
        }
        branches[count] = branch;
        values[count] = value;
        before[count] = last;
        marks[count] = (last == NONE ? 0 : marks[last]) | mark(branch);
        return count++;
    }

    /** The finding that answers a question, in a test that ended with this one; or {@link #NONE}. */
    int find(int last, Branch branch) {
        if (last == NONE || (marks[last] & mark(branch)) == 0) {
            return NONE;
        }
        int at = last;
        while (at != NONE && !branches[at].asksAs(branch)) {
            at = before[at];
        }
        return at;
    }

    long value(int finding) {
        return values[finding];
    }

    private static long mark(Branch branch) {
        return 1L << branch.place();
    }
}
