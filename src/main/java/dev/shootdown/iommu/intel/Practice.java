package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.memory.Frames;
import java.util.ArrayList;
import java.util.List;

/** Which descriptors Linux makes of a range: drivers/iommu/intel/svm.c up to 6.9, cache.c from 6.10 on. */
final class Practice {
    private static final int PAGE_SHIFT = Frames.PAGE_SHIFT;

    private Practice() {}

    /**
     * A range as blocks of 2^mask aligned pages: one that holds it all, or (up to 6.9) one or two of the page count
     * rounded up to a power of two. An empty list stands for everything.
     *
     * @param oneBlock cache.c: calculate_psi_aligned_address, 6.10 and later; else svm.c: intel_flush_svm_range_dev
     */
    static List<QiPages> pages(long start, long end, boolean oneBlock) {
        if (everything(start, end)) {
            return List.of();
        }
        if (oneBlock) {
            return List.of(QiPages.of(start, end));
        }
        long first = start >>> PAGE_SHIFT;
        long behind = (end - 1 >>> PAGE_SHIFT) + 1;
        int mask = log2(behind - first);
        List<QiPages> blocks = new ArrayList<>();
        for (long at = first >>> mask << mask; at < behind; at += 1L << mask) {
            blocks.add(new QiPages(at << PAGE_SHIFT, mask, false));
        }
        return blocks;
    }

    static boolean everything(long start, long end) {
        return start == 0 && end == Caches.EVERYTHING;
    }

    /** The same block as PCIe's messages have it. */
    static PageSpan span(QiPages pages) {
        return PageSpan.of(pages.start(), pages.end());
    }

    /** log2 of the smallest power of two that is no less. */
    private static int log2(long count) {
        return Long.SIZE - Long.numberOfLeadingZeros(count - 1);
    }
}
