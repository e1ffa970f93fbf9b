package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** The lock of one mapping, which lets its faults be served beside a writer who changes others. */
public sealed interface VmaLock extends KernelStep {
    /** A fault holds it, if nobody changes the mapping; if somebody does, it is not waited for. */
    @Safety(value = "a mapping may not change in the middle of a fault in it", manners = Manner.DROP, undoneBy = EndRead.class)
    @Cites("include/linux/mm.h: vma_start_read, 6.4-6.14; include/linux/mmap_lock.h, 6.15-6.18")
    record StartRead(int mm, long start) implements VmaLock {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).vmaLocks().readable(mm, start);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.vmaLocks().read(turn.actor(), mm, start);
        }
    }

    /** The fault is over; or it goes on, or begins again, without the lock. */
    @Cites("include/linux/mm.h: vma_end_read, 6.4-6.14; include/linux/mmap_lock.h, 6.15-6.18")
    record EndRead() implements VmaLock {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.vmaLocks().endRead(turn.actor());
        }
    }

    /** Waits until no fault is served with it, and keeps faults out until the mmap lock is not held for writing any more. */
    @Safety(value = "no fault may be in a mapping while it changes", manners = Manner.DROP)
    @Cites("include/linux/mm.h: vma_start_write, 6.4-6.14; include/linux/mmap_lock.h, mm/mmap_lock.c: __vma_start_write, 6.15-6.18")
    record StartWrite(int mm, long start) implements VmaLock {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).vmaLocks().writable(mm, start);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.vmaLocks().mark(mm, start);
        }
    }

    /**
     * Marks a mapping that is about to change, where the version has such locks.
     *
     * @param again comes once it is marked, where a fault has to end first
     * @return whether it is marked
     */
    static boolean startWrite(Kernel kernel, Turn turn, Vma vma, Step again) {
        if (!kernel.version().hasVmaLocks()) {
            return true;
        }
        StartWrite mark = new StartWrite(vma.mm(), vma.start());
        if (turn.perform(mark)) {
            return true;
        }
        turn.then(mark, again);
        return false;
    }

    /** The same for several, in order. */
    static boolean startWrite(Kernel kernel, Turn turn, Iterable<Vma> vmas, Step again) {
        if (kernel.version().hasVmaLocks()) {
            for (Vma vma : vmas) {
                if (!startWrite(kernel, turn, vma, again)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * The mapping of an address, with its lock held for a fault; or null where the fault has to take the mmap lock: nothing
     * is mapped there, somebody changes the mapping, or the version does not serve its faults so: lock_vma_under_rcu() in
     * mm/memory.c, 6.4-6.14, mm/mmap_lock.c, 6.15-6.18.
     */
    static Vma lockUnderRcu(Kernel kernel, Turn turn, int mm, long address) {
        Vma vma = kernel.version().hasVmaLocks() ? kernel.vmas().at(mm, address) : null;
        boolean unprepared = vma != null && kernel.version().vmaLockNeedsAnonVma() && vma.file() == 0 && !vma.has(Vma.HUGETLB) && vma.anon() == 0;
        return vma != null && !unprepared && turn.perform(new StartRead(mm, vma.start())) ? vma : null;
    }

    /** VM_FAULT_RETRY: a fault that is served with a mapping's lock begins again with the mmap lock; false where it has that. */
    static boolean retry(Kernel kernel, Turn turn) {
        if (!kernel.version().hasVmaLocks() || !kernel.vmaLocks().holds(turn.actor())) {
            return false;
        }
        turn.unwind(CpuAccess.FaultedUnderVmaLock.class);
        turn.result(FaultOutcome.RETRY.ordinal());
        return true;
    }

    /**
     * vmf_anon_prepare(): a mapping that needs its anon_vma now looks at its neighbours, so that its own lock is not enough.
     * Newer kernels (6.10-6.18) try the mmap lock; do_wp_page() of 6.6 always begins again.
     */
    static boolean retriesUnprepared(Kernel kernel, Turn turn, Vma stale) {
        if (stale.anon() != 0 || !kernel.version().hasVmaLocks() || !kernel.vmaLocks().holds(turn.actor())) {
            return false;
        }
        boolean prepared = kernel.vmas().at(stale.mm(), stale.start()).anon() != 0;
        boolean may = kernel.version().anonVmaByTrylock() && kernel.lock(stale.mm()) >= 0;
        return !prepared && !may && retry(kernel, turn);
    }
}
