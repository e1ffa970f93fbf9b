package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;

/** Walks of page tables by the kernel: what is there, what is next, and making what is missing. */
final class PageTables {
    /** What a directory entry that points to a table says. */
    static final long DIRECTORY = Entry.PRESENT | Entry.WRITE | Entry.USER | Entry.ACCESSED | Entry.DIRTY;

    private PageTables() {}

    /**
     * The first address in [address, end) whose lowest-level entry, or whose large entry above it, is not empty; end
     * if there is none. What is empty is passed over table by table.
     */
    static long nextMapped(Kernel kernel, int mm, long address, long end) {
        return next(kernel.tables(), kernel.root(mm), kernel.levels(), address, end, 1);
    }

    /** The first address in [address, end) under which there is a table of a level, or a large page at that level or above. */
    static long nextTable(Kernel kernel, int mm, long address, long end, int level) {
        return next(kernel.tables(), kernel.root(mm), kernel.levels(), address, end, level + 1);
    }

    private static long next(Tables tables, long table, int level, long address, long end, int lowest) {
        long at = address;
        while (Long.compareUnsigned(at, end) < 0) {
            long entry = tables.entry(table, at, level);
            long beyond = (at | Entry.span(level) - 1) + 1;
            if (entry != 0) {
                if (level == lowest || !Entry.present(entry) || Entry.huge(entry)) {
                    return at;
                }
                long limit = Long.compareUnsigned(beyond, end) < 0 ? beyond : end;
                long found = next(tables, Entry.frame(entry), level - 1, at, limit, lowest);
                if (found != limit) {
                    return found;
                }
            }
            if (Entry.index(at, level) == Frames.WORDS - 1) {
                return Long.compareUnsigned(beyond, end) < 0 ? beyond : end;
            }
            at = beyond;
        }
        return end;
    }

    /** The end of the stretch of [address, end) that one lowest-level table covers: pmd_addr_end(). */
    static long tableEnd(long address, long end) {
        long beyond = (address | Entry.span(2) - 1) + 1;
        return Long.compareUnsigned(beyond, end) < 0 ? beyond : end;
    }

    /** The level of the highest table that an address lacks, or 0 if it has all. */
    static int missing(Kernel kernel, int mm, long address) {
        long table = kernel.root(mm);
        for (int level = kernel.levels(); level > 1; level--) {
            long entry = kernel.tables().entry(table, address, level);
            if (Entry.huge(entry)) {
                return 0;
            }
            if (!Entry.present(entry)) {
                return level - 1;
            }
            table = Entry.frame(entry);
        }
        return 0;
    }

    /** Whether the tables that {@link Populate} was to make are missing: then its failure stays the call's result. */
    static boolean missing(Turn turn) {
        long populated = turn.takeResult();
        if (Outcome.failed(populated)) {
            turn.result(populated);
        }
        return Outcome.failed(populated);
    }

    /** Makes the highest table that an address lacks, and goes on until it lacks none above {@code lowest}. */
    @Cites("mm/memory.c: __p4d_alloc, __pud_alloc, __pmd_alloc, __pte_alloc, 3.16-6.18")
    record Populate(int mm, long address, int lowest) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int level = missing(kernel, mm, address);
            if (level < lowest) {
                return;
            }
            long frame = kernel.frames().allocate(Use.TABLE, mm);
            if (frame == 0) {
                turn.fail(Errno.ENOMEM, "there is no memory for a page table");
                return;
            }
            long parent = kernel.tables().table(kernel.root(mm), kernel.levels(), address, level + 1);
            kernel.tables().entry(parent, address, level + 1, Entry.of(frame, DIRECTORY));
            turn.emit(Kind.TABLE_ALLOC, () -> new Event.TableAlloc(kernel.name(mm), frame, level));
            if (missing(kernel, mm, address) >= lowest) {
                turn.then(this);
            }
        }
    }

    /**
     * Takes an entry, or a permission of it, away. It comes first of all: who is told to forget it must not find it again.
     *
     * @param left what is left of the entry; mostly 0
     */
    @Safety("nobody may find again what he has just been told to forget")
    @Cites("include/linux/pgtable.h: ptep_get_and_clear, ptep_set_wrprotect, pmd_clear, 3.16-6.18")
    record Clear(int mm, long table, long address, int level, long left, String change, String helper) implements KernelStep {
        /** Of a page's entry, all of it. */
        static Clear pte(int mm, long table, long address, String helper) {
            return new Clear(mm, table, address, 1, 0, "clear", helper);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.tables().entry(table, address, level, left);
            if (change != null) {
                changed(kernel, turn, mm, change, address, Entry.span(level), helper);
            }
        }
    }

    /** An entry says where its page will be found, and makes who wants it wait, or fetch it. */
    @Safety(value = "nobody may take the page's place for empty while it is away", manners = {Manner.DROP, Manner.DELAY})
    @Cites("include/linux/swapops.h: swp_entry_to_pte, make_writable_migration_entry; set_pte_at, 3.16-6.18")
    record StandIn(int mm, long table, long address, long entry, String change) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.tables().entry(table, address, 1, entry);
            changed(kernel, turn, mm, change, address, Frames.PAGE_SIZE, null);
        }
    }

    /** Says that entries changed. */
    static void changed(Kernel kernel, Turn turn, int mm, String change, long address, long size, String helper) {
        turn.emit(Kind.PTE, () -> new Event.Pte(kernel.name(mm), change, address, address + size, size >>> Frames.PAGE_SHIFT, helper));
    }
}
