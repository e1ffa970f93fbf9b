package dev.shootdown.conform;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Looks at the arena through /proc/self: its mappings in smaps, its pages in pagemap, their contents through mem. */
final class LiveLook {
    /** Bits of pagemap's entries: fs/proc/task_mmu.c. */
    private static final long PRESENT = 1L << 63;
    private static final long SWAP = 1L << 62;
    private static final long FILE = 1L << 61;
    private static final long GUARD = 1L << 58;
    private static final long EXCLUSIVE = 1L << 56;
    private static final long FRAME = (1L << 55) - 1;
    private static final int CHUNK = 1 << 16;
    private static final String NO_INODE = "0";

    private final LiveCalls kernel;
    private final RandomAccessFile smaps = new RandomAccessFile("/proc/self/smaps", "r");
    private final RandomAccessFile pagemap = new RandomAccessFile("/proc/self/pagemap", "r");
    private final long memory;
    private final Map<String, Integer> shared = new HashMap<>();
    private final byte[] chunk = new byte[CHUNK];
    private Header header;
    private String inode;

    LiveLook(LiveCalls kernel) throws IOException {
        this.kernel = kernel;
        this.memory = kernel.must("reading /proc/self/mem", LiveCalls.OPEN, kernel.buffer("/proc/self/mem"), 0);
    }

    /** A new arena, with a new file. */
    void begin(Header next, long file) throws IOException {
        header = next;
        shared.clear();
        inode = Files.getAttribute(Path.of("/proc/self/fd/" + file), "unix:ino").toString();
    }

    /** Adds to a record what is to be seen now. */
    void into(ObjectNode record) throws IOException {
        ArrayNode mappings = record.putArray("v");
        for (List<String> mapping : mappings()) {
            mappings.add(mapping(mapping));
        }
        pages(record);
    }

    /** The lines of each mapping in the arena. What lies behind it is not even read. */
    private List<List<String>> mappings() throws IOException {
        List<List<String>> mappings = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        smaps.seek(0);
        boolean inside = false;
        int from = 0;
        for (int read = smaps.read(chunk); read > 0; read = smaps.read(chunk)) {
            text.append(new String(chunk, 0, read, StandardCharsets.ISO_8859_1));
            for (int to = text.indexOf("\n", from); to >= 0; to = text.indexOf("\n", from)) {
                String line = text.substring(from, to);
                from = to + 1;
                if (!Character.isUpperCase(line.charAt(0))) {
                    long start = Long.parseUnsignedLong(line, 0, line.indexOf('-'), 16);
                    if (start >= header.top()) {
                        return mappings;
                    }
                    inside = header.holds(start);
                    mappings.addAll(inside ? List.of(new ArrayList<>()) : List.of());
                }
                if (inside) {
                    mappings.getLast().add(line);
                }
            }
        }
        return mappings;
    }

    private ArrayNode mapping(List<String> lines) {
        String[] head = lines.getFirst().split(" +");
        Map<String, String> fields = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        int dash = head[0].indexOf('-');
        ArrayNode cells = JsonNodeFactory.instance.arrayNode();
        cells.add(page(head[0].substring(0, dash))).add(page(head[0].substring(dash + 1))).add(head[1]);
        cells.add(Long.parseLong(head[2], 16) >> Arena.PAGE_SHIFT).add(object(head[4]));
        cells.add(fields.get("VmFlags").replaceAll(" ?\\bsd\\b", ""));
        cells.add(count(fields, "Rss")).add(count(fields, "Anonymous")).add(count(fields, "Shared_Dirty") + count(fields, "Private_Dirty"));
        return cells.add(count(fields, "Locked")).add(count(fields, "AnonHugePages"));
    }

    private long page(String address) {
        return Long.parseLong(address, 16) - header.base() >> Arena.PAGE_SHIFT;
    }

    private static long count(Map<String, String> fields, String name) {
        String text = fields.getOrDefault(name, "0 kB");
        return Long.parseLong(text, 0, text.indexOf(' '), 10) * 1024 / Arena.PAGE;
    }

    private String object(String number) {
        return number.equals(NO_INODE) ? "a" : number.equals(inode) ? "m" : "s" + shared.computeIfAbsent(number, unseen -> shared.size());
    }

    private void pages(ObjectNode record) throws IOException {
        int count = (int) header.pages();
        byte[] bytes = new byte[count * Long.BYTES];
        pagemap.seek((header.base() >> Arena.PAGE_SHIFT) * Long.BYTES);
        pagemap.readFully(bytes);
        ByteBuffer entries = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        ArrayNode pages = record.putArray("g");
        Map<Long, List<Long>> places = new HashMap<>();
        for (int page = 0; page < count; page++) {
            long entry = entries.getLong();
            if ((entry & (PRESENT | SWAP | GUARD)) == 0) {
                continue;
            }
            ArrayNode cells = pages.addArray().add(page).add(1).add(letters(entry));
            if ((entry & PRESENT) != 0) {
                cells.add(contents(header.base() + page * Arena.PAGE));
            }
            if ((entry & FILE) != 0) {
                places.computeIfAbsent(entry & FRAME, frame -> new ArrayList<>()).add((long) page);
            }
        }
        if (places.containsKey(0L)) {
            // Only who may administer the system is told which frame it is.
            return;
        }
        ArrayNode groups = record.putArray("al");
        for (List<Long> group : places.values()) {
            if (group.size() > 1) {
                ArrayNode numbers = groups.addArray();
                group.forEach(number -> numbers.add(number));
            }
        }
    }

    /** Nobody forks here: an anonymous page is mapped once, and what is mapped more often and of no file is the page of zeroes. */
    private static String letters(long entry) {
        if ((entry & PRESENT) == 0) {
            return (entry & GUARD) != 0 ? "g" : "s";
        }
        boolean file = (entry & FILE) != 0;
        boolean exclusive = (entry & EXCLUSIVE) != 0;
        return "p" + (file ? "f" : "") + (exclusive ? "x" : "") + (file || exclusive ? "" : "z");
    }

    private long contents(long address) {
        kernel.must("reading /proc/self/mem", LiveCalls.PREAD64, memory, kernel.buffer(0), Long.BYTES, address);
        return kernel.word();
    }
}
