package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.Map;

/** Page-table pages that wait for a grace period, because somebody may walk them without a lock. */
final class Rcu {
    private final Table<Long, Integer> waiting;
    /** Tables of mappings that are still there: others may have found their way into one before it was taken out. */
    private final Table<Long, Boolean> reclaimed;

    Rcu(World world) {
        this.waiting = world.table("rcu.tables");
        this.reclaimed = world.table("rcu.reclaimed");
    }

    /** Frees a page-table page later: tlb_remove_table_free(). */
    void call(long frame, int level) {
        waiting.put(frame, level);
    }

    /** A table was taken out of a mapping that is kept. */
    void reclaimed(long frame) {
        reclaimed.put(frame, true);
    }

    /** A table whose readers are through, or null. */
    private Map.Entry<Long, Integer> over(Kernel kernel) {
        Map.Entry<Long, Integer> next = waiting.ceiling(0L);
        while (next != null && reclaimed.get(next.getKey()) != null && read(kernel, kernel.frames().owner(next.getKey()))) {
            next = waiting.higher(next.getKey());
        }
        return next;
    }

    /** Whether somebody may be on the way into a table of a space: faults hold its mmap lock or a mapping's, others walk the reverse mapping. */
    private static boolean read(Kernel kernel, int mm) {
        boolean faults = kernel.lock(mm) != 0 || kernel.version().hasVmaLocks() && kernel.vmaLocks().anyHeld(mm);
        return faults || kernel.vmas().all(mm).stream().anyMatch(vma -> !kernel.rmap().unlocked(vma));
    }

    /** A grace period ends for one page-table page. */
    @Cites("mm/mmu_gather.c: tlb_remove_table_rcu, 6.18")
    record GracePeriod() implements KernelStep {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            return kernel.rcu().over(kernel) != null;
        }

        @Override
        public boolean idle() {
            return true;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(this);
            Map.Entry<Long, Integer> first = kernel.rcu().over(kernel);
            kernel.rcu().waiting.remove(first.getKey());
            kernel.rcu().reclaimed.remove(first.getKey());
            Free.table(kernel, turn, first.getKey(), first.getValue());
        }
    }
}
