package dev.shootdown.mm;

import dev.shootdown.memory.AwaitShootdown;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Flushes of CPU TLBs: arch/x86/mm/tlb.c. */
final class CpuFlush {
    /** Above so many pages a CPU drops everything: tlb_single_page_flush_ceiling. */
    static final long SINGLE_PAGE_FLUSH_CEILING = 33;

    private CpuFlush() {}

    /**
     * flush_tlb_mm_range(): this CPU drops [start, end), the others that have the space loaded are interrupted and
     * waited for; then, where the version does so, the secondary TLBs are told.
     *
     * @param stride log2 of what one entry of those that were changed stands for
     */
    @Safety("no TLB may keep a translation whose page is about to be freed, written out or another's")
    @Cites("arch/x86/mm/tlb.c: flush_tlb_mm_range, 3.16-6.18")
    record FlushTlbMmRange(int mm, long start, long end, boolean tables, int stride) implements KernelStep {
        FlushTlbMmRange(int mm, long start, long end, boolean tables) {
            this(mm, start, end, tables, Frames.PAGE_SHIFT);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            int slot = kernel.cpuOf(turn.actor());
            if (!kernel.cpus().served(slot)) {
                // Another thread of this CPU waits for its own shoot-down, without being preempted.
                turn.then(new AwaitShootdown(slot), this);
                return;
            }
            boolean all = start == 0 && end == -1;
            long pages = (end - start) >>> Frames.PAGE_SHIFT;
            turn.emit(Kind.CPU_FLUSH, () -> new Event.CpuFlush(kernel.name(mm), start, end, all ? null : pages, tables, null));
            long entries = (end - start) >>> stride;
            boolean wide = all || entries > SINGLE_PAGE_FLUSH_CEILING;
            if (kernel.version().flushInvalidates()) {
                boolean widened = all || entries > kernel.version().widestExactFlush();
                turn.then(new InvalidateRange(mm, widened ? 0 : start, widened ? -1 : end));
            }
            if (kernel.cpus().shootDown(slot, mm, wide ? 0 : start, wide ? -1 : end)) {
                turn.then(new AwaitShootdown(slot));
            }
        }
    }

    /** flush_tlb_mm(): everything. */
    static FlushTlbMmRange whole(KernelVersion version, int mm) {
        return new FlushTlbMmRange(mm, 0, -1, version.wholeFlushSaysTables());
    }
}
