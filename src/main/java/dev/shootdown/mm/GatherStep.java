package dev.shootdown.mm;

import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** What is done with a {@link Gather}: flush, free, finish. */
sealed interface GatherStep extends KernelStep {
    /**
     * Flushes what was cleared, and tells secondary TLBs where the version does so here.
     *
     * @param resume where the walk goes on, if it is in the middle of one; else 0
     */
    @Cites("mm/memory.c: tlb_flush_mmu_tlbonly, 3.16-4.17; include/asm-generic/tlb.h, 4.19-6.18")
    record TlbFlushMmuTlbonly(long resume) implements GatherStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Gather gather = kernel.gather();
            Actor actor = turn.actor();
            if (!gather.needed(actor)) {
                return;
            }
            int mm = gather.space(actor);
            long start = gather.start(actor);
            long end = gather.whole(actor) ? -1 : gather.end(actor);
            boolean tables = gather.tables(actor);
            int stride = gather.stride(actor);
            gather.reset(actor, resume);
            if (kernel.version().callersInvalidate()) {
                turn.then(new InvalidateRange(mm, start, end));
            }
            turn.perform(new CpuFlush.FlushTlbMmRange(mm, gather.whole(actor) ? 0 : start, end, tables, stride));
        }
    }

    /** Frees what was queued, one frame a step: each goes when nobody else refers to it. */
    @Cites("mm/memory.c: tlb_flush_mmu_free, 3.16-4.18; mm/mmu_gather.c: tlb_batch_pages_flush, 4.19-6.18")
    record TlbBatchPagesFlush(int next) implements GatherStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Gather gather = kernel.gather();
            Actor actor = turn.actor();
            int count = gather.count(actor);
            int at = next;
            boolean freed = false;
            while (at < count && !freed) {
                long taken = gather.take(actor, at);
                freed = Free.gathered(kernel, turn, gather.space(actor), Gather.frame(taken), Gather.level(taken));
                at++;
            }
            if (at < count) {
                turn.then(new TlbBatchPagesFlush(at));
            } else {
                gather.empty(actor);
            }
        }
    }

    /** Ends a gather: what is left is flushed and freed. Where another thread gathers too, the flush is of everything. */
    @Cites("mm/memory.c: tlb_finish_mmu, 3.16-4.17; mm/mmu_gather.c, 4.19-6.18")
    record TlbFinishMmu(long start, long end) implements GatherStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Gather gather = kernel.gather();
            Actor actor = turn.actor();
            if (kernel.version().nestedGatherFlushes() && kernel.gathers(gather.space(actor)) > 1) {
                if (kernel.version().nestedGatherFlushesAll()) {
                    gather.forceWhole(actor);
                } else {
                    gather.adjust(actor, start, end - start);
                }
            }
            turn.then(new Finished());
            if (gather.count(actor) > 0) {
                turn.then(new TlbBatchPagesFlush(0));
            }
            if (gather.needed(actor)) {
                turn.perform(new TlbFlushMmuTlbonly(0));
            }
        }
    }

    /** The gather is over; others' need no longer flush for it. */
    @Cites("mm/mmu_gather.c: tlb_finish_mmu, dec_tlb_flush_pending, 4.15-6.18")
    record Finished() implements GatherStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.gather().finish(turn.actor());
        }
    }
}
