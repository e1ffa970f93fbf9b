package dev.shootdown.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Compares what was found with what was recorded, level by level, and keeps what differs. */
final class Differences {
    private final String file;
    private final Unstable unstable;
    private final List<Difference> all = new ArrayList<>();
    private long record;

    Differences(String file, Unstable unstable) {
        this.file = file;
        this.unstable = unstable;
    }

    List<Difference> all() {
        return all;
    }

    /** What is compared from here on belongs to this record. */
    void record(long number) {
        record = number;
    }

    /**
     * How an operation ended.
     *
     * @param path  of the operation in the record, with a dot behind it; empty if it is the record
     * @param whole whether faults and ranges were recorded: not of a child
     */
    void results(String path, Result expected, Result found, boolean whole) {
        if (!expected.ending().equals(found.ending())) {
            add(1, path, expected.ending(), found.ending());
        }
        if (expected.minorFaults() != null && !unstable.has(record, path + "mf") && !expected.minorFaults().equals(found.minorFaults())) {
            add(3, path + "mf", expected.minorFaults(), found.minorFaults());
        }
        if (whole && !unstable.has(record, path + "pf") && !expected.faults().equals(found.faults())) {
            add(3, path + "pf", expected.faults(), found.faults());
        }
        if (whole) {
            ranges(path, expected, found);
        }
    }

    void ranges(String path, Result expected, Result found) {
        if (!unstable.has(record, path + "inv") && !expected.invalidations().equals(found.invalidations())) {
            add(5, path + "inv", expected.invalidations(), found.invalidations());
        }
    }

    /** The process's own address space. */
    void snapshots(String path, Snapshot expected, Snapshot found) {
        if (expected.mappings() != null) {
            lists(2, path + "v", expected.attributes(), found.attributes());
            lists(4, path + "v", expected.mappings(), found.mappings());
        }
        if (expected.pages() != null) {
            pages(path, expected, found, 2);
        }
        if (expected.tables() != null && !expected.tables().equals(found.tables())) {
            add(4, path + "pt", expected.tables(), found.tables());
        }
        if (expected.aliases() != null) {
            lists(4, path + "al", expected.aliases(), found.aliases());
        }
    }

    /** A child's, all of which level 3 compares. */
    void child(String path, Snapshot expected, Snapshot found) {
        if (expected.mappings() != null) {
            lists(3, path + "v", expected.mappings(), found.mappings());
        }
        if (expected.pages() != null) {
            pages(path, expected, found, 3);
        }
    }

    /** The first page with other contents, and the first one with other flags. */
    private void pages(String path, Snapshot expected, Snapshot found, int contents) {
        TreeSet<Long> pages = new TreeSet<>(expected.pages().keySet());
        pages.addAll(found.pages().keySet());
        boolean values = false;
        boolean flags = false;
        for (Long page : pages) {
            Snapshot.Page wanted = expected.pages().get(page);
            Snapshot.Page seen = found.pages().get(page);
            if (!values && wanted != null && seen != null && wanted.value() != seen.value()) {
                values = true;
                add(contents, path + "g page " + page, wanted, seen);
            }
            if (!flags && (wanted == null || seen == null || !wanted.flags().equals(seen.flags()))) {
                flags = true;
                add(3, path + "g page " + page, wanted, seen);
            }
        }
    }

    /** The first place at which two lists differ. */
    private void lists(int level, String what, List<?> expected, List<?> found) {
        for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
            Object wanted = i < expected.size() ? expected.get(i) : null;
            Object seen = i < found.size() ? found.get(i) : null;
            if (!Objects.equals(wanted, seen)) {
                add(level, what, wanted, seen);
                return;
            }
        }
    }

    private void add(int level, String what, Object expected, Object found) {
        String of = what.isEmpty() ? "" : what + " ";
        all.add(new Difference(file, Long.toString(record), level, of + (expected == null ? "nothing" : expected), of + (found == null ? "nothing" : found)));
    }
}
