package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;

/** Copies a large entry to a child: both lose its write permission, and the child keeps a table of its own for a split. */
sealed interface CopyHugePmd extends KernelStep {
    /** The child's upper tables are there; the table for a split comes next. */
    @Cites("mm/huge_memory.c: copy_huge_pmd, pte_alloc_one, 3.16-6.18")
    record Alloc(Vma vma, int child, long start) implements CopyHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long tables = turn.takeResult();
            long kept = Outcome.failed(tables) ? 0 : kernel.frames().allocate(Use.TABLE, child);
            if (Outcome.failed(tables)) {
                turn.result(tables);
            } else if (kept == 0) {
                turn.fail(Errno.ENOMEM, "there is no memory for a page table");
            } else {
                turn.then(new PageTableLock.Lock(kernel.thp().table(vma.mm(), start)), new Protect(vma, child, start, kept));
                turn.emit(Kind.TABLE_ALLOC, () -> new Event.TableAlloc(kernel.name(child), kept, 1));
            }
        }
    }

    /** The parent's entry loses its write permission, if it has it; unless it has been split meanwhile. */
    @Cites("mm/huge_memory.c: copy_huge_pmd, pmdp_set_wrprotect, 3.16-6.18")
    record Protect(Vma vma, int child, long start, long kept) implements CopyHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            long entry = kernel.thp().at(vma.mm(), start);
            if (entry == 0) {
                turn.perform(new PageTableLock.Unlock(table));
                turn.then(new HugeAnonymousFault.PteFree(kept), new CopyPageRange.Range(vma, child, start, vma.end()));
            } else if (Entry.writable(entry)) {
                kernel.thp().set(table, start, entry & ~Entry.WRITE);
                PageTables.changed(kernel, turn, vma.mm(), "wrprotect", start, Thp.SIZE, null);
                turn.then(new Set(vma, child, start, kept));
            } else {
                new Set(vma, child, start, kept).run(kernel, turn);
            }
        }
    }

    /** The child gets its entry, and the huge page one mapping more. */
    @Cites("mm/huge_memory.c: copy_huge_pmd, 3.16-6.18")
    record Set(Vma vma, int child, long start, long kept) implements CopyHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.thp().at(vma.mm(), start);
            if (!kernel.thp().isZero(entry)) {
                long head = Entry.frame(entry);
                kernel.folios().unmark(head, Folios.ANON_EXCLUSIVE);
                kernel.frames().get(head);
                kernel.frames().mappedWhole(head, 1);
                kernel.count(child, Rss.ANON, Thp.PAGES);
            }
            long childTable = kernel.thp().table(child, start);
            kernel.thp().deposit(childTable, start, kept);
            kernel.thp().set(childTable, start, entry & ~Entry.WRITE & ~Entry.ACCESSED);
            PageTables.changed(kernel, turn, child, "set", start, Thp.SIZE, null);
            turn.perform(new PageTableLock.Unlock(kernel.thp().table(vma.mm(), start)));
            if (start + Thp.SIZE != vma.end()) {
                turn.then(new CopyPageRange.Range(vma, child, start + Thp.SIZE, vma.end()));
            }
        }
    }
}
