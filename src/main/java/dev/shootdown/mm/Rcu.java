package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.Map;

/** Page-table pages that wait for a grace period, because somebody may walk them without a lock. */
final class Rcu {
    private final Table<Long, Integer> waiting;

    Rcu(World world) {
        this.waiting = world.table("rcu.tables");
    }

    /** Frees a page-table page later: tlb_remove_table_free(). */
    void call(long frame, int level) {
        waiting.put(frame, level);
    }

    /** Whether nothing waits. */
    boolean empty() {
        return waiting.size() == 0;
    }

    /** A grace period ends for one page-table page. */
    @Cites("mm/mmu_gather.c: tlb_remove_table_rcu, 6.18")
    record GracePeriod() implements KernelStep {
        @Override
        public boolean ready(World world) {
            return !world.part(Kernel.class).rcu().empty();
        }

        @Override
        public boolean idle() {
            return true;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(this);
            Map.Entry<Long, Integer> first = kernel.rcu().waiting.ceiling(0L);
            kernel.rcu().waiting.remove(first.getKey());
            Free.table(kernel, turn, first.getKey(), first.getValue());
        }
    }
}
