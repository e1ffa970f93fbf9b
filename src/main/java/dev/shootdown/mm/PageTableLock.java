package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * The spinlock of a page table's entries. Only who changes entries in several steps takes it as a step; a change
 * that is one step waits for it to be free.
 */
sealed interface PageTableLock extends KernelStep {
    /** Waits until nobody holds it, then holds it. */
    @Safety(value = "nobody may see or change entries in the middle of a change", manners = Manner.DROP, undoneBy = Unlock.class)
    @Cites("include/linux/mm.h: pte_offset_map_lock, 3.16-6.18")
    record Lock(long table) implements PageTableLock {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.frames().isFree(table)) {
                long born = kernel.frames().generation(table) - 1;
                turn.emit(Kind.TABLE_READ, () -> new Event.TableRead("", 0, 0, table, 1, born));
                turn.then(new Oops());
            } else {
                kernel.lockTable(table, turn.actor());
            }
        }
    }

    /** Who has found his way into a page table that has been freed goes no further: whatever a kernel would do now is an accident. */
    @Cites("arch/x86/mm/fault.c: no_context, 3.16-5.11; page_fault_oops, 5.12-6.18")
    record Oops() implements PageTableLock {
        @Override
        public boolean ready(World world) {
            return false;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            throw new IllegalStateException("nobody comes here");
        }
    }

    /** Lets go. */
    @Cites("include/linux/mm.h: pte_unmap_unlock, 3.16-6.18")
    record Unlock(long table) implements PageTableLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.unlockTable(table);
        }
    }
}
