package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * The lock of a tree of the reverse mapping, i_mmap_rwsem (a mutex until 3.19) or an anon_vma's: who walks holds it for
 * reading. Who takes VMAs out waits for that ({@link FreePageTables}), and who moves entries keeps them out.
 */
sealed interface RmapLock extends KernelStep {
    /** One walker more. */
    @Safety(value = "no page table may go while a walk of the reverse mapping has found its way into it", manners = Manner.DROP,
            undoneBy = ReadUnlock.class)
    @Cites("include/linux/fs.h: i_mmap_lock_read; include/linux/rmap.h: anon_vma_lock_read, 3.16-6.18")
    record Read(int family) implements RmapLock {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).rmap().readable(family);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.rmap().lock(family);
        }
    }

    /** One walker fewer. */
    @Cites("include/linux/fs.h: i_mmap_unlock_read; include/linux/rmap.h: anon_vma_unlock_read, 3.16-6.18")
    record ReadUnlock(int family) implements RmapLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.rmap().unlock(family);
        }
    }

    /** Waits until nobody walks the trees that a VMA is in, then keeps everybody out. */
    @Safety(value = "no walk of the reverse mapping may miss an entry that is on its way", manners = Manner.DROP,
            undoneBy = WriteUnlock.class)
    @Cites("mm/mremap.c: take_rmap_locks, 3.16-6.18")
    record Write(Vma vma) implements RmapLock {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).rmap().unlocked(vma);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.rmap().hold(vma, true);
        }
    }

    /** Walkers may come again. */
    @Cites("mm/mremap.c: drop_rmap_locks, 3.16-6.18")
    record WriteUnlock(Vma vma) implements RmapLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.rmap().hold(vma, false);
        }
    }
}
