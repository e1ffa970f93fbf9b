package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** What calls do to the large entries of a mapping of the hugetlb pool, one entry a step. */
sealed interface HugetlbRange extends KernelStep {
    /** log2 of a huge page: the stride of its flushes. */
    int SHIFT = Entry.shift(2);

    /** What is notified of for a stretch: adjust_range_if_pmd_sharing_possible(). */
    record Extended(long start, long end) {
        private static final long SPAN = Entry.span(3);

        static Extended of(Kernel kernel, Vma vma, long start, long end) {
            long first = vma.start() + SPAN - 1 & -SPAN;
            long last = vma.end() & -SPAN;
            boolean shares = kernel.version().hugetlbExtendsRanges() && vma.has(Vma.MAYSHARE) && last > first && end > first && start < last;
            return new Extended(shares && start > first ? start & -SPAN : start, shares && end < last ? end + SPAN - 1 & -SPAN : end);
        }
    }

    /** Clears the entries of a stretch, into the actor's gather; until 6.1 with a notification of its own. */
    @Cites("mm/hugetlb.c: __unmap_hugepage_range, 3.16-6.18")
    record Unmap(Vma vma, long start, long end) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.version().hugetlbUnmapNotifies()) {
                Extended range = Extended.of(kernel, vma, start, end);
                turn.then(
                        new NotifyStart(vma.mm(), range.start, range.end, Reason.UNMAP, true),
                        new UnmapOne(vma, start, end),
                        new NotifyEnd(vma.mm(), range.start, range.end, Reason.UNMAP, true, false));
            } else {
                turn.then(new UnmapOne(vma, start, end));
            }
        }
    }

    /** One entry, then the next. */
    @Cites("mm/hugetlb.c: __unmap_hugepage_range, huge_ptep_get_and_clear, tlb_remove_huge_tlb_entry, 3.16-6.18")
    record UnmapOne(Vma vma, long at, long end) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), at, end);
            long entry = next == end ? 0 : kernel.thp().at(vma.mm(), next);
            if (entry == 0) {
                return;
            }
            if (next + Thp.SIZE < end) {
                turn.then(new UnmapOne(vma, next + Thp.SIZE, end));
            }
            kernel.thp().set(kernel.thp().table(vma.mm(), next), next, 0);
            PageTables.changed(kernel, turn, vma.mm(), "clear", next, Thp.SIZE, null);
            kernel.gather().adjust(turn.actor(), next, Thp.SIZE, 2);
            kernel.frames().mappedWhole(Entry.frame(entry), -1);
            if (kernel.gather().add(turn.actor(), Entry.frame(entry), 0)) {
                turn.then(new GatherStep.TlbFlushMmuTlbonly(next + Thp.SIZE), new GatherStep.TlbBatchPagesFlush(0));
            }
        }
    }

    /** Copies the entries to a child; both sides of what is private lose their write permission. */
    @Cites("mm/hugetlb.c: copy_hugetlb_page_range, 3.16-6.18")
    record Copy(Vma vma, int child, long at) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), at, vma.end());
            if (next != vma.end()) {
                turn.then(new PageTables.Populate(child, next, 2), new CopyOne(vma, child, next));
            }
        }
    }

    /** One entry, then the next. 3.19 to 5.14 tell secondary TLBs of each. */
    @Cites("mm/hugetlb.c: copy_hugetlb_page_range, huge_ptep_set_wrprotect, 3.16-6.18")
    record CopyOne(Vma vma, int child, long at) implements HugetlbRange {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, vma.mm(), at);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (PageTables.missing(turn)) {
                return;
            }
            long entry = kernel.thp().at(vma.mm(), at);
            if (at + Thp.SIZE < vma.end()) {
                turn.then(new Copy(vma, child, at + Thp.SIZE));
            }
            if (kernel.version().hugetlbCopyInvalidates() && vma.copiesOnWrite()) {
                turn.then(new InvalidateRange(vma.mm(), at, at + Thp.SIZE));
            }
            long copied = vma.copiesOnWrite() ? entry & ~Entry.WRITE : entry;
            kernel.thp().set(kernel.thp().table(child, at), at, copied);
            kernel.frames().get(Entry.frame(entry));
            kernel.frames().mappedWhole(Entry.frame(entry), 1);
            if (vma.copiesOnWrite()) {
                kernel.thp().set(kernel.thp().table(vma.mm(), at), at, copied);
                kernel.folios().unmark(Entry.frame(entry), Folios.ANON_EXCLUSIVE);
                PageTables.changed(kernel, turn, vma.mm(), "wrprotect", at, Thp.SIZE, null);
            }
        }
    }

    /** Gives the entries of a stretch their mapping's protection: all of it is flushed within its own notification. */
    @Cites("mm/hugetlb.c: hugetlb_change_protection, 3.16-6.18")
    record Protect(Vma vma, long start, long end) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            Extended range = Extended.of(kernel, vma, start, end);
            turn.then(new NotifyEnd(mm, range.start, range.end, Reason.PROTECTION_VMA, true, false));
            if (kernel.version().hugetlbCopyInvalidates()) {
                turn.then(new InvalidateRange(mm, start, end));
            }
            turn.then(
                    new NotifyStart(mm, range.start, range.end, Reason.PROTECTION_VMA, true),
                    new ProtectOne(vma, start, end),
                    new CpuFlush.FlushTlbMmRange(mm, start, end, kernel.version().wholeFlushSaysTables(), SHIFT));
        }
    }

    /** One entry, then the next. */
    @Cites("mm/hugetlb.c: hugetlb_change_protection, huge_ptep_modify_prot_start, 3.16-6.18")
    record ProtectOne(Vma vma, long at, long end) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), at, end);
            if (next == end) {
                return;
            }
            if (next + Thp.SIZE < end) {
                turn.then(new ProtectOne(vma, next + Thp.SIZE, end));
            }
            long old = kernel.thp().at(vma.mm(), next);
            long kept = old & (Entry.of(Entry.frame(-1L), 0) | Entry.ACCESSED | Entry.DIRTY | Entry.SOFT_DIRTY | Entry.HUGE);
            kernel.thp().set(kernel.thp().table(vma.mm(), next), next, kept | vma.pageProtection(false));
            PageTables.changed(kernel, turn, vma.mm(), Entry.writable(old) ? "wrprotect" : "set", next, Thp.SIZE, null);
        }
    }

    /** Moves the entries of a range; the old range is flushed at the end, within its notification. */
    @Cites("mm/hugetlb.c: move_hugetlb_page_tables, 5.16-6.18")
    record Move(Vma vma, long from, long to, long length) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            kernel.gather().begin(turn.actor(), mm, from, from + length);
            kernel.hugetlb().move(mm, from, to, length);
            turn.then(
                    new NotifyStart(mm, from, from + length, Reason.CLEAR, true),
                    new RmapLock.Write(vma),
                    new MoveNext(vma, from, to - from, from + length),
                    new RmapLock.WriteUnlock(vma),
                    new Hull(from, from + length),
                    new GatherStep.TlbFlushMmuTlbonly(0),
                    new NotifyEnd(mm, from, from + length, Reason.CLEAR, true, false),
                    new GatherStep.TlbFinishMmu(from, from + length));
        }
    }

    /** All of the range is to be flushed. */
    @Cites("mm/hugetlb.c: move_hugetlb_page_tables, flush_hugetlb_tlb_range, 5.16-6.18")
    record Hull(long from, long end) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.gather().adjust(turn.actor(), from, end - from, 2);
        }
    }

    /** The next entry's new place gets its tables. */
    @Cites("mm/hugetlb.c: move_hugetlb_page_tables, huge_pte_alloc, 5.16-6.18")
    record MoveNext(Vma vma, long at, long distance, long end) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), at, end);
            if (next != end) {
                turn.then(new PageTables.Populate(vma.mm(), next + distance, 2), new MoveOne(vma, next, distance, end));
            }
        }
    }

    /** One entry goes from its old place to its new one. */
    @Cites("mm/hugetlb.c: move_huge_pte, 5.16-6.18")
    record MoveOne(Vma vma, long at, long distance, long end) implements HugetlbRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (Outcome.failed(turn.takeResult())) {
                turn.takeRemark();
                return;
            }
            long entry = kernel.thp().at(vma.mm(), at);
            kernel.thp().set(kernel.thp().table(vma.mm(), at), at, 0);
            kernel.thp().set(kernel.thp().table(vma.mm(), at + distance), at + distance, entry);
            PageTables.changed(kernel, turn, vma.mm(), "clear", at, Thp.SIZE, null);
            if (at + Thp.SIZE < end) {
                turn.then(new MoveNext(vma, at + Thp.SIZE, distance, end));
            }
        }
    }
}
