package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * The large entry of a whole huge page gets its mapping's protection, under its lock. 3.19 tells secondary TLBs at once,
 * 4.15 flushes at once; otherwise both come with the rest of the call.
 *
 * @param start of the huge page
 * @param end   of all that is to be changed
 */
@Cites("mm/huge_memory.c: change_huge_pmd, 3.16-6.18; pmdp_get_and_clear(_notify), 3.16-4.11, pmdp_invalidate, 4.12-5.17, pmdp_invalidate_ad, 5.18-6.18")
record ChangeHugePmd(Vma vma, long start, long end, ChangeProtection.Mode mode) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long table = kernel.thp().table(vma.mm(), start);
        long entry = kernel.thp().at(vma.mm(), start);
        boolean zero = entry != 0 && kernel.thp().isZero(entry);
        long next = zero ? zero(entry) : changed(kernel, entry);
        if (entry == 0) {
            turn.perform(new PageTableLock.Unlock(table));
            turn.then(new ChangeProtection.Table(vma, start, end, mode));
            return;
        }
        turn.then(new Set(vma, start, end, mode, next));
        KernelVersion version = kernel.version();
        if (!version.protectGathers() || ChangeProtection.needsFlush(entry, next)) {
            kernel.gather().adjust(turn.actor(), start, Thp.SIZE, 2);
        }
        if (version.protectInvalidatesHuge()) {
            turn.then(SplitHugePmd.flush(kernel, vma.mm(), start));
        } else if (version.hugeZeroSplitInvalidates()) {
            turn.then(new InvalidateRange(vma.mm(), start, start + Thp.SIZE));
        }
        kernel.thp().set(table, start, entry & ~(Entry.PRESENT | Entry.PROTNONE));
        String helper = version.protectGathers() ? "pmdp_invalidate_ad" : version.protectInvalidatesHuge() ? "pmdp_invalidate" : null;
        PageTables.changed(kernel, turn, vma.mm(), "clear", start, Thp.SIZE, helper);
    }

    private long changed(Kernel kernel, long entry) {
        long next = ChangeProtection.changed(kernel, vma, entry, mode);
        boolean more = Entry.writable(next) && !Entry.writable(entry);
        return more && !kernel.version().protectMakesHugeWritable() ? next & ~Entry.WRITE : next;
    }

    /** The huge zero page is never mapped writable. */
    private long zero(long entry) {
        long bits = vma.pageProtection(false) | entry & (Entry.ACCESSED | Entry.UFFD_WP | Entry.SOFT_DIRTY) | Entry.HUGE;
        return Entry.of(Entry.frame(entry), bits);
    }

    /** The new entry is set, and the lock let go. */
    @Cites("mm/huge_memory.c: change_huge_pmd, set_pmd_at, 3.16-6.18")
    record Set(Vma vma, long start, long end, ChangeProtection.Mode mode, long entry) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            kernel.thp().set(table, start, entry);
            PageTables.changed(kernel, turn, vma.mm(), Entry.writable(entry) ? "set" : "wrprotect", start, Thp.SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
            if (start + Thp.SIZE != end) {
                turn.then(new ChangeProtection.Table(vma, start + Thp.SIZE, end, mode));
            }
        }
    }
}
