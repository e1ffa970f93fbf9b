package dev.shootdown.conform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What /proc/PID/maps said of a process at the end of an execve or at the beginning of its exit_group.
 *
 * @param pid   the process
 * @param exec  which of the two
 * @param areas in order, without what is not the process's own ([vsyscall])
 */
record Layout(int pid, boolean exec, List<Area> areas) {
    private static final String STACK = "[stack]";
    private static final String DELETED = " (deleted)";
    private static final List<String> ANONYMOUS = List.of("", "[heap]", STACK);

    /**
     * A stretch of pages with the same attributes.
     *
     * @param perms   as maps writes them: {@code rw-p}
     * @param backing the file's name, or null for private anonymous memory
     * @param page    in the file, of the first page
     * @param stack   whether it is the stack, which may grow
     */
    record Area(long start, long end, String perms, String backing, long page, boolean stack) {
        boolean goesOn(Area next) {
            boolean contiguous = backing == null || page + (end - start >>> Arena.PAGE_SHIFT) == next.page;
            return end == next.start && perms.equals(next.perms) && java.util.Objects.equals(backing, next.backing) && contiguous;
        }

        /** Whether the pages have the same attributes; which of them is the stack is none. */
        boolean same(Area other) {
            return start == other.start && end == other.end && perms.equals(other.perms)
                    && java.util.Objects.equals(backing, other.backing) && page == other.page;
        }

        @Override
        public String toString() {
            String of = backing == null ? "anonymous" : backing + "+" + page;
            return Long.toHexString(start) + "-" + Long.toHexString(end) + " " + perms + " " + of;
        }
    }

    /** The layouts of the file beside a program's calls, in the order of their lines; none where there is no such file. */
    static List<Layout> beside(Path calls) {
        Path file = file(calls);
        List<Layout> layouts = new ArrayList<>();
        if (file == null) {
            return layouts;
        }
        List<String> lines = TextFile.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            layouts.add(of(Row.read(file.toString(), i + 1, lines.get(i))));
        }
        return layouts;
    }

    /** The file of layouts beside a program's calls, or null. */
    static Path file(Path calls) {
        String name = calls.getFileName().toString();
        String stem = name.substring(0, name.lastIndexOf(".strace"));
        for (String ending : List.of(".maps.jsonl.gz", ".maps.jsonl")) {
            Path file = calls.resolveSibling(stem + ending);
            if (Files.exists(file)) {
                return file;
            }
        }
        return null;
    }

    private static Layout of(Row row) {
        String event = row.text("ev");
        if (!event.equals("exec") && !event.equals("exit")) {
            throw row.refusal("wrong-field", "'ev' is exec or exit");
        }
        List<Area> areas = new ArrayList<>();
        for (JsonNode cells : row.list("maps")) {
            Area area = area(row, cells);
            if (area != null) {
                areas.add(area);
            }
        }
        return new Layout((int) row.number("pid"), event.equals("exec"), areas);
    }

    private static Area area(Row row, JsonNode cells) {
        try {
            if (cells.isArray() && cells.size() == 6) {
                String name = named(cells.get(5).asString());
                if (name.equals("[vsyscall]")) {
                    return null;
                }
                long offset = Long.parseUnsignedLong(cells.get(3).asString(), 16);
                boolean anonymous = ANONYMOUS.contains(name);
                return new Area(Long.parseUnsignedLong(cells.get(0).asString(), 16), Long.parseUnsignedLong(cells.get(1).asString(), 16),
                        cells.get(2).asString(), anonymous ? null : name, anonymous ? 0 : offset >>> Arena.PAGE_SHIFT, name.equals(STACK));
            }
        } catch (NumberFormatException bad) {
            // It is told below.
        }
        throw row.wrong("maps", "a list of areas: start, end, permissions, offset, inode, name", cells);
    }

    /** A file's name; whether it was deleted meanwhile is no matter. */
    private static String named(String name) {
        return name.endsWith(DELETED) ? name.substring(0, name.length() - DELETED.length()) : name;
    }

    /** Neighbours that are equal, made one. */
    static List<Area> coalesced(List<Area> areas) {
        List<Area> all = new ArrayList<>();
        for (Area next : areas) {
            Area last = all.isEmpty() ? null : all.getLast();
            if (last != null && last.goesOn(next)) {
                all.set(all.size() - 1, new Area(last.start, next.end, last.perms, last.backing, last.page, false));
            } else {
                all.add(next);
            }
        }
        return all;
    }
}
