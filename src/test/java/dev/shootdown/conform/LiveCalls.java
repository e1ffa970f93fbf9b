package dev.shootdown.conform;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** System calls of the kernel that this runs on, by their numbers: arch/x86/entry/syscalls/syscall_64.tbl. */
final class LiveCalls {
    static final long READ = 0;
    static final long WRITE = 1;
    static final long OPEN = 2;
    static final long CLOSE = 3;
    static final long MMAP = 9;
    static final long MPROTECT = 10;
    static final long MUNMAP = 11;
    static final long PREAD64 = 17;
    static final long PWRITE64 = 18;
    static final long MREMAP = 25;
    static final long MSYNC = 26;
    static final long MINCORE = 27;
    static final long MADVISE = 28;
    static final long FTRUNCATE = 77;
    static final long MUNLOCK = 150;
    static final long PRCTL = 157;
    static final long SCHED_SETAFFINITY = 203;
    static final long SCHED_GETAFFINITY = 204;
    static final long FALLOCATE = 285;
    static final long PIPE2 = 293;
    static final long MEMFD_CREATE = 319;
    static final long MLOCK2 = 325;
    private static final long BUFFER = 4096;

    private final MethodHandle syscall;
    private final MemorySegment state;
    private final VarHandle errno;
    private final MemorySegment buffer = Arena.global().allocate(BUFFER, Long.BYTES);

    LiveCalls() {
        StructLayout layout = Linker.Option.captureStateLayout();
        Linker linker = Linker.nativeLinker();
        MemoryLayout[] words = new MemoryLayout[7];
        Arrays.fill(words, ValueLayout.JAVA_LONG);
        this.syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), FunctionDescriptor.of(ValueLayout.JAVA_LONG, words),
                Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
        this.state = Arena.global().allocate(layout);
        this.errno = layout.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    }

    /** Makes a call. The result is what the kernel returned: of a call that failed the negative error number. */
    long call(long number, long... arguments) {
        long[] a = Arrays.copyOf(arguments, 6);
        try {
            long result = (long) syscall.invokeExact(state, number, a[0], a[1], a[2], a[3], a[4], a[5]);
            return result == -1 ? -(int) errno.get(state, 0L) : result;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Makes a call that this program cannot do without. */
    long must(String what, long number, long... arguments) {
        long result = call(number, arguments);
        if (result < 0) {
            throw new IllegalStateException(what + " is not permitted: error " + -result);
        }
        return result;
    }

    /** Memory of this program's own, for what calls read and write. */
    MemorySegment buffer() {
        return buffer;
    }

    /** Its address, with a text in it where one is given. */
    long buffer(String text) {
        buffer.setString(0, text);
        return buffer.address();
    }

    /** Its address, with a number in it. */
    long buffer(long value) {
        buffer.set(ValueLayout.JAVA_LONG, 0, value);
        return buffer.address();
    }

    /** The number at its beginning. */
    long word() {
        return buffer.get(ValueLayout.JAVA_LONG, 0);
    }
}
