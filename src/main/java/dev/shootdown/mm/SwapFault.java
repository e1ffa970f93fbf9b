package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;

/** An access to a page that is in swap, or on its way to another frame. Nobody is told: the entry was not present. */
sealed interface SwapFault extends KernelStep {
    /** do_swap_page(): the swap cache first. */
    static void begin(Kernel kernel, Turn turn, Vma vma, long table, long page, long entry, boolean write) {
        if (SwapEntry.migrating(entry)) {
            turn.then(new MigrationEntryWait(table, page, entry));
            return;
        }
        if (SwapEntry.guard(entry)) {
            turn.signal(Signal.SEGV_MAPERR, "the page is a guard page");
            return;
        }
        Target target = new Target(vma, table, page, entry, write);
        long frame = kernel.swap().frame(SwapEntry.offset(entry));
        if (frame == 0) {
            turn.then(new ReadFolio(target));
        } else {
            kernel.frames().get(frame);
            turn.then(new MapFolio(target, frame));
        }
    }

    /** The entry that is to be filled. */
    record Target(Vma vma, long table, long page, long entry, boolean write) {}

    /** Waits until the page has arrived in its new frame; the access is then tried again. */
    @Cites("mm/migrate.c: migration_entry_wait, 3.16-6.18")
    record MigrationEntryWait(long table, long page, long entry) implements SwapFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).tables().entry(table, page, 1) != entry;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.result(FaultOutcome.SPURIOUS.ordinal());
        }
    }

    /** Reads the page into a new frame, which is in the swap cache then. Returns it, or 0 if there is no memory. */
    static long read(Kernel kernel, Turn turn, int mm, long slot) {
        long frame = kernel.frames().allocate(Use.ANONYMOUS, mm);
        if (frame != 0) {
            kernel.swap().read(slot, frame);
            turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(mm), frame, 0, kernel.name(mm)));
        }
        return frame;
    }

    /** The page is not in the swap cache. */
    @Cites("mm/memory.c: do_swap_page; mm/swap_state.c: read_swap_cache_async, 3.16-6.18")
    record ReadFolio(Target target) implements SwapFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(target.table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = target.vma.mm();
            long slot = SwapEntry.offset(target.entry);
            if (kernel.tables().entry(target.table, target.page, 1) != target.entry) {
                turn.result(FaultOutcome.SWAP.ordinal());
                return;
            }
            long frame = kernel.swap().frame(slot);
            if (frame != 0) {
                kernel.frames().get(frame);
            } else {
                frame = read(kernel, turn, mm, slot);
            }
            if (frame == 0) {
                turn.fail(Errno.ENOMEM, "there is no memory for a page");
            } else {
                turn.then(new MapFolio(target, frame));
            }
        }
    }

    /** Maps the page, unless somebody was faster. A write to one that others share copies it at once. */
    @Cites("mm/memory.c: do_swap_page, 3.16-6.18")
    record MapFolio(Target target, long frame) implements SwapFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(target.table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.result(FaultOutcome.SWAP.ordinal());
            Vma vma = target.vma;
            if (kernel.tables().entry(target.table, target.page, 1) != target.entry) {
                Free.page(kernel, turn, vma.mm(), frame);
                return;
            }
            boolean exclusive = exclusive(kernel);
            long entry = Entry.of(frame, bits(kernel, exclusive));
            map(kernel, exclusive);
            kernel.tables().entry(target.table, target.page, 1, entry);
            PageTables.changed(kernel, turn, vma.mm(), "set", target.page, Frames.PAGE_SIZE, null);
            if (target.write && !Entry.writable(entry) && vma.has(Vma.WRITE)) {
                turn.takeResult();
                turn.then(new Wp(vma, target.table, target.page, entry));
            }
        }

        /** Whether nobody else has the page, mapped or in swap. */
        private boolean exclusive(Kernel kernel) {
            boolean marked = kernel.version().anonExclusive() && (target.entry & SwapEntry.EXCLUSIVE) != 0;
            return marked || kernel.swap().count(frame) == 1 && kernel.frames().mappings(frame) == 0;
        }

        private long bits(Kernel kernel, boolean exclusive) {
            boolean writable = exclusive && target.vma.has(Vma.WRITE) && (target.entry & SwapEntry.UFFD_WP) == 0
                    && (target.write || kernel.version().swapInMakesWritable());
            return target.vma.pageProtection(false) | Entry.ACCESSED
                    | (writable ? Entry.WRITE : 0) | (writable && target.write ? Entry.DIRTY | Entry.SOFT_DIRTY : 0)
                    | ((target.entry & SwapEntry.SOFT_DIRTY) != 0 ? Entry.SOFT_DIRTY : 0)
                    | ((target.entry & SwapEntry.UFFD_WP) != 0 ? Entry.UFFD_WP : 0);
        }

        private void map(Kernel kernel, boolean exclusive) {
            int mm = target.vma.mm();
            long slot = SwapEntry.offset(target.entry);
            if (kernel.folios().mapping(frame) == 0) {
                int anon = target.vma.anon();
                kernel.folios().set(frame, exclusive ? anon : kernel.anonVmas().root(anon), target.vma.index(target.page), 0);
            }
            if (exclusive && kernel.version().anonExclusive()) {
                kernel.folios().mark(frame, Folios.ANON_EXCLUSIVE);
            }
            kernel.frames().mapped(frame, 1);
            kernel.count(mm, Rss.ANON, 1);
            kernel.count(mm, Rss.SWAP, -1);
            kernel.swap().free(slot);
            if (kernel.swap().count(frame) == 0) {
                kernel.swap().uncache(frame);
                kernel.frames().put(frame);
            }
        }
    }

    /** The same fault goes on as a write to a page that is not this mapping's own. */
    @Cites("mm/memory.c: do_swap_page, do_wp_page, 3.16-6.18")
    record Wp(Vma vma, long table, long page, long entry) implements SwapFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.tables().entry(table, page, 1) == entry) {
                WriteFault.begin(kernel, turn, vma, table, page, entry);
            } else {
                turn.result(FaultOutcome.SWAP.ordinal());
            }
        }
    }
}
