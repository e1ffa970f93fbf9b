package dev.shootdown.conform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What was to be seen of an address space: its mappings, its pages. What was not looked at is null.
 *
 * @param mappings in order
 * @param pages    by number, those that are not empty
 * @param tables   page-table pages, more than there were in the beginning
 * @param aliases  groups of pages that are the same physical page
 */
record Snapshot(List<Mapping> mappings, SortedMap<Long, Page> pages, Long tables, List<List<Long>> aliases) {
    private static final long MOST_PAGES = 1L << 24;

    /**
     * A mapping, as /proc/PID/smaps tells it; pages where it counts.
     *
     * @param object what is mapped: a is private anonymous memory, m the file, sN the N-th shared anonymous memory
     * @param flags  of VmFlags, sorted
     */
    record Mapping(long start, long end, String perms, long pgoff, String object, String flags, List<Long> counts) {
        /** Whether another one behind it has the same attributes and goes on where it ends. */
        boolean goesOn(Mapping next) {
            boolean contiguous = object.equals("a") || pgoff + end - start == next.pgoff;
            return end == next.start && perms.equals(next.perms) && object.equals(next.object) && contiguous;
        }

        Mapping with(long upTo) {
            return new Mapping(start, upTo, perms, pgoff, object, "", List.of());
        }

        @Override
        public String toString() {
            String rest = flags.isEmpty() && counts.isEmpty() ? "" : " [" + flags + "] " + counts;
            return start + ".." + end + " " + perms + " " + object + "+" + pgoff + rest;
        }
    }

    /**
     * A page.
     *
     * @param flags as the recording writes them, sorted
     * @param value the 64-bit number at its start
     */
    record Page(String flags, long value) {
        /** Whether it is part of a huge page that holds something. */
        boolean huge() {
            return flags.indexOf('h') >= 0 && flags.indexOf('z') < 0;
        }

        @Override
        public String toString() {
            return flags + "=" + value;
        }
    }

    /** What a record says. */
    static Snapshot of(Row row) {
        return new Snapshot(row.has("v") ? mappings(row) : null, row.has("g") ? pages(row) : null,
                row.has("pt") ? Long.valueOf(row.number("pt")) : null, row.has("g") ? aliases(row.numbers("al")) : null);
    }

    private static List<Mapping> mappings(Row row) {
        List<Mapping> mappings = new ArrayList<>();
        for (JsonNode cells : row.list("v")) {
            if (!kinds(cells, 11, 2, 4, 5)) {
                throw row.wrong("v", "a list of mappings of 11 fields", cells);
            }
            List<Long> counts = new ArrayList<>();
            for (int i = 6; i < 11; i++) {
                counts.add(cells.get(i).asLong());
            }
            mappings.add(new Mapping(cells.get(0).asLong(), cells.get(1).asLong(), cells.get(2).asString(), cells.get(3).asLong(),
                    cells.get(4).asString(), sorted(cells.get(5).asString()), counts));
        }
        return mappings;
    }

    private static SortedMap<Long, Page> pages(Row row) {
        SortedMap<Long, Page> pages = new TreeMap<>();
        for (JsonNode cells : row.list("g")) {
            if (!kinds(cells, 4, 2) && !(cells.isArray() && cells.size() == 3 && kinds(cells, 3, 2))) {
                throw row.wrong("g", "a list of runs of pages of 4 fields", cells);
            }
            long first = cells.get(0).asLong();
            long count = cells.get(1).asLong();
            if (count < 0 || count > MOST_PAGES) {
                throw row.wrong("g", "a list of runs of pages", cells);
            }
            Page page = new Page(letters(cells.get(2).asString()), cells.size() == 4 ? cells.get(3).asLong() : 0);
            for (long i = 0; i < count; i++) {
                pages.put(first + i, page);
            }
        }
        return pages;
    }

    /** Whether it is a list of so many numbers, but for texts at these places. */
    private static boolean kinds(JsonNode cells, int size, int... texts) {
        if (!cells.isArray() || cells.size() != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            int at = i;
            boolean text = Arrays.stream(texts).anyMatch(t -> t == at);
            if (text ? !cells.get(i).isString() : !cells.get(i).isIntegralNumber()) {
                return false;
            }
        }
        return true;
    }

    /** Words in the order of the alphabet. */
    static String sorted(String words) {
        String[] all = words.trim().split(" +");
        Arrays.sort(all);
        return String.join(" ", all);
    }

    /** Letters in the order of the alphabet. */
    static String letters(String letters) {
        char[] all = letters.toCharArray();
        Arrays.sort(all);
        return new String(all);
    }

    /** Groups in the order of their first pages. */
    static List<List<Long>> aliases(List<List<Long>> groups) {
        return groups.stream().map(group -> group.stream().sorted().toList()).sorted((a, b) -> Long.compare(a.getFirst(), b.getFirst())).toList();
    }

    /** The attributes of the pages: neighbours that have the same are one. */
    List<Mapping> attributes() {
        List<Mapping> all = new ArrayList<>();
        for (Mapping next : mappings) {
            Mapping last = all.isEmpty() ? null : all.getLast();
            if (last != null && last.goesOn(next)) {
                all.set(all.size() - 1, last.with(next.end()));
            } else {
                all.add(next.with(next.end()));
            }
        }
        return all;
    }
}
