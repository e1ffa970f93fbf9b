package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/** Copies the entries of a mapping to a child's; private ones lose their write permission on both sides. */
sealed interface CopyPageRange extends KernelStep {
    /** Finds the next page table with something in it, makes the child's, and takes the lock. */
    @Cites("mm/memory.c: copy_page_range, 3.16-6.18")
    record Range(Vma vma, int child, long address, long end) implements CopyPageRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), address, end);
            if (next == end) {
                return;
            }
            if (kernel.thp().at(vma.mm(), next) != 0) {
                turn.then(new PageTables.Populate(child, next, 2), new CopyHugePmd.Alloc(vma, child, next));
                return;
            }
            long table = kernel.pteTable(vma.mm(), next);
            turn.then(new PageTableLock.Lock(table), new Pte(vma, child, table, next, PageTables.tableEnd(next, end), end));
            if (PageTables.missing(kernel, child, next) != 0) {
                turn.then(new PageTables.Populate(child, next, 1));
            }
        }
    }

    /** One entry: first the parent's loses its write permission, if it has it. */
    @Cites("mm/memory.c: copy_one_pte, 3.16-4.15; copy_present_pte, 6.1-6.18")
    record Pte(Vma vma, int child, long table, long address, long limit, long end) implements CopyPageRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long tables = turn.takeResult();
            if (Outcome.failed(tables)) {
                turn.perform(new PageTableLock.Unlock(table));
                turn.result(tables);
                return;
            }
            long entry = kernel.tables().entry(table, address, 1);
            SetPte set = new SetPte(vma, child, table, address, limit, end);
            if (vma.copiesOnWrite() && Entry.mapped(entry) && Entry.writable(entry)) {
                turn.then(set);
                turn.perform(new PageTables.Clear(vma.mm(), table, address, 1, entry & ~Entry.WRITE, "wrprotect", null));
            } else {
                set.run(kernel, turn);
            }
        }
    }

    /** The child gets its entry, and the page one mapping more. */
    @Cites("mm/memory.c: copy_one_pte, 3.16-4.15; copy_present_pte, 6.1-6.18")
    record SetPte(Vma vma, int child, long table, long address, long limit, long end) implements CopyPageRange {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(table, address, 1);
            if (Entry.mapped(entry)) {
                if ((entry & Entry.SPECIAL) == 0) {
                    share(kernel, Entry.frame(entry));
                }
                long kept = vma.has(Vma.SHARED) ? entry & ~Entry.DIRTY : entry;
                kernel.tables().entry(kernel.pteTable(child, address), address, 1, kept & ~Entry.ACCESSED);
                PageTables.changed(kernel, turn, child, "set", address, Frames.PAGE_SIZE, null);
            } else if (entry != 0) {
                nonpresent(kernel, turn, entry);
            }
            goOn(kernel, turn);
        }

        /** copy_nonpresent_pte(): what is in swap has one entry more, and is nobody's own any longer. */
        private void nonpresent(Kernel kernel, Turn turn, long entry) {
            long offset = SwapEntry.offset(entry);
            boolean migrating = SwapEntry.migrating(entry);
            if (SwapEntry.guard(entry)) {
                kernel.tables().entry(kernel.pteTable(child, address), address, 1, entry);
                PageTables.changed(kernel, turn, child, "set", address, Frames.PAGE_SIZE, null);
                return;
            }
            long copy = migrating ? SwapEntry.of(SwapEntry.MIGRATION_READ, offset) : entry & ~SwapEntry.EXCLUSIVE;
            if (migrating) {
                kernel.count(child, Rss.of(kernel.frames(), SwapEntry.frame(entry), kernel.version()), 1);
            } else {
                kernel.swap().duplicate(offset);
                kernel.count(child, Rss.SWAP, 1);
            }
            kernel.tables().entry(table, address, 1, copy);
            kernel.tables().entry(kernel.pteTable(child, address), address, 1, copy);
            PageTables.changed(kernel, turn, child, "set", address, Frames.PAGE_SIZE, null);
        }

        private void share(Kernel kernel, long frame) {
            kernel.frames().get(frame);
            kernel.frames().mapped(frame, 1);
            kernel.count(child, Rss.of(kernel.frames(), frame, kernel.version()), 1);
            if (kernel.frames().use(frame) == Use.ANONYMOUS) {
                kernel.folios().unmark(frame, Folios.ANON_EXCLUSIVE);
            }
        }

        private void goOn(Kernel kernel, Turn turn) {
            long next = address + Frames.PAGE_SIZE;
            while (next != limit && kernel.tables().entry(table, next, 1) == 0) {
                next += Frames.PAGE_SIZE;
            }
            if (next != limit) {
                turn.then(new Pte(vma, child, table, next, limit, end));
                return;
            }
            turn.perform(new PageTableLock.Unlock(table));
            if (limit != end) {
                turn.then(new Range(vma, child, limit, end));
            }
        }
    }
}
