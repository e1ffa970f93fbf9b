package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Translation;

/** Entries of AMD's host page tables (v1): drivers/iommu/amd/amd_iommu_types.h, IOMMU_PTE_PR, PM_LEVEL_ENC, IR and IW. */
record HostPageTable() implements SecondStage.Format {
    private static final long PR = 1;
    private static final int NEXT_LEVEL = 9;
    private static final long LEVEL_MASK = 7;
    private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
    private static final int ADDRESS_SHIFT = 12;
    private static final long IR = 1L << 61;
    private static final long IW = 1L << 62;

    @Override
    public long table(long frame, int level) {
        return frame << ADDRESS_SHIFT | (long) level << NEXT_LEVEL | IR | IW | PR;
    }

    @Override
    public long page(long frame, int permissions, int level) {
        return frame << ADDRESS_SHIFT | ((permissions & Translation.READ) != 0 ? IR : 0) | ((permissions & Translation.WRITE) != 0 ? IW : 0) | PR;
    }

    @Override
    public boolean present(long entry) {
        return (entry & PR) != 0;
    }

    @Override
    public boolean isPage(long entry, int level) {
        return (entry >>> NEXT_LEVEL & LEVEL_MASK) == 0;
    }

    @Override
    public int permissions(long entry) {
        return ((entry & IR) != 0 ? Translation.READ | Translation.EXECUTE : 0) | ((entry & IW) != 0 ? Translation.WRITE : 0);
    }

    @Override
    public long frame(long entry) {
        return (entry & ADDRESS) >>> ADDRESS_SHIFT;
    }
}
