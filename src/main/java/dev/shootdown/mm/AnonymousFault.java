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

/** The first access to a page of private anonymous memory. Nobody is told: there was nothing to forget. */
sealed interface AnonymousFault extends KernelStep {
    /** do_anonymous_page() until the page-table lock: a write allocates a page. */
    static void begin(Kernel kernel, Turn turn, Vma vma, long table, long page, boolean write) {
        if (!write) {
            turn.then(new MapZeroPage(vma, table, page));
            return;
        }
        if (VmaLock.retriesUnprepared(kernel, turn, vma)) {
            return;
        }
        Vma prepared = prepare(kernel, vma);
        long frame = allocate(kernel, turn, vma.mm());
        if (frame != 0) {
            place(kernel, turn, vma, frame);
            turn.then(new MapAnonymousPage(prepared, table, page, frame));
        }
    }

    /** A zeroed page for a process, or 0 and ENOMEM. */
    static long allocate(Kernel kernel, Turn turn, int mm) {
        long frame = kernel.frames().allocate(Use.ANONYMOUS, mm);
        if (frame == 0) {
            turn.fail(Errno.ENOMEM, "there is no memory for a page");
        } else {
            turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(mm), frame, 0, kernel.name(mm)));
        }
        return frame;
    }

    /** The page is of the node that its mapping says, else of its CPU's: alloc_pages_vma(). */
    static void place(Kernel kernel, Turn turn, Vma vma, long frame) {
        if (kernel.nodes() > 1) {
            int cpu = kernel.cpuOf(turn.actor());
            int near = cpu == kernel.cpus().elsewhere() ? 0 : cpu % kernel.nodes();
            kernel.folios().node(frame, vma.policy() >= 0 ? vma.policy() : near);
        }
    }

    /** Gives a mapping its anon_vma before its first anonymous page: anon_vma_prepare(). A neighbour's will do if they may merge. */
    static Vma prepare(Kernel kernel, Vma stale) {
        if (stale.anon() != 0) {
            return stale;
        }
        Vma vma = kernel.vmas().at(stale.mm(), stale.start());
        if (vma.anon() != 0) {
            return vma;
        }
        Vma next = kernel.vmas().next(vma.mm(), vma.start());
        Vma previous = kernel.vmas().previous(vma.mm(), vma.start());
        int number = next != null && compatible(vma, next) && reusable(next) ? next.anon()
                : previous != null && compatible(previous, vma) && reusable(previous) ? previous.anon()
                : kernel.anonVmas().allocate(0);
        Vma prepared = vma.withAnon(number, false);
        kernel.vmas().replace(vma, prepared);
        return prepared;
    }

    private static boolean reusable(Vma neighbour) {
        return neighbour.anon() != 0 && !neighbour.forked();
    }

    private static boolean compatible(Vma lower, Vma upper) {
        return lower.end() == upper.start() && lower.file() == upper.file()
                && ((lower.flags() ^ upper.flags()) & ~(Vma.PROTECTION | Vma.STICKY)) == 0
                && lower.index(upper.start()) == upper.pgoff();
    }

    /** The entry of a new anonymous page. */
    static long entry(Vma vma, long frame) {
        long bits = vma.pageProtection(false) | Entry.ACCESSED | Entry.DIRTY | Entry.SOFT_DIRTY;
        return Entry.of(frame, vma.has(Vma.WRITE) ? bits | Entry.WRITE : bits);
    }

    /** Maps the zero page, which is not counted. */
    @Cites("mm/memory.c: do_anonymous_page, 3.16-6.18")
    record MapZeroPage(Vma vma, long table, long page) implements AnonymousFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (!ReclaimPageTable.gone(kernel, vma.mm(), table, page) && kernel.tables().entry(table, page, 1) == 0) {
                long entry = Entry.of(kernel.zeroFrame(), vma.pageProtection(false) | Entry.SPECIAL | Entry.ACCESSED);
                kernel.tables().entry(table, page, 1, entry);
                PageTables.changed(kernel, turn, vma.mm(), "set", page, Frames.PAGE_SIZE, null);
            }
            turn.result(FaultOutcome.ZERO.ordinal());
        }
    }

    /** Maps a new page, unless somebody was faster: then it goes back. */
    @Cites("mm/memory.c: do_anonymous_page, 3.16-6.18")
    record MapAnonymousPage(Vma vma, long table, long page, long frame) implements AnonymousFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.result(FaultOutcome.ANON.ordinal());
            if (ReclaimPageTable.gone(kernel, vma.mm(), table, page) || kernel.tables().entry(table, page, 1) != 0) {
                Free.page(kernel, turn, vma.mm(), frame);
                return;
            }
            map(kernel, turn, vma, page, frame);
            kernel.tables().entry(table, page, 1, entry(vma, frame));
            PageTables.changed(kernel, turn, vma.mm(), "set", page, Frames.PAGE_SIZE, null);
        }
    }

    /** Counts a new anonymous page as mapped, and as this mapping's own: page_add_new_anon_rmap(). */
    static void map(Kernel kernel, Turn turn, Vma vma, long page, long frame) {
        kernel.folios().set(frame, vma.anon(), vma.index(page), Folios.ANON_EXCLUSIVE);
        kernel.frames().mapped(frame, 1);
        kernel.count(vma.mm(), Rss.ANON, 1);
        kernel.lru().add(kernel.cpuOf(turn.actor()), frame, vma.has(Vma.LOCKED));
    }
}
