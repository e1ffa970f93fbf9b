package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Translation;

/**
 * Descriptors of stage-2 tables: VMSAv8-64, granule 4 KiB (Arm ARM, D8.3; io-pgtable-arm.c: ARM_LPAE_PTE_HAP_READ and so on).
 * Bits 1:0 tell a table or a page (3) from a block (1), S2AP in 7:6 what is allowed.
 */
record Stage2Descriptor() implements SecondStage.Format {
    private static final long TABLE_OR_PAGE = 3;
    private static final long BLOCK = 1;
    private static final long MEM_ATTR_WRITE_BACK = 0xfL << 2;
    private static final long READ = 1L << 6;
    private static final long WRITE = 1L << 7;
    private static final long INNER_SHAREABLE = 3L << 8;
    private static final long ACCESS_FLAG = 1L << 10;
    private static final long ADDRESS = 0x0000_ffff_ffff_f000L;
    private static final int ADDRESS_SHIFT = 12;

    @Override
    public long table(long frame, int level) {
        return frame << ADDRESS_SHIFT | TABLE_OR_PAGE;
    }

    @Override
    public long page(long frame, int permissions, int level) {
        return frame << ADDRESS_SHIFT | (level > 1 ? BLOCK : TABLE_OR_PAGE) | MEM_ATTR_WRITE_BACK | INNER_SHAREABLE | ACCESS_FLAG
                | ((permissions & Translation.READ) != 0 ? READ : 0) | ((permissions & Translation.WRITE) != 0 ? WRITE : 0);
    }

    @Override
    public boolean present(long entry) {
        return (entry & 1) != 0;
    }

    @Override
    public boolean isPage(long entry, int level) {
        return level == 1 || (entry & TABLE_OR_PAGE) == BLOCK;
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
