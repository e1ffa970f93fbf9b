package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * Clears the large entry of a whole huge page, into the actor's gather. The table that was kept for it goes at once, as
 * no walk could come to it; the huge page goes as one, after the flush.
 *
 * @param start of the huge page
 * @param end   of all that is to be cleared
 */
@Cites("mm/huge_memory.c: zap_huge_pmd, 3.16-6.18")
record ZapHugePmd(Vma vma, long start, long end, ZapDetails details) implements KernelStep {
    @Override
    public boolean ready(World world) {
        return Thp.unlocked(world, vma.mm(), start);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        int mm = vma.mm();
        long entry = kernel.thp().at(mm, start);
        if (entry == 0) {
            turn.then(new Zap.UnmapPageRange(vma, start, end, details));
            return;
        }
        long table = kernel.thp().table(mm, start);
        long kept = kernel.thp().withdraw(table, start);
        kernel.thp().set(table, start, 0);
        PageTables.changed(kernel, turn, mm, "clear", start, Thp.SIZE, null);
        boolean full = gather(kernel, turn.actor(), entry);
        long next = start + Thp.SIZE;
        if (next != end) {
            turn.then(new Zap.UnmapPageRange(vma, next, end, details));
        }
        if (full) {
            turn.then(new GatherStep.TlbFlushMmuTlbonly(next), new GatherStep.TlbBatchPagesFlush(0));
        }
        turn.then(new HugeAnonymousFault.PteFree(kept));
    }

    /** What the flush is for, and what is freed behind it; returns whether the gather is full. */
    private boolean gather(Kernel kernel, Actor actor, long entry) {
        kernel.gather().adjust(actor, start, Thp.SIZE, 2);
        if (kernel.thp().isZero(entry)) {
            return false;
        }
        long head = Entry.frame(entry);
        kernel.frames().mappedWhole(head, -1);
        kernel.count(vma.mm(), Rss.ANON, -Thp.PAGES);
        return kernel.gather().add(actor, head, 0);
    }
}
