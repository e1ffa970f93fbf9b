package dev.shootdown.mm;

import dev.shootdown.memory.Frames;

/** Checks and roundings that many calls begin with. */
final class Ranges {
    private Ranges() {}

    /** PAGE_ALIGN(): up. */
    static long align(long length) {
        return (length + Frames.PAGE_SIZE - 1) & -Frames.PAGE_SIZE;
    }

    static boolean aligned(long address) {
        return (address & Frames.PAGE_SIZE - 1) == 0;
    }

    /** The end of user space: TASK_SIZE. */
    static long taskSize(Kernel kernel) {
        return kernel.levels() == 5 ? KernelVersion.TASK_SIZE_5_LEVELS : KernelVersion.TASK_SIZE;
    }

    /** The rule that makes munmap() refuse a range with EINVAL, or null. */
    static String refused(Kernel kernel, long start, long length) {
        if (!aligned(start)) {
            return "the address is not a multiple of the page size";
        }
        long size = taskSize(kernel);
        if (Long.compareUnsigned(start, size) > 0 || Long.compareUnsigned(length, size - start) > 0) {
            return "the range goes beyond the end of user space";
        }
        return align(length) == 0 ? "the length is 0" : null;
    }
}
