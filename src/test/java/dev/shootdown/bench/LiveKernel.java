package dev.shootdown.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** mmap and munmap of the kernel that this runs on. */
final class LiveKernel {
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    private final MethodHandle mmap;
    private final MethodHandle munmap;

    LiveKernel() {
        Linker linker = Linker.nativeLinker();
        var lookup = linker.defaultLookup();
        mmap = linker.downcallHandle(lookup.findOrThrow("mmap"), FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        munmap = linker.downcallHandle(lookup.findOrThrow("munmap"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
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
