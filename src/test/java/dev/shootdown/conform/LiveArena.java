package dev.shootdown.conform;


import dev.shootdown.vocabulary.Errno;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.databind.node.ObjectNode;

/**
 * An arena of this process's own address space, and a file, in which operations are done for real. Nothing in it is ever
 * accessed by the program itself: the kernel does so for it, for which a bad address is an error and no signal.
 */
final class LiveArena {
    private static final long PR_SET_THP_DISABLE = 41;
    private static final long READ_WRITE = 2;
    private static final long TEMPORARY = 020200000;
    private static final long NONBLOCK = 04000;
    /** FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE. */
    private static final long HOLE = 3;
    private static final long CPU_BYTES = 128;
    private static final long CAP_IPC_LOCK = 1L << 14;
    private static final String CAPABILITIES = "CapEff:";
    private static final String LOCKED_MEMORY = "Max locked memory";

    private final LiveCalls kernel = new LiveCalls();
    private final LiveLook look;
    private final int readEnd;
    private final int writeEnd;
    private Header header;
    private long file = -1;
    private long readOnly = -1;

    /** @throws IllegalStateException if this kernel, or who runs this, does not permit it */
    LiveArena() throws IOException {
        kernel.must("prctl(PR_SET_THP_DISABLE)", LiveCalls.PRCTL, PR_SET_THP_DISABLE, 1);
        stay();
        kernel.must("pipe2", LiveCalls.PIPE2, kernel.buffer(0), NONBLOCK);
        this.readEnd = kernel.buffer().get(ValueLayout.JAVA_INT, 0);
        this.writeEnd = kernel.buffer().get(ValueLayout.JAVA_INT, Integer.BYTES);
        this.look = new LiveLook(kernel);
    }

    /** On one processor: each has batches of pages that are not on the lists of pages yet, and empties only its own. */
    private void stay() {
        kernel.must("sched_getaffinity", LiveCalls.SCHED_GETAFFINITY, 0, CPU_BYTES, kernel.buffer(0));
        boolean found = false;
        for (long at = 0; at < CPU_BYTES; at += Long.BYTES) {
            long allowed = kernel.buffer().get(ValueLayout.JAVA_LONG, at);
            kernel.buffer().set(ValueLayout.JAVA_LONG, at, found ? 0 : Long.highestOneBit(allowed));
            found |= allowed != 0;
        }
        kernel.must("sched_setaffinity", LiveCalls.SCHED_SETAFFINITY, 0, CPU_BYTES, kernel.buffer().address());
    }

    /** How many pages may be locked; -1 for any number. */
    static long lockable() throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"));
        int at = status.indexOf(CAPABILITIES) + CAPABILITIES.length();
        long capabilities = Long.parseUnsignedLong(status.substring(at, status.indexOf('\n', at)).strip(), 16);
        String limits = Files.readString(Path.of("/proc/self/limits"));
        String limit = limits.substring(limits.indexOf(LOCKED_MEMORY) + LOCKED_MEMORY.length()).strip().split(" ")[0];
        return (capabilities & CAP_IPC_LOCK) != 0 || limit.equals("unlimited") ? -1 : Long.parseLong(limit) >> Arena.PAGE_SHIFT;
    }

    /** Empties the arena, and makes the file anew. */
    void clear(Header next) throws IOException {
        if (header != null) {
            kernel.must("munmap", LiveCalls.MUNMAP, header.base(), header.top() - header.base());
        }
        if (file >= 0) {
            kernel.must("close", LiveCalls.CLOSE, file);
            kernel.must("close", LiveCalls.CLOSE, readOnly);
        }
        header = next;
        file = header.disk() ? kernel.must("a temporary file", LiveCalls.OPEN, kernel.buffer(System.getProperty("java.io.tmpdir")), TEMPORARY | READ_WRITE, 0600)
                : kernel.must("memfd_create", LiveCalls.MEMFD_CREATE, kernel.buffer("arena"), 0);
        readOnly = kernel.must("open", LiveCalls.OPEN, kernel.buffer("/proc/self/fd/" + file), 0);
        for (long page = 0; page < header.filePages(); page++) {
            kernel.must("pwrite64", LiveCalls.PWRITE64, file, kernel.buffer(Arena.CONTENTS + page), Long.BYTES, page * Arena.PAGE);
        }
        kernel.must("ftruncate", LiveCalls.FTRUNCATE, file, header.filePages() * Arena.PAGE);
        look.begin(header, file);
    }

    /** Does what a record says, and adds to it what came of it. */
    void perform(Row row, ObjectNode record) throws IOException {
        String op = row.text("op");
        switch (op) {
            case "r", "w" -> access(row, record, op.equals("w"));
            case "pread" -> pread(row, record);
            case "mincore" -> mincore(row, record);
            case "mmap" -> placed(record, map(row), row.hexadecimal("len"));
            case "mremap" -> placed(record, call(row, op), row.hexadecimal("new"));
            default -> ended(record, call(row, op));
        }
        look.into(record);
    }

    private long call(Row row, String op) {
        return switch (op) {
            case "munmap" -> kernel.call(LiveCalls.MUNMAP, address(row), row.hexadecimal("len"));
            case "mprotect" -> kernel.call(LiveCalls.MPROTECT, address(row), row.hexadecimal("len"), row.number("prot"));
            case "madvise" -> kernel.call(LiveCalls.MADVISE, address(row), row.hexadecimal("len"), row.number("adv"));
            case "mremap" -> kernel.call(LiveCalls.MREMAP, address(row), row.hexadecimal("old"), row.hexadecimal("new"), row.number("flags"),
                    row.address("na", header.base()));
            case "mlock2" -> kernel.call(LiveCalls.MLOCK2, address(row), row.hexadecimal("len"), row.number("flags"));
            case "munlock" -> kernel.call(LiveCalls.MUNLOCK, address(row), row.hexadecimal("len"));
            case "msync" -> kernel.call(LiveCalls.MSYNC, address(row), row.hexadecimal("len"), row.number("flags"));
            case "ftruncate" -> kernel.call(LiveCalls.FTRUNCATE, file, row.hexadecimal("size"));
            case "punch" -> kernel.call(LiveCalls.FALLOCATE, file, HOLE, row.hexadecimal("off"), row.hexadecimal("len"));
            case "pwrite" -> kernel.call(LiveCalls.PWRITE64, file, kernel.buffer(row.number("val")), Long.BYTES, row.number("fp") * Arena.PAGE);
            default -> throw row.refusal("unknown-operation", op);
        };
    }

    private long address(Row row) {
        return row.address("a", header.base());
    }

    private long map(Row row) {
        long descriptor = switch (row.text("fd")) {
            case "m" -> file;
            case "mro" -> readOnly;
            default -> -1;
        };
        return kernel.call(LiveCalls.MMAP, address(row), row.hexadecimal("len"), row.number("prot"), row.number("flags"), descriptor, row.hexadecimal("off"));
    }

    /** A place outside the arena is not this program's to keep, nor anything that could be compared. */
    private void placed(ObjectNode record, long result, long length) {
        if (result < 0 && result > -Arena.PAGE) {
            ended(record, result);
        } else if (header.holds(result)) {
            record.put("ret", "+0x" + Long.toHexString(result - header.base()));
        } else {
            kernel.must("munmap", LiveCalls.MUNMAP, result, length);
        }
    }

    private static void ended(ObjectNode record, long result) {
        if (result < 0) {
            record.put("e", Arrays.stream(Errno.values()).filter(errno -> errno.number() == -result).map(Errno::name).findFirst().orElse("error" + -result));
        } else {
            record.put("ret", result);
        }
    }

    /** Reads or writes eight bytes at the start of a page, by way of a pipe. */
    private void access(Row row, ObjectNode record, boolean write) {
        long at = header.base() + row.number("p") * Arena.PAGE;
        long result;
        if (write) {
            kernel.must("write", LiveCalls.WRITE, writeEnd, kernel.buffer(row.number("val")), Long.BYTES);
            result = kernel.call(LiveCalls.READ, readEnd, at, Long.BYTES);
        } else {
            result = kernel.call(LiveCalls.WRITE, writeEnd, at, Long.BYTES);
        }
        boolean full = write == result < 0;
        if (full) {
            kernel.must("read", LiveCalls.READ, readEnd, kernel.buffer(0), Long.BYTES);
        }
        if (result < 0) {
            ended(record, result);
        } else if (!write) {
            record.put("got", kernel.word());
        }
    }

    private void pread(Row row, ObjectNode record) {
        long result = kernel.call(LiveCalls.PREAD64, file, kernel.buffer(0), Long.BYTES, row.number("fp") * Arena.PAGE);
        ended(record, result);
        if (result > 0) {
            record.put("got", kernel.word());
        }
    }

    private void mincore(Row row, ObjectNode record) {
        long length = row.hexadecimal("len");
        long result = kernel.call(LiveCalls.MINCORE, address(row), length, kernel.buffer(0));
        ended(record, result);
        if (result == 0) {
            StringBuilder vector = new StringBuilder();
            for (long page = 0; page < length + Arena.PAGE - 1 >>> Arena.PAGE_SHIFT; page++) {
                vector.append(kernel.buffer().get(ValueLayout.JAVA_BYTE, page) & 1);
            }
            record.put("vec", vector.toString());
        }
    }
}
