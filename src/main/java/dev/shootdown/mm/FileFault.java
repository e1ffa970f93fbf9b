package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;

/** The first access to a page of a file's mapping, or of shared anonymous memory. */
sealed interface FileFault extends KernelStep {
    /** Pages that a read fault maps at once if they are in the page cache: fault_around_bytes. */
    long FAULT_AROUND = 16 * Frames.PAGE_SIZE;

    /** do_fault(): finds the page, or makes it. */
    static void begin(Kernel kernel, Turn turn, Vma vma, long table, long page, boolean write) {
        Files files = kernel.files();
        long index = vma.index(page);
        if (retries(kernel, turn, vma, index, write)) {
            return;
        }
        prepareCopy(kernel, vma, write);
        if (index << Frames.PAGE_SHIFT >= files.size(vma.file())) {
            // What a read would map around it is mapped all the same.
            turn.then(new BeyondTheEnd());
            if (!write) {
                turn.then(new MapAround(vma, table, page));
            }
            return;
        }
        if (files.frame(vma.file(), index) == 0) {
            turn.then(new AddToPageCache(vma, table, page, index, write));
        } else {
            found(kernel, turn, vma, table, page, index, write);
        }
    }

    /** With the mapping's lock only, 6.6 maps what is in the page cache for reads; newer kernels do all. */
    private static boolean retries(Kernel kernel, Turn turn, Vma vma, long index, boolean write) {
        if (kernel.version().vmaLockMapsCachedPagesOnly()) {
            boolean cached = index << Frames.PAGE_SHIFT < kernel.files().size(vma.file()) && kernel.files().frame(vma.file(), index) != 0;
            return (write || !cached) && VmaLock.retry(kernel, turn);
        }
        return write && !vma.has(Vma.SHARED) && VmaLock.retriesUnprepared(kernel, turn, vma);
    }

    /** A write to private memory has its anon_vma before it is known whether there is anything to copy: do_cow_fault(). */
    private static void prepareCopy(Kernel kernel, Vma vma, boolean write) {
        if (write && !vma.has(Vma.SHARED)) {
            AnonymousFault.prepare(kernel, vma);
        }
    }

    /** Ends an access for which {@link #failsWithoutTable}. */
    static void fail(Kernel kernel, Turn turn, Vma vma, int access) {
        if (retries(kernel, turn, vma, Long.MAX_VALUE >>> Frames.PAGE_SHIFT, (access & Translation.WRITE) != 0)) {
            return;
        }
        prepareCopy(kernel, vma, (access & Translation.WRITE) != 0);
        turn.then(new BeyondTheEnd());
    }

    /**
     * Whether an access lies beyond the end of the file, and nothing around it is mapped either: newer kernels make the
     * page table only when they have something to put into it.
     */
    static boolean failsWithoutTable(Kernel kernel, Vma vma, long page, int access) {
        if (vma.file() == 0 || !kernel.version().faultsMakeTablesLate() || vma.index(page) << Frames.PAGE_SHIFT < kernel.files().size(vma.file())) {
            return false;
        }
        long from = Math.max(page & -FAULT_AROUND, vma.start());
        long first = kernel.files().first(vma.file(), vma.index(from));
        long last = Truncate.pages(kernel.files().size(vma.file())) - 1;
        boolean nothing = first == 0 || kernel.folios().index(first) >= vma.index(page) || kernel.folios().index(first) > last;
        boolean spared = kernel.version().lastPageNeedsTable() && !kernel.files().tmpfs(vma.file()) && kernel.folios().index(first) == last;
        return (access & Translation.WRITE) != 0 || nothing || spared;
    }

    /** The file system has no such page. */
    @Cites("mm/filemap.c: filemap_fault; mm/shmem.c: shmem_fault, shmem_get_folio_gfp, 3.16-6.18")
    record BeyondTheEnd() implements FileFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.takeResult();
            turn.signal(Signal.BUS_ADRERR, "the page lies beyond the end of the file");
        }
    }

    private static void found(Kernel kernel, Turn turn, Vma vma, long table, long page, long index, boolean write) {
        if (!write) {
            turn.then(new MapAround(vma, table, page));
        } else if (vma.has(Vma.SHARED)) {
            turn.then(new MapShared(vma, table, page));
        } else {
            turn.then(new CopyPage(vma, table, page, index));
        }
    }

    /** A page that is not in the page cache is read, or made. */
    @Cites("mm/filemap.c: filemap_fault; mm/shmem.c: shmem_fault, 3.16-6.18")
    record AddToPageCache(Vma vma, long table, long page, long index, boolean write) implements FileFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.files().frame(vma.file(), index) == 0) {
                long frame = kernel.files().add(vma.file(), index);
                if (frame == 0) {
                    turn.fail(Errno.ENOMEM, "there is no memory for a page");
                    return;
                }
                kernel.lru().add(kernel.cpuOf(turn.actor()), frame, false);
                turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(vma.mm()), frame, 0, kernel.name(vma.file())));
            }
            found(kernel, turn, vma, table, page, index, write);
        }
    }

    /** A read maps the page, and those around it that are in the page cache too. */
    @Cites("mm/memory.c: do_read_fault, do_fault_around; mm/filemap.c: filemap_map_pages, 3.16-6.18")
    record MapAround(Vma vma, long table, long page) implements FileFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long from = Math.max(page & -FAULT_AROUND, vma.start());
            long to = Math.min(Math.min(from + FAULT_AROUND, vma.end()), (page | Entry.span(2) - 1) + 1);
            long first = 0;
            long last = 0;
            long bits = vma.pageProtection(kernel.files().writeNotify(vma.file())) | Entry.ACCESSED;
            boolean gone = ReclaimPageTable.gone(kernel, vma.mm(), table, page);
            for (long at = from; at < to && !gone; at += Frames.PAGE_SIZE) {
                long frame = present(kernel, vma.index(at));
                if (frame != 0 && kernel.tables().entry(table, at, 1) == 0) {
                    map(kernel, vma, table, at, Entry.of(frame, bits));
                    first = first == 0 ? at : first;
                    last = at + Frames.PAGE_SIZE;
                }
            }
            if (last != 0) {
                PageTables.changed(kernel, turn, vma.mm(), "set", first, last - first, null);
            }
            turn.result(FaultOutcome.FILE.ordinal());
        }

        private long present(Kernel kernel, long index) {
            boolean inside = index << Frames.PAGE_SHIFT < kernel.files().size(vma.file());
            return inside ? kernel.files().frame(vma.file(), index) : 0;
        }
    }

    /** A write through a shared mapping maps the page, writable and dirty. */
    @Cites("mm/memory.c: do_shared_fault, 3.16-6.18")
    record MapShared(Vma vma, long table, long page) implements FileFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long frame = kernel.files().frame(vma.file(), vma.index(page));
            boolean gone = ReclaimPageTable.gone(kernel, vma.mm(), table, page);
            if (frame != 0 && !gone && kernel.tables().entry(table, page, 1) == 0) {
                long bits = vma.pageProtection(false) | Entry.ACCESSED | Entry.DIRTY | Entry.WRITE;
                map(kernel, vma, table, page, Entry.of(frame, bits));
                kernel.folios().mark(frame, Folios.DIRTY);
                PageTables.changed(kernel, turn, vma.mm(), "set", page, Frames.PAGE_SIZE, null);
            }
            turn.result(FaultOutcome.FILE.ordinal());
        }
    }

    /** A write through a private mapping gets a copy at once. */
    @Cites("mm/memory.c: do_cow_fault, 3.16-6.18")
    record CopyPage(Vma vma, long table, long page, long index) implements FileFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma prepared = AnonymousFault.prepare(kernel, vma);
            long frame = AnonymousFault.allocate(kernel, turn, vma.mm());
            if (frame != 0) {
                kernel.frames().copy(kernel.files().frame(vma.file(), index), frame);
                turn.then(new MapCopy(prepared, table, page, frame));
            }
        }
    }

    /** Maps the copy, unless somebody was faster. */
    @Cites("mm/memory.c: do_cow_fault, finish_fault, 3.16-6.18")
    record MapCopy(Vma vma, long table, long page, long frame) implements FileFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            new AnonymousFault.MapAnonymousPage(vma, table, page, frame).run(kernel, turn);
            turn.takeResult();
            turn.result(FaultOutcome.COW.ordinal());
        }
    }

    private static void map(Kernel kernel, Vma vma, long table, long page, long entry) {
        long frame = Entry.frame(entry);
        kernel.tables().entry(table, page, 1, entry);
        kernel.frames().get(frame);
        kernel.frames().mapped(frame, 1);
        kernel.count(vma.mm(), Rss.of(kernel.frames(), frame, kernel.version()), 1);
    }
}
