package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** The lock of an address space's list of mappings, mmap_lock (mmap_sem until 5.7): each way to take and give it is a step. */
public sealed interface MmapLock extends KernelStep {
    /** Waits until nobody writes, then holds it for reading. */
    @Safety(value = "no mapping may go in the middle of a fault or a walk", manners = Manner.DROP,
            undoneBy = {ReadUnlock.class, Unlock.class})
    @Cites("include/linux/mmap_lock.h: mmap_read_lock, 5.8-6.18; down_read(&mm->mmap_sem), 3.16-5.7")
    record Read(int mm) implements MmapLock {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).lock(mm) >= 0;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.lock(mm, kernel.lock(mm) + 1);
        }
    }

    /** One reader fewer. */
    @Cites("include/linux/mmap_lock.h: mmap_read_unlock, 5.8-6.18; up_read(&mm->mmap_sem), 3.16-5.7")
    record ReadUnlock(int mm) implements MmapLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.lock(mm, kernel.lock(mm) - 1);
        }
    }

    /** Waits until nobody holds it, then holds it for writing. */
    @Safety(value = "nobody may look mappings up in the middle of a change", manners = Manner.DROP,
            undoneBy = {WriteUnlock.class, Unlock.class, Downgrade.class})
    @Cites("include/linux/mmap_lock.h: mmap_write_lock, 5.8-6.18; down_write(&mm->mmap_sem), 3.16-5.7")
    record Write(int mm) implements MmapLock {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).lock(mm) == 0;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.lock(mm, -1);
        }
    }

    /** The writer lets go. */
    @Cites("include/linux/mmap_lock.h: mmap_write_unlock, 5.8-6.18; up_write(&mm->mmap_sem), 3.16-5.7")
    record WriteUnlock(int mm) implements MmapLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.vmaLocks().endWriteAll(mm);
            kernel.lock(mm, 0);
        }
    }

    /** The writer becomes a reader, and others may read too. */
    @Cites("include/linux/mmap_lock.h: mmap_write_downgrade, 4.20-6.18")
    record Downgrade(int mm) implements MmapLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.vmaLocks().endWriteAll(mm);
            kernel.lock(mm, 1);
        }
    }

    /** Lets go of it, in whichever mode it is held: a writer that may have downgraded. */
    @Cites("mm/mmap.c: __vm_munmap, 4.20-6.18; up_write(&mm->mmap_sem), 3.16-4.19")
    record Unlock(int mm) implements MmapLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.vmaLocks().endWriteAll(mm);
            kernel.lock(mm, Math.max(0, kernel.lock(mm) - 1));
        }
    }
}
