package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * Takes back the pages that a stretch of an address space maps, one after the other: asks whether it was used, gives it
 * a place in swap, unmaps it everywhere, writes it out, and queues it to be freed with the others at the end.
 *
 * @param alone whether only pages that nobody else maps are taken
 * @param taken how many have been so far
 */
@Cites("mm/vmscan.c: shrink_page_list, 3.16-5.15; shrink_folio_list, 6.1-6.18")
record ShrinkFolioList(int mm, long address, long end, boolean alone, int taken) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long at = PageTables.nextMapped(kernel, mm, address, end);
        while (at != end && !reclaimable(kernel, mm, at, alone)) {
            at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
        }
        if (at == end) {
            turn.then(new UnmapBatch.TryToUnmapFlush(false), new GatherStep.TlbBatchPagesFlush(0), new Counted(taken));
            return;
        }
        boolean large = kernel.thp().at(mm, at) != 0;
        long frame = kernel.frames().head(Entry.frame(kernel.pte(mm, at)));
        turn.perform(new GetPage(frame));
        ShrinkFolioList next = new ShrinkFolioList(mm, large ? Thp.end(at, end) : at + Frames.PAGE_SIZE, end, alone, taken);
        turn.then(new FolioReferenced(frame, true), new AddToSwap(frame, at, next));
    }

    /** Leaves how many were taken. */
    @Cites("mm/vmscan.c: shrink_folio_list, nr_reclaimed, 3.16-6.18")
    record Counted(int taken) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.takeResult();
            turn.result(taken);
        }
    }

    /** Whether a page is on a list of those that may be taken back: mapped, of ordinary memory, not locked. */
    static boolean reclaimable(Kernel kernel, int mm, long at, boolean alone) {
        long entry = kernel.pte(mm, at);
        Vma vma = kernel.vmas().at(mm, at);
        if (!Entry.mapped(entry) || kernel.thp().isZero(entry) || (entry & Entry.SPECIAL) != 0 || vma == null) {
            return false;
        }
        long frame = Entry.frame(entry);
        Use use = kernel.frames().use(frame);
        // Memory files are on the lists of anonymous memory, which are looked at where there is swap, or when asked for by madvise.
        return !vma.has(Vma.LOCKED | Vma.PFNMAP | Vma.HUGETLB) && (use == Use.ANONYMOUS || use == Use.FILE || use == Use.SHARED && alone)
                && !kernel.folios().has(frame, Folios.KSM) && !(alone && kernel.frames().mappings(frame) != 1);
    }

    /** Puts a page back that is to stay. */
    private static void keep(Kernel kernel, Turn turn, long frame, ShrinkFolioList next) {
        turn.then(next);
        Free.page(kernel, turn, next.mm, frame);
    }

    /** A page that was used stays. An anonymous one needs a slot, unless it may be forgotten. */
    @Cites("mm/vmscan.c: page_check_references, folio_check_references; mm/swap_state.c: add_to_swap, 3.16-6.18")
    record AddToSwap(long frame, long at, ShrinkFolioList next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean used = kernel.folios().has(frame, Folios.REFERENCED);
            boolean swaps = kernel.frames().use(frame) == Use.ANONYMOUS && !kernel.folios().has(frame, Folios.LAZYFREE);
            boolean compound = kernel.frames().compound(frame);
            if (!used && swaps && compound && !whole(kernel)) {
                split(kernel, turn);
                return;
            }
            if (used || swaps && !compound && !kernel.swap().add(frame)) {
                keep(kernel, turn, frame, next);
                return;
            }
            if (swaps) {
                kernel.folios().mark(frame, Folios.DIRTY);
            }
            turn.then(new TryToUnmap(frame), new PageOut(frame, next));
        }

        /** Whether a compound page goes to swap as one: from 4.13 on, where there is room for all, and if it is mapped as one. */
        private boolean whole(Kernel kernel) {
            return !kernel.version().pmdSplitSplitsPage() && kernel.frames().mappingsWhole(frame) != 0
                    && kernel.swap().addAll(frame, 1 << kernel.frames().order(frame));
        }

        /** It is split, and its pages are looked at one after the other; or it stays, if somebody else holds it. */
        private void split(Kernel kernel, Turn turn) {
            if (kernel.frames().references(frame) != kernel.frames().mappingsOfAll(frame) + 1) {
                keep(kernel, turn, frame, next);
                return;
            }
            turn.then(
                    new SplitHugePage(next.mm, frame),
                    new MigratePages.Put(next.mm, frame),
                    new ShrinkFolioList(next.mm, at, next.end, next.alone, next.taken));
        }
    }

    /** What is dirty and anonymous is written to its slot; before that, CPUs that may still write to it are flushed. */
    @Cites("mm/vmscan.c: pageout, 3.16-6.18; mm/rmap.c: try_to_unmap_flush_dirty, 4.15-6.18")
    record PageOut(long frame, ShrinkFolioList next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean dirty = kernel.folios().has(frame, Folios.DIRTY);
            boolean anonymous = kernel.frames().use(frame) == Use.ANONYMOUS;
            if (kernel.frames().mappingsOfAll(frame) > 0 || dirty && !anonymous) {
                // A file's dirty page is left to writeback.
                keep(kernel, turn, frame, next);
                return;
            }
            turn.then(new Written(frame, next));
            if (dirty) {
                turn.perform(new UnmapBatch.TryToUnmapFlush(true));
            }
        }
    }

    /** The page is clean: it leaves the swap cache or the page cache, if nobody has taken it up again. */
    @Cites("mm/page_io.c: swap_writepage; mm/vmscan.c: __remove_mapping, 3.16-6.18")
    record Written(long frame, ShrinkFolioList next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean cached = kernel.swap().slot(frame) != 0;
            int pages = 1 << kernel.frames().order(frame);
            if (cached) {
                write(kernel, pages);
            }
            if (!turn.perform(new RemoveMapping(frame))) {
                keep(kernel, turn, frame, next);
                return;
            }
            kernel.gather().add(turn.actor(), frame, 0);
            ShrinkFolioList more = new ShrinkFolioList(next.mm, next.address, next.end, next.alone, next.taken + pages);
            turn.then(more);
            if (kernel.gather().count(turn.actor()) >= kernel.version().reclaimFreesAtOnce()) {
                turn.then(new UnmapBatch.TryToUnmapFlush(false), new GatherStep.TlbBatchPagesFlush(0));
            }
        }

        private void write(Kernel kernel, int pages) {
            for (int i = 0; i < pages; i++) {
                kernel.swap().write(frame + i);
            }
            kernel.folios().unmark(frame, Folios.DIRTY);
        }
    }

    /** A page leaves the swap cache or the page cache, if nobody but that and the caller holds it. */
    @Safety(value = "no page may go that somebody has taken up again, or written to", manners = Manner.HURRY)
    @Cites("mm/vmscan.c: __remove_mapping, page_ref_freeze, 3.16-6.18")
    record RemoveMapping(long frame) implements KernelStep {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            boolean file = ofFile(kernel);
            boolean cached = kernel.swap().slot(frame) != 0;
            int pages = 1 << kernel.frames().order(frame);
            return kernel.frames().references(frame) == (cached || file ? 1 + pages : 1) && !(file && kernel.folios().has(frame, Folios.DIRTY));
        }

        private boolean ofFile(Kernel kernel) {
            return kernel.frames().use(frame) == Use.FILE || kernel.frames().use(frame) == Use.SHARED;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (ofFile(kernel)) {
                kernel.files().evict(kernel.frames().owner(frame), kernel.folios().index(frame), frame);
                kernel.frames().put(frame);
            } else if (kernel.swap().slot(frame) != 0) {
                for (int i = 0; i < 1 << kernel.frames().order(frame); i++) {
                    kernel.swap().uncache(frame + i);
                    kernel.frames().put(frame);
                }
            }
        }
    }
}
