package dev.shootdown.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls of the kernel that this runs on. */
final class LiveKernel {
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    /** MAP_FIXED_NOREPLACE: what this program has there already is left alone. */
    private static final int NOREPLACE = 0x100000;
    private static final int DONTNEED = 4;

    private final MethodHandle mmap;
    private final MethodHandle munmap;
    private final MethodHandle mprotect;
    private final MethodHandle madvise;

    LiveKernel() {
        Linker linker = Linker.nativeLinker();
        var lookup = linker.defaultLookup();
        mmap = linker.downcallHandle(lookup.findOrThrow("mmap"), FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        munmap = linker.downcallHandle(lookup.findOrThrow("munmap"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        FunctionDescriptor range = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
        mprotect = linker.downcallHandle(lookup.findOrThrow("mprotect"), range);
        madvise = linker.downcallHandle(lookup.findOrThrow("madvise"), range);
    }

    /** Maps pages at an address where nothing is mapped. */
    void mapAt(long address, long length, long protection) {
        try {
            long at = (long) mmap.invokeExact(address, length, (int) protection, PRIVATE_ANONYMOUS | NOREPLACE, -1, 0L);
            succeeded(at == address ? 0 : -1);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void protect(long address, long length, long protection) {
        try {
            succeeded((int) mprotect.invokeExact(address, length, (int) protection));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void dontneed(long address, long length) {
        try {
            succeeded((int) madvise.invokeExact(address, length, DONTNEED));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void succeeded(int result) {
        if (result != 0) {
            throw new IllegalStateException("the kernel refused");
        }
    }

    long mmap(long length) {
        try {
            return (long) mmap.invokeExact(0L, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void munmap(long address, long length) {
        try {
            int ignored = (int) munmap.invokeExact(address, length);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void touch(long address, int pages) {
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(pages * 4096L, Arena.global(), null);
        for (int page = 0; page < pages; page++) {
            memory.set(ValueLayout.JAVA_BYTE, page * 4096L, (byte) 1);
        }
    }
}
