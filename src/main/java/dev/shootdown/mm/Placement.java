package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;

/** Where a new mapping goes: arch/x86/kernel/sys_x86_64.c: arch_get_unmapped_area_topdown, and what it calls. */
final class Placement {
    /** mmap_base without randomisation: the stack's gap is at least 128 MiB (arch/x86/mm/mmap.c). */
    static final long DEFAULT_MMAP_BASE = KernelVersion.TASK_SIZE - (128L << 20);
    /** Below a mapping that grows down so much stays free: stack_guard_gap. */
    static final long STACK_GUARD_GAP = 256 * Frames.PAGE_SIZE;
    /** Where MAP_32BIT looks: find_start_end(). */
    private static final long LOW_START = 0x4000_0000L;
    private static final long LOW_END = 0x8000_0000L;

    private final Kernel kernel;
    private final int mm;

    Placement(Kernel kernel, int mm) {
        this.kernel = kernel;
        this.mm = mm;
    }

    /** The hint as it is taken: whole pages, and not below the lowest address allowed. */
    static long round(long hint) {
        long page = hint & -Frames.PAGE_SIZE;
        return hint != 0 && Long.compareUnsigned(page, KernelVersion.MMAP_MIN_ADDR) < 0 ? KernelVersion.MMAP_MIN_ADDR : page;
    }

    /** An address for a mapping, or 0 if there is no room. */
    long find(long hint, long length, boolean anonymous) {
        if (hint != 0 && fits(hint, length)) {
            return hint;
        }
        long padded = padded(hint, length, anonymous);
        long roomy = padded == 0 ? 0 : topDown(hint, padded);
        if (roomy != 0) {
            return hugeWithin(roomy);
        }
        long found = topDown(hint, length);
        return found != 0 ? found : bottomUp(Ranges.align(KernelVersion.TASK_SIZE / 3), KernelVersion.TASK_SIZE, length);
    }

    /** The same for who has 32 bits for an address (MAP_32BIT): upwards through the second gigabyte, unless the hint is free. */
    long findLow(long hint, long length, boolean anonymous) {
        if (hint != 0 && length <= LOW_END && Long.compareUnsigned(hint, LOW_END - length) <= 0 && free(hint, length)) {
            return hint;
        }
        long padded = padded(hint, length, anonymous);
        long roomy = padded == 0 ? 0 : bottomUp(LOW_START, LOW_END, padded);
        return roomy != 0 ? hugeWithin(roomy) : bottomUp(LOW_START, LOW_END, length);
    }

    /** How much is looked for so that huge pages fit, or 0 where that is of no use: thp_get_unmapped_area_vmflags(). */
    private long padded(long hint, long length, boolean anonymous) {
        boolean huge = kernel.version().alignsToHugePages() && anonymous && hint == 0 && length % Entry.span(2) == 0;
        return huge ? length + Entry.span(2) : 0;
    }

    /** The next multiple of a huge page above an address: __thp_get_unmapped_area(). */
    private static long hugeWithin(long roomy) {
        return (roomy | Entry.span(2) - 1) + 1;
    }

    /** The same without a hint, at a multiple of an alignment that is larger than a page. */
    long findAligned(long length, long alignment) {
        long found = topDown(0, length + alignment - Frames.PAGE_SIZE);
        return found == 0 ? 0 : found + alignment - Frames.PAGE_SIZE & -alignment;
    }

    private boolean fits(long hint, long length) {
        long top = high(hint) ? Ranges.taskSize(kernel) : KernelVersion.TASK_SIZE;
        return length <= top && Long.compareUnsigned(hint, top - length) <= 0 && free(hint, length);
    }

    /** Whether a hint asks for what only 5 levels reach. */
    private static boolean high(long hint) {
        return Long.compareUnsigned(hint, KernelVersion.TASK_SIZE) > 0;
    }

    private boolean free(long at, long length) {
        Vma next = kernel.vmas().find(mm, at);
        return next == null || at + length <= startGap(next);
    }

    private static long startGap(Vma vma) {
        return vma.has(Vma.GROWSDOWN) ? Math.max(0, vma.start() - STACK_GUARD_GAP) : vma.start();
    }

    /** The end of the highest gap below mmap_base that is long enough, less the length: unmapped_area_topdown(). */
    private long topDown(long hint, long length) {
        long wide = high(hint) ? Ranges.taskSize(kernel) - KernelVersion.TASK_SIZE : 0;
        long high = kernel.mmapBase(mm) + wide;
        while (true) {
            long end = kernel.vmas().highestGap(mm, KernelVersion.MMAP_MIN_ADDR, high, length);
            Vma next = end == 0 ? null : kernel.vmas().find(mm, end);
            if (next == null || startGap(next) >= end) {
                return end == 0 ? 0 : end - length;
            }
            // What the next mapping keeps free cuts the gap, and the search begins again below it.
            high = startGap(next);
        }
    }

    /** The lowest place in a range: what is tried from a third of user space on where nothing below mmap_base fits: unmapped_area(). */
    private long bottomUp(long start, long end, long length) {
        long low = start;
        while (true) {
            long found = kernel.vmas().lowestGap(mm, low, end, length);
            Vma next = found == 0 ? null : kernel.vmas().find(mm, found);
            if (next == null || startGap(next) - found >= length) {
                return found;
            }
            low = next.end();
        }
    }
}
