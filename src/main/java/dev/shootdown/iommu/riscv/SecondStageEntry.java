package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Translation;

/**
 * Entries of second-stage tables: Sv48x4 (privileged architecture, 12.4 and 18.5.1), whose top table has 16 KiB. U is set, since
 * every access that a second stage translates counts as a user's; A and D are, as nobody updates them here.
 */
record SecondStageEntry() implements SecondStage.Format {
    private static final long VALID = 1;
    private static final long READ = 1L << 1;
    private static final long WRITE = 1L << 2;
    private static final long EXECUTE = 1L << 3;
    private static final long USER = 1L << 4;
    private static final long ACCESSED_DIRTY = 3L << 6;
    private static final int PPN = 10;
    private static final int TOP_ORDER = 2;

    @Override
    public int topOrder() {
        return TOP_ORDER;
    }

    @Override
    public long table(long frame, int level) {
        return frame << PPN | VALID;
    }

    @Override
    public long page(long frame, int permissions, int level) {
        return frame << PPN | VALID | USER | ACCESSED_DIRTY | ((permissions & Translation.READ) != 0 ? READ : 0)
                | ((permissions & Translation.WRITE) != 0 ? WRITE : 0) | ((permissions & Translation.EXECUTE) != 0 ? EXECUTE : 0);
    }

    @Override
    public boolean present(long entry) {
        return (entry & VALID) != 0;
    }

    @Override
    public boolean isPage(long entry, int level) {
        return (entry & (READ | WRITE | EXECUTE)) != 0;
    }

    @Override
    public int permissions(long entry) {
        return ((entry & READ) != 0 ? Translation.READ : 0) | ((entry & WRITE) != 0 ? Translation.WRITE : 0)
                | ((entry & EXECUTE) != 0 ? Translation.EXECUTE : 0);
    }

    @Override
    public long frame(long entry) {
        return entry >>> PPN & (1L << 44) - 1;
    }
}
