package dev.shootdown.mm;

import dev.shootdown.memory.AwaitShootdown;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * CPU flushes that reclaim has put off (struct tlbflush_unmap_batch, one a task): which CPUs must drop everything before
 * the pages that were unmapped are written out or freed, and in which address spaces there are such pages.
 */
final class UnmapBatch {
    private static final long PENDING = 1L;
    private static final long WRITABLE = 1L << 1;

    private final Kernel kernel;
    private final Cells flags;
    private final Cells masks;
    private final Cells spaces;

    UnmapBatch(World world, Kernel kernel) {
        this.kernel = kernel;
        this.flags = world.cells("unmap_batch.flags");
        this.masks = world.cells("unmap_batch.cpus");
        this.spaces = world.cells("mm.tlb_flush_batched");
    }

    /**
     * should_defer_flush(): whether another CPU has the space loaded, which would have to be interrupted. Who runs on no
     * CPU of the model is taken to run on one that has.
     */
    boolean defers(Actor actor, int mm) {
        if (!kernel.version().unmapDefersFlush()) {
            return false;
        }
        long mask = loaded(mm);
        int cpu = kernel.cpuOf(actor);
        return cpu == kernel.cpus().elsewhere() ? Long.bitCount(mask) > 1 : (mask & ~(1L << cpu)) != 0;
    }

    private long loaded(int mm) {
        long mask = 0;
        for (int cpu = 0; cpu < kernel.cpus().count(); cpu++) {
            mask |= kernel.cpus().loaded(cpu) == mm ? 1L << cpu : 0;
        }
        return mask;
    }

    /** set_tlb_ubc_flush_pending(). On 6.6 and later the secondary TLBs are told at once, of everything. */
    void add(Turn turn, int mm, boolean writable) {
        int actor = turn.actor().number();
        flags.set(actor, flags.get(actor) | PENDING | (writable ? WRITABLE : 0));
        masks.set(actor, masks.get(actor) | loaded(mm));
        spaces.set(mm, 1);
        if (kernel.version().flushInvalidates()) {
            turn.then(new InvalidateRange(mm, 0, -1));
        }
    }

    /** try_to_unmap_flush(), or try_to_unmap_flush_dirty() where only writable entries matter. */
    void flush(Turn turn, boolean dirtyOnly) {
        int actor = turn.actor().number();
        if ((flags.get(actor) & (dirtyOnly ? WRITABLE : PENDING)) == 0) {
            return;
        }
        int slot = kernel.cpuOf(turn.actor());
        if (!kernel.cpus().served(slot)) {
            turn.then(new AwaitShootdown(slot), new TryToUnmapFlush(dirtyOnly));
            return;
        }
        long mask = masks.get(actor);
        flags.set(actor, 0);
        masks.set(actor, 0);
        turn.emit(Kind.CPU_FLUSH, () -> new Event.CpuFlush(null, null, null, null, null, true));
        if (kernel.cpus().shootDownAll(slot, mask)) {
            turn.then(new AwaitShootdown(slot));
        }
    }

    /** The CPUs that were left out are interrupted now. */
    @Safety("no CPU may write to a page that is being written out or freed")
    @Cites("mm/rmap.c: try_to_unmap_flush, try_to_unmap_flush_dirty; arch/x86/mm/tlb.c: arch_tlbbatch_flush, 4.15-6.18")
    record TryToUnmapFlush(boolean dirtyOnly) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.unmapBatch().flush(turn, dirtyOnly);
        }
    }

    /** Whether entries of a space were cleared whose flush may still be put off. */
    boolean pending(int mm) {
        return spaces.get(mm) != 0;
    }

    /** flush_tlb_batched_pending(): who changes entries under the lock of a table does not rely on a flush put off. */
    void flushPending(Turn turn, int mm) {
        spaces.set(mm, 0);
        turn.perform(CpuFlush.whole(kernel.version(), mm));
    }

    void forget(int mm) {
        spaces.set(mm, 0);
    }
}
