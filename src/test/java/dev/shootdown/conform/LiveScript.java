package dev.shootdown.conform;

import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mremap;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Operations as a script of the language that does them in the model. Calls that fail in the model stand behind what they
 * fail with; the last one behind what the kernel answered. What the language has no words for becomes a comment, and is not done.
 */
final class LiveScript {
    private static final String FILE = "memfd";
    private static final long KNOWN_FLAGS = Mmap.SHARED | Mmap.PRIVATE | Mmap.FIXED | Mmap.ANONYMOUS | Mmap.POPULATE | Mmap.FIXED_NOREPLACE;

    private final Header header;
    private final Operations model;
    private final Arena arena;
    private final List<String> lines = new ArrayList<>();

    private LiveScript(Header header) {
        this.header = header;
        this.arena = new Arena(header);
        this.model = new Operations(arena, new Look(arena));
    }

    /** @param rows the operations with what the kernel answered, up to the one at which the model differs */
    static String of(ObjectNode head, List<Row> rows, List<Difference> differences) {
        LiveScript script = new LiveScript(Header.of(new Row("live", 0, head)));
        script.machine();
        for (Row row : rows) {
            script.add(row, row == rows.getLast());
        }
        script.lines.add("info vmas");
        script.lines.add("info ptes");
        for (Difference difference : differences) {
            script.lines.add("// the kernel: " + difference.expected());
            script.lines.add("// the model:  " + difference.found());
        }
        return String.join("\n", script.lines) + "\n";
    }

    private void machine() {
        lines.add("machine { kernel=\"" + header.kernel() + "\" }");
        lines.add("file " + FILE + " " + header.filePages() + "p fs=" + (header.disk() ? "ext4" : "tmpfs"));
        lines.add("process app");
        for (long page = 0; page < header.filePages(); page++) {
            lines.add("app.main: pwrite " + FILE + " " + page + "p " + bytes(Arena.CONTENTS + page));
        }
    }

    private void add(Row row, boolean last) {
        String statement = statement(row);
        if (statement == null) {
            ObjectNode plain = ((ObjectNode) row.node()).deepCopy();
            plain.remove(List.of("v", "g", "al"));
            lines.add("// not in the language: " + plain);
            return;
        }
        Result found = model.apply(withoutPipe(row), arena.mm());
        boolean away = List.of("mmap", "mremap").contains(row.text("op")) && found.value() == null && found.errno() == null;
        String answer = last && row.has("e") && !row.has("via") ? row.text("e") : last && !row.has("e") ? null : failure(found);
        lines.add((answer != null ? "expect " + answer + " " : away ? "let away" + lines.size() + " = " : "") + statement);
        if (away && answer == null) {
            lines.add("app.main: munmap away" + (lines.size() - 1));
        }
    }

    /** Done by the processor, an access tells more of how it fails. */
    private static Row withoutPipe(Row row) {
        ObjectNode plain = ((ObjectNode) row.node()).deepCopy();
        plain.remove("via");
        return new Row(row.file(), row.line(), plain);
    }

    private static String failure(Result result) {
        if (result.signal() == null) {
            return result.errno();
        }
        return result.signal().equals("BUS") ? "SIGBUS ADRERR" : "SIGSEGV " + (result.code() == 1 ? "MAPERR" : "ACCERR");
    }

    private String statement(Row row) {
        String op = row.text("op");
        return switch (op) {
            case "mmap" -> mmap(row);
            case "munmap", "munlock" -> ranged(op, row, "");
            case "mlock2" -> ranged("mlock", row, row.number("flags") == 1 ? "onfault" : "");
            case "msync" -> row.number("flags") == 4 ? ranged(op, row, "") : null;
            case "mprotect" -> protection(row) == null ? null : ranged(op, row, protection(row));
            case "madvise" -> Advice.of(row.number("adv")) == null ? null : ranged(op, row, Advice.of(row.number("adv")).word());
            case "mremap" -> mremap(row);
            case "r" -> "app.main: read " + page(row) + " +8";
            case "w" -> "app.main: write " + page(row) + " +8 " + bytes(row.number("val"));
            case "pwrite" -> "app.main: pwrite " + FILE + " " + row.number("fp") + "p " + bytes(row.number("val"));
            case "ftruncate" -> "kernel: truncate " + FILE + " " + row.text("size");
            case "punch" -> row.hexadecimal("len") == 0 ? null : "kernel: punch " + FILE + " " + row.text("off") + " +" + row.text("len");
            default -> null;
        };
    }

    private String mmap(Row row) {
        long flags = row.number("flags");
        boolean either = (flags & 0xf) == Mmap.SHARED || (flags & 0xf) == Mmap.PRIVATE;
        boolean file = (flags & Mmap.ANONYMOUS) == 0;
        if ((flags & ~KNOWN_FLAGS) != 0 || !either || protection(row) == null || file && !opened(row) || length(row, "len") == null) {
            return null;
        }
        boolean anywhere = row.address("a", header.base()) == 0;
        return "app.main: mmap" + (anywhere ? "" : " " + address(row, "a")) + " " + length(row, "len") + " " + protection(row)
                + ((flags & Mmap.SHARED) != 0 ? " shared" : "") + ((flags & Mmap.FIXED) != 0 ? " fixed" : "")
                + ((flags & Mmap.FIXED_NOREPLACE) != 0 ? " noreplace" : "") + ((flags & Mmap.POPULATE) != 0 ? " populate" : "")
                + (file ? " file=" + FILE + " offset=" + row.text("off") : "");
    }

    /** That it was opened for reading only makes no difference to a private mapping. */
    private static boolean opened(Row row) {
        return row.text("fd").equals("m") || row.text("fd").equals("mro") && (row.number("flags") & Mmap.SHARED) == 0;
    }

    private String mremap(Row row) {
        long flags = row.number("flags");
        boolean placed = (flags & Mremap.FIXED) == 0 && (flags & Mremap.DONTUNMAP) != 0;
        if ((flags & ~(Mremap.MAYMOVE | Mremap.FIXED | Mremap.DONTUNMAP)) != 0 || placed || length(row, "old") == null) {
            return null;
        }
        return "app.main: mremap " + address(row, "a") + " +" + length(row, "old") + " " + row.text("new") + ((flags & Mremap.MAYMOVE) != 0 ? " maymove" : "")
                + ((flags & Mremap.FIXED) != 0 ? " fixed=" + address(row, "na") : "") + ((flags & Mremap.DONTUNMAP) != 0 ? " dontunmap" : "");
    }

    private String ranged(String verb, Row row, String more) {
        String length = length(row, "len");
        return length == null ? null : ("app.main: " + verb + " " + address(row, "a") + " +" + length + " " + more).strip();
    }

    private static String protection(Row row) {
        return switch ((int) row.number("prot")) {
            case 0 -> "none";
            case 1 -> "r";
            case 3 -> "rw";
            case 5 -> "rx";
            case 7 -> "rwx";
            default -> null;
        };
    }

    private String address(Row row, String field) {
        return "0x" + Long.toHexString(row.address(field, header.base()));
    }

    private String page(Row row) {
        return "0x" + Long.toHexString(header.base() + row.number("p") * Arena.PAGE);
    }

    /** Null for one with which a range would wrap around. */
    private static String length(Row row, String field) {
        return row.hexadecimal(field) < 0 ? null : row.text(field);
    }

    private static String bytes(long value) {
        StringBuilder text = new StringBuilder("\"");
        Numbers.bytes(value).chars().forEach(one -> text.append(String.format("\\x%02x", one)));
        return text.append('"').toString();
    }
}
