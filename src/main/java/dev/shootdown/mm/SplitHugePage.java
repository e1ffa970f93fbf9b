package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/**
 * A compound page becomes pages by themselves. The caller holds a reference, which is of the page given afterwards. From
 * 4.5 on it is first unmapped everywhere, with migration entries; it stays whole if somebody else holds it.
 *
 * @param mm    for whom pages are freed that nobody maps
 * @param frame any of it
 */
@Cites("mm/huge_memory.c: split_huge_page_to_list, 3.16-6.6; folio_split, split_huge_page_to_list_to_order, 6.18")
record SplitHugePage(int mm, long frame) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (!kernel.frames().compound(frame)) {
            return;
        }
        long head = kernel.frames().head(frame);
        int family = kernel.rmap().family(head);
        boolean old = kernel.version().pmdSplitSplitsPage();
        turn.then(
                new RmapLock.Read(family),
                old ? new Splitting(head) : new UnmapFolio(head),
                new Split(mm, head, frame),
                old ? new Map(head) : new RemapPage(head),
                new RmapLock.ReadUnlock(family),
                new PutTails(mm, head, frame, 0));
    }

    /** The part of a mapping in which a compound page may be mapped. */
    private static long from(Kernel kernel, Vma vma, long head) {
        long index = kernel.folios().index(head);
        return Rmap.address(vma, Math.max(index, vma.pgoff()));
    }

    private static long to(Kernel kernel, Vma vma, long head) {
        return Math.min(vma.end(), Rmap.address(vma, kernel.folios().index(head) + Thp.PAGES));
    }

    /** Migration entries take the place of what maps it, mapping by mapping. */
    @Cites("mm/huge_memory.c: freeze_page, 4.5-4.20, unmap_page, 5.x-6.1, unmap_folio, 6.6-6.18; mm/rmap.c: try_to_migrate")
    record UnmapFolio(long head) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mappingAny(head, Thp.PAGES)) {
                long from = from(kernel, vma, head);
                long to = to(kernel, vma, head);
                TryToMigrate.folio(kernel, steps, vma, from, to, head);
            }
            turn.then(steps);
        }
    }

    /** Nobody maps it: if nobody else holds it either, its pages are their own from here on. */
    @Cites("mm/huge_memory.c: __split_huge_page, page_ref_freeze, 4.5-6.18; __split_huge_page_refcount, 3.16-4.4")
    record Split(int mm, long head, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long cached = 0;
            for (int i = 0; i < Thp.PAGES; i++) {
                cached += kernel.swap().slot(head + i) != 0 ? 1 : 0;
            }
            boolean alone = kernel.frames().references(head) == 1 + cached + kernel.frames().mappingsOfAll(head);
            if (alone || kernel.version().pmdSplitSplitsPage()) {
                kernel.folios().split(head);
                for (int i = 0; i < Thp.PAGES; i++) {
                    kernel.frames().references(head + i, kernel.swap().slot(head + i) != 0 ? 1 : 0);
                }
            }
        }
    }

    /** What migration entries stand for is mapped again. */
    @Cites("mm/huge_memory.c: unfreeze_page, 4.5-4.20, remap_page, 5.x-6.18; mm/migrate.c: remove_migration_ptes")
    record RemapPage(long head) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mappingAny(head, Thp.PAGES)) {
                steps.add(new RemapVma(vma, from(kernel, vma, head), to(kernel, vma, head), head));
            }
            turn.then(steps);
        }
    }

    /** The same in one mapping, under the lock of its table. */
    @Cites("mm/migrate.c: remove_migration_pte, 4.5-6.18")
    record RemapVma(Vma vma, long from, long to, long head) implements KernelStep {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            long last = to - Frames.PAGE_SIZE;
            return kernel.unlocked(kernel.pteTable(vma.mm(), from)) && kernel.unlocked(kernel.pteTable(vma.mm(), last));
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long first = 0;
            long end = 0;
            for (long at = from; at < to; at += Frames.PAGE_SIZE) {
                long table = kernel.pteTable(vma.mm(), at);
                long page = head + (vma.index(at) - kernel.folios().index(head));
                if (table != 0 && (zero(kernel, at, table, page) || RemoveMigrationPtes.restore(kernel, vma, at, table, page, page))) {
                    first = end == 0 ? at : first;
                    end = at + Frames.PAGE_SIZE;
                }
            }
            if (end != 0) {
                PageTables.changed(kernel, turn, vma.mm(), "set", first, end - first, null);
            }
        }

        /** Newer kernels map the zero page where there are only zeros: try_to_map_unused_to_zeropage(). */
        private boolean zero(Kernel kernel, long at, long table, long page) {
            long entry = kernel.tables().entry(table, at, 1);
            boolean may = kernel.version().splitMapsZeroPage() && SwapEntry.migrating(entry) && SwapEntry.frame(entry) == page
                    && !kernel.frames().compound(page) && !vma.has(Vma.LOCKED) && kernel.frames().isFilledWith(page, 0);
            if (may) {
                kernel.tables().entry(table, at, 1, Entry.of(kernel.zeroFrame(), vma.pageProtection(false) | Entry.SPECIAL));
                kernel.count(vma.mm(), Rss.ANON, -1);
            }
            return may;
        }
    }

    /** The references that the split took of each page go, but for that of the page given; what nobody maps is freed. */
    @Cites("mm/huge_memory.c: __split_huge_page, put_page(subpage), free_page_and_swap_cache, 3.16-6.18")
    record PutTails(int mm, long head, long frame, int next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.frames().compound(frame)) {
                return;
            }
            boolean freed = false;
            int at = next;
            while (at < Thp.PAGES && !freed) {
                freed = head + at != frame && Free.page(kernel, turn, mm, head + at);
                at++;
            }
            if (at < Thp.PAGES) {
                turn.then(new PutTails(mm, head, frame, at));
            }
        }
    }

    /** Older kernels: every large entry of it is marked and flushed, with its range notified. */
    @Cites("mm/huge_memory.c: __split_huge_page_splitting, pmdp_splitting_flush, 3.16-4.4")
    record Splitting(long head) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mapping(head)) {
                long start = Rmap.address(vma, kernel.folios().index(head));
                steps.add(new NotifyStart(vma.mm(), start, start + Thp.SIZE, Reason.CLEAR, true));
                steps.add(new Mark(vma.mm(), start, head));
                steps.add(new NotifyEnd(vma.mm(), start, start + Thp.SIZE, Reason.CLEAR, true, false));
            }
            turn.then(steps);
        }
    }

    /** The entry is marked, by which whoever walks fast without locks is kept out: its lock is kept until it is a table. */
    @Cites("arch/x86/mm/pgtable.c: pmdp_splitting_flush, 3.16-4.4")
    record Mark(int mm, long start, long head) implements KernelStep {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            return !maps(kernel) || kernel.unlocked(kernel.thp().table(mm, start));
        }

        private boolean maps(Kernel kernel) {
            long entry = kernel.thp().at(mm, start);
            return entry != 0 && Entry.frame(entry) == head;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (!maps(kernel)) {
                return;
            }
            turn.perform(new PageTableLock.Lock(kernel.thp().table(mm, start)));
            turn.then(SplitHugePmd.flush(kernel, mm, start));
            PageTables.changed(kernel, turn, mm, "set", start, Thp.SIZE, "pmdp_splitting_flush");
        }
    }

    /** Older kernels: every large entry of what was the compound page becomes a table. */
    @Cites("mm/huge_memory.c: __split_huge_page_map, 3.16-4.4")
    record Map(long head) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mapping(head)) {
                long start = Rmap.address(vma, kernel.folios().index(head));
                long entry = kernel.thp().at(vma.mm(), start);
                if (entry != 0 && Entry.frame(entry) == head) {
                    steps.add(new MapOne(vma.mm(), start));
                }
            }
            turn.then(steps);
        }
    }

    /** The large entry is made invalid and flushed; the table takes its place, and the lock is let go. */
    @Cites("mm/huge_memory.c: __split_huge_page_map, pmdp_invalidate, 3.16-4.4")
    record MapOne(int mm, long start) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(mm, start);
            long entry = kernel.thp().at(mm, start);
            SplitHugePmd.invalidate(kernel, turn, mm, start, table, entry);
            turn.then(SplitHugePmd.flush(kernel, mm, start), new SplitHugePmd.Populate(mm, start, table, entry, false));
        }
    }
}
