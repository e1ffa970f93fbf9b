package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Translation;

/** Entries of VT-d's second-stage tables: 3.7 and 9.8 (SS-PML4E to SS-PTE); R, W, and PS where a page is larger. */
record SecondStageEntry() implements SecondStage.Format {
    private static final long READ = 1;
    private static final long WRITE = 1L << 1;
    private static final long PAGE_SIZE = 1L << 7;
    private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
    private static final int ADDRESS_SHIFT = 12;
    private static final int INDEX_BITS = 9;
    /** 1 GiB. */
    private static final int LARGEST = 3;

    @Override
    public long table(long frame, int level) {
        return frame << ADDRESS_SHIFT | READ | WRITE;
    }

    @Override
    public long page(long frame, int permissions, int level) {
        return frame << ADDRESS_SHIFT | ((permissions & Translation.READ) != 0 ? READ : 0) | ((permissions & Translation.WRITE) != 0 ? WRITE : 0)
                | (level > 1 ? PAGE_SIZE : 0);
    }

    @Override
    public boolean present(long entry) {
        return (entry & (READ | WRITE)) != 0;
    }

    @Override
    public boolean isPage(long entry, int level) {
        return level == 1 || (entry & PAGE_SIZE) != 0;
    }

    /** PS in an entry of the top table, and bits of a large page's address that lie within it. */
    @Override
    public boolean reserved(long entry, int level) {
        return level > 1 && (entry & PAGE_SIZE) != 0 && (level > LARGEST || (frame(entry) & (1L << INDEX_BITS * (level - 1)) - 1) != 0);
    }

    @Override
    public int permissions(long entry) {
        return ((entry & READ) != 0 ? Translation.READ | Translation.EXECUTE : 0) | ((entry & WRITE) != 0 ? Translation.WRITE : 0);
    }

    @Override
    public long frame(long entry) {
        return (entry & ADDRESS) >>> ADDRESS_SHIFT;
    }
}
