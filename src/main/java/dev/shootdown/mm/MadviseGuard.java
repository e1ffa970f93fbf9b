package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/** madvise's guard_install and guard_remove of a stretch of one mapping: markers in empty entries, at which accesses end. */
sealed interface MadviseGuard extends KernelStep {
    /** Whether a mapping refuses it: is_valid_guard_vma(). */
    static boolean refused(Vma vma, Advice advice) {
        long disallowed = Vma.HUGETLB | Vma.SPECIAL | (advice == Advice.GUARD_INSTALL ? Vma.LOCKED : 0);
        return vma.has(disallowed);
    }

    /** The mapping is marked as one that may have guard pages, and the walk begins; again behind a zap, as often as it takes. */
    @Cites("mm/madvise.c: madvise_guard_install, 6.13-6.18")
    record Install(Vma vma, long start, long end) implements MadviseGuard {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma now = kernel.vmas().at(vma.mm(), start);
            if (!now.has(Vma.MAYBE_GUARD)) {
                Vma marked = now.withFlags(now.flags() | Vma.MAYBE_GUARD);
                kernel.vmas().replace(now, marked);
                now = marked;
            }
            if (now.file() == 0) {
                AnonymousFault.prepare(kernel, now);
            }
            turn.then(new InstallPte(this, start));
        }
    }

    /** One empty entry gets the marker; at one with a page the walk stops, and all of the stretch is zapped. */
    @Cites("mm/madvise.c: guard_install_pte_entry, guard_install_set_pte, 6.13-6.18")
    record InstallPte(Install what, long at) implements MadviseGuard {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = what.vma.mm();
            if (Outcome.failed(turn.takeResult()) || at == what.end) {
                return;
            }
            if (PageTables.missing(kernel, mm, at) != 0) {
                turn.then(new PageTables.Populate(mm, at, 1), this);
                return;
            }
            long table = kernel.pteTable(mm, at);
            long entry = table == 0 ? kernel.pte(mm, at) : kernel.tables().entry(table, at, 1);
            if (entry != 0 && !SwapEntry.guard(entry)) {
                zap(kernel, turn, mm);
                return;
            }
            turn.then(new InstallPte(what, at + Frames.PAGE_SIZE));
            if (entry == 0) {
                kernel.tables().entry(table, at, 1, SwapEntry.of(SwapEntry.PTE_MARKER, SwapEntry.GUARD));
                PageTables.changed(kernel, turn, mm, "set", at, Frames.PAGE_SIZE, null);
            }
        }

        /** zap_page_range_single(), which leaves markers where they are. */
        private void zap(Kernel kernel, Turn turn, int mm) {
            kernel.gather().begin(turn.actor(), mm, what.start, what.end);
            turn.then(
                    new NotifyStart(mm, what.start, what.end, Reason.CLEAR, true),
                    new Zap.UnmapPageRange(what.vma, what.start, what.end, ZapDetails.PAGES),
                    new NotifyEnd(mm, what.start, what.end, Reason.CLEAR, true, false),
                    new GatherStep.TlbFinishMmu(what.start, what.end),
                    new Install(what.vma, what.start, what.end));
        }
    }

    /** Markers become empty entries again, one a step. There is nothing to flush: nobody remembers what was not present. */
    @Cites("mm/madvise.c: madvise_guard_remove, guard_remove_pte_entry, 6.13-6.18")
    record Remove(Vma vma, long start, long end) implements MadviseGuard {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            long at = PageTables.nextMapped(kernel, mm, start, end);
            while (at != end && !SwapEntry.guard(kernel.pte(mm, at))) {
                at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
            }
            if (at != end) {
                turn.then(new Remove(vma, at + Frames.PAGE_SIZE, end));
                kernel.tables().entry(kernel.pteTable(mm, at), at, 1, 0);
                PageTables.changed(kernel, turn, mm, "clear", at, Frames.PAGE_SIZE, null);
            }
        }
    }
}
