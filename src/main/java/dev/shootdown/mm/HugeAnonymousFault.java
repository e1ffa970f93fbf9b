package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;

/**
 * The first access to private anonymous memory where a huge page may be: two megabytes are mapped at once. Where there is
 * no memory for that, it is served as one page's. Nobody is told: there was nothing to forget.
 */
sealed interface HugeAnonymousFault extends KernelStep {
    /** Whether a fault at an address whose large entry is empty is served so. */
    static boolean serves(Kernel kernel, Vma vma, long address) {
        return kernel.thp().allowable(vma, false) && Thp.suitable(vma, address);
    }

    /** The page is served by itself. */
    static void fallBack(Turn turn, Vma vma, long address, int access) {
        turn.then(new PageTables.Populate(vma.mm(), address, 1), new HandleMmFault.HandlePteFault(vma, address, access));
    }

    /** The upper tables are there. A write allocates a huge page; a read maps the huge zero page. */
    @Cites("mm/huge_memory.c: do_huge_pmd_anonymous_page, 3.16-6.18")
    record Begin(Vma vma, long address, int access) implements HugeAnonymousFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (PageTables.missing(turn)) {
                return;
            }
            boolean write = (access & Translation.WRITE) != 0;
            if (Uffd.serves(vma, 0, write)) {
                Uffd.handle(kernel, turn, vma, address & -dev.shootdown.memory.Frames.PAGE_SIZE, write);
                return;
            }
            if (VmaLock.retriesUnprepared(kernel, turn, vma)) {
                return;
            }
            Vma prepared = AnonymousFault.prepare(kernel, vma);
            long frame = write ? kernel.frames().allocate(Use.ANONYMOUS, vma.mm(), Thp.ORDER) : kernel.thp().getZeroPage();
            if (frame == 0) {
                fallBack(turn, prepared, address, access);
                return;
            }
            turn.then(new PteAllocOne(prepared, address, access, frame));
            if (write) {
                AnonymousFault.place(kernel, turn, prepared, frame);
                allocated(kernel, turn, vma.mm(), frame);
            }
        }
    }

    /** Says that a huge page was allocated. */
    static void allocated(Kernel kernel, Turn turn, int mm, long frame) {
        turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(mm), frame, Thp.ORDER, kernel.name(mm)));
    }

    /** The table that will be needed if the page is split is allocated now. */
    @Cites("mm/huge_memory.c: __do_huge_pmd_anonymous_page, pte_alloc_one, 3.16-6.18")
    record PteAllocOne(Vma vma, long address, int access, long frame) implements HugeAnonymousFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.frames().allocate(Use.TABLE, vma.mm());
            if (table == 0) {
                turn.fail(Errno.ENOMEM, "there is no memory for a page table");
                if ((access & Translation.WRITE) != 0) {
                    Free.page(kernel, turn, vma.mm(), frame);
                }
                return;
            }
            turn.then(new SetHugePmd(vma, address, access, frame, table));
            turn.emit(Kind.TABLE_ALLOC, () -> new Event.TableAlloc(kernel.name(vma.mm()), table, 1));
        }
    }

    /** Maps the huge page, unless somebody was faster: then all goes back. */
    @Cites("mm/huge_memory.c: __do_huge_pmd_anonymous_page, set_huge_zero_page, 3.16-6.18")
    record SetHugePmd(Vma vma, long address, int access, long frame, long table) implements HugeAnonymousFault {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, vma.mm(), address);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long pmdTable = kernel.thp().table(vma.mm(), address);
            boolean write = (access & Translation.WRITE) != 0;
            turn.result(write ? FaultOutcome.ANON.ordinal() : FaultOutcome.ZERO.ordinal());
            if (kernel.tables().entry(pmdTable, address, 2) != 0) {
                turn.then(new PteFree(table));
                if (write) {
                    Free.page(kernel, turn, vma.mm(), frame);
                }
                return;
            }
            if (write) {
                map(kernel, vma, address, frame);
                kernel.lru().add(kernel.cpuOf(turn.actor()), frame, vma.has(Vma.LOCKED));
                kernel.count(vma.mm(), Rss.ANON, Thp.PAGES);
            }
            kernel.thp().deposit(pmdTable, address, table);
            kernel.thp().set(pmdTable, address, write ? entry(vma, frame) : zeroEntry(vma, frame));
            PageTables.changed(kernel, turn, vma.mm(), "set", Thp.start(address), Thp.SIZE, null);
        }
    }

    /** A huge page is mapped as this mapping's own: page_add_new_anon_rmap(). */
    static void map(Kernel kernel, Vma vma, long address, long frame) {
        kernel.folios().set(frame, vma.anon(), vma.index(Thp.start(address)), Folios.ANON_EXCLUSIVE);
        kernel.frames().mappedWhole(frame, 1);
    }

    /** The large entry of a new huge page. */
    static long entry(Vma vma, long frame) {
        return AnonymousFault.entry(vma, frame) | Entry.HUGE;
    }

    private static long zeroEntry(Vma vma, long frame) {
        return Entry.of(frame, vma.pageProtection(false) | Entry.HUGE | Entry.ACCESSED);
    }

    /** A table that was kept, or was to be kept, goes at once: no walk could come to it. */
    @Cites("mm/huge_memory.c: zap_deposited_table, pte_free, 3.16-6.18")
    record PteFree(long table) implements HugeAnonymousFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Free.table(kernel, turn, table, 1);
        }
    }
}
