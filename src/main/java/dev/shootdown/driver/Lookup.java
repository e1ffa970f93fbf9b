package dev.shootdown.driver;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.HandleMmFault;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.MmapLock;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/**
 * Has the process's page table hold a page, and notes what it says. The page itself is not held: it may go as soon as the
 * mmap lock is given back, and before.
 */
@Cites("mm/hmm.c: hmm_range_fault, 5.5-6.18; virt/kvm/kvm_main.c: hva_to_pfn_slow (the page is put at once), 3.16-4.15")
record Lookup(int binding, long page) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        int mm = drivers.get(binding).mm();
        if (turn.part(Kernel.class).alive(mm)) {
            turn.then(new MmapLock.Read(mm), new Walk(binding, page), new MmapLock.ReadUnlock(mm));
        } else {
            drivers.faults().refuse(binding);
        }
    }

    /** Looks at the entry; one that does not permit the access is faulted in. If something has changed, that is soon enough found out. */
    @Cites("mm/hmm.c: hmm_vma_walk_pmd, hmm_vma_handle_pte, mmu_interval_check_retry (-EBUSY), 5.5-6.18; mm/memory.c: follow_page_mask, 3.16-4.15")
    record Walk(int binding, long page) implements DriverStep {
        @Override
        public void run(Drivers drivers, Turn turn) {
            Kernel kernel = turn.part(Kernel.class);
            int mm = drivers.get(binding).mm();
            boolean intervals = drivers.get(binding).driver().checksSequence();
            if (intervals && drivers.faults().changed(turn, binding)) {
                return;
            }
            int access = drivers.faults().access(binding);
            long entry = kernel.alive(mm) ? kernel.pte(mm, page) : 0;
            if (Translation.allows(Tables.permissions(entry), access)) {
                drivers.faults().found(binding, translation(entry, access), kernel.frames().generation(Entry.frame(entry)));
            } else {
                boolean remote = !kernel.version().remoteFaultIgnoresPermission();
                turn.then(new HandleMmFault(mm, page, access, remote), new Faulted(binding, page));
            }
        }

        /** What the process has not written to yet the device may not either, unless it asks: it would not be marked as dirty. */
        private static long translation(long entry, int access) {
            int allowed = Tables.permissions(entry) & ~Translation.DIRTY;
            boolean writes = Entry.dirty(entry) || (access & Translation.WRITE) != 0;
            return Translation.of(Entry.frame(entry), writes ? allowed : allowed & ~Translation.WRITE);
        }
    }

    /** The fault is served, and the entry is looked at again; or the process has no such page. */
    @Cites("mm/hmm.c: hmm_vma_fault, 5.5-6.18; mm/memory.c: faultin_page, 3.16-4.15")
    record Faulted(int binding, long page) implements DriverStep {
        @Override
        public void run(Drivers drivers, Turn turn) {
            boolean failed = Outcome.failed(turn.takeResult());
            turn.takeRemark();
            if (failed) {
                drivers.faults().refuse(binding);
            } else {
                turn.then(new Walk(binding, page));
            }
        }
    }
}
