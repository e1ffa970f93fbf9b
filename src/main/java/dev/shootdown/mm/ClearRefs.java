package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.vocabulary.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * A number is written into /proc/PID/clear_refs: accessed bits or soft-dirty bits of a whole address space are forgotten.
 * The result is 0.
 *
 * @param type 1 all pages, 2 those of anonymous mappings, 3 those of files, 4 soft-dirty, 5 the high-water mark
 */
@Cites("fs/proc/task_mmu.c: clear_refs_write, 3.16-6.18")
public record ClearRefs(int mm, int type) implements KernelStep {
    private static final int ANON = 2;
    private static final int MAPPED = 3;
    private static final int SOFT_DIRTY = 4;
    private static final int HIGH_WATER = 5;

    @Override
    public void run(Kernel kernel, Turn turn) {
        KernelVersion version = kernel.version();
        if (type < 1 || type > (version.clearsHighWater() ? HIGH_WATER : SOFT_DIRTY)) {
            turn.fail(Errno.EINVAL, "the number is none that this kernel knows");
        } else if (!kernel.alive(mm)) {
            turn.fail(Errno.ESRCH, "the process is gone");
        } else {
            boolean write = version.clearRefsWrites();
            turn.then(write ? new MmapLock.Write(mm) : new MmapLock.Read(mm), new Walk(mm, type), new MmapLock.Unlock(mm), new Result(0, null));
        }
    }

    /** What is done under the lock. */
    @Cites("fs/proc/task_mmu.c: clear_refs_write, clear_refs_test_walk, 3.16-6.18")
    record Walk(int mm, int type) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean dirty = type == SOFT_DIRTY;
            if (dirty && !VmaLock.startWrite(kernel, turn, kernel.vmas().all(mm), this)) {
                // Each one's VM_SOFTDIRTY is taken away.
                return;
            }
            List<Step> steps = new ArrayList<>();
            if (dirty) {
                steps.add(new NotifyStart(mm, 0, -1, Reason.SOFT_DIRTY, true));
            }
            for (Vma vma : type == HIGH_WATER ? List.<Vma>of() : kernel.vmas().all(mm)) {
                boolean skipped = vma.has(Vma.PFNMAP | Vma.HUGETLB) || type == ANON && vma.file() != 0 || type == MAPPED && vma.file() == 0;
                if (!skipped) {
                    steps.add(new Table(vma, vma.start(), dirty));
                }
            }
            if (dirty) {
                steps.add(new NotifyEnd(mm, 0, -1, Reason.SOFT_DIRTY, true, false));
            }
            flush(kernel.version(), steps, dirty);
            turn.then(steps);
        }

        /** Older kernels flush for accessed bits too; 4.15 does so by a gather, whose range is empty for secondary TLBs. */
        private void flush(KernelVersion version, List<Step> steps, boolean dirty) {
            if (type != HIGH_WATER && (dirty || version.clearRefsFlushesAlways())) {
                steps.add(CpuFlush.whole(version, mm));
                if (version.clearRefsGathers()) {
                    steps.add(new InvalidateRange(mm, -1, -1));
                }
            }
        }
    }

    /** Finds the next page table with something in it, and takes its lock. */
    @Cites("fs/proc/task_mmu.c: clear_refs_pte_range, 3.16-6.18")
    record Table(Vma vma, long address, boolean dirty) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), address, vma.end());
            if (next == vma.end()) {
                return;
            }
            long limit = PageTables.tableEnd(next, vma.end());
            if (kernel.thp().at(vma.mm(), next) != 0) {
                boolean splits = kernel.version().pmdSplitSplitsPage();
                turn.then(
                        splits ? new SplitHugePmd.Split(vma.mm(), next) : new HugePmd(vma.mm(), next, dirty),
                        new Table(vma, splits ? next : limit, dirty));
                return;
            }
            long table = kernel.pteTable(vma.mm(), next);
            turn.then(
                    new PageTableLock.Lock(table),
                    new Pte(vma.mm(), table, next, limit, dirty),
                    new PageTableLock.Unlock(table),
                    new Table(vma, limit, dirty));
        }
    }

    /** A large entry is made old; or clean for soft-dirty, for which it is made invalid and flushed before. */
    @Cites("fs/proc/task_mmu.c: clear_refs_pte_range, clear_soft_dirty_pmd, pmdp_invalidate, pmdp_test_and_clear_young, 4.0-6.18")
    record HugePmd(int mm, long start, boolean dirty) implements KernelStep {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, mm, start);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(mm, start);
            long entry = kernel.thp().at(mm, start);
            if (entry != 0 && dirty) {
                turn.perform(new PageTableLock.Lock(table));
                turn.then(SplitHugePmd.flush(kernel, mm, start), new SetClean(mm, start, table, entry & ~(Entry.WRITE | Entry.SOFT_DIRTY)));
                SplitHugePmd.invalidate(kernel, turn, mm, start, table, entry);
            } else if ((entry & Entry.ACCESSED) != 0) {
                kernel.thp().set(table, start, entry & ~Entry.ACCESSED);
                PageTables.changed(kernel, turn, mm, "young", start, Thp.SIZE, null);
            }
        }
    }

    /** The large entry that the next write goes through a fault for. */
    @Cites("fs/proc/task_mmu.c: clear_soft_dirty_pmd, 4.0-6.18")
    record SetClean(int mm, long start, long table, long entry) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.thp().set(table, start, entry);
            PageTables.changed(kernel, turn, mm, "wrprotect", start, Thp.SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
        }
    }

    /** One entry is made old; or clean for whoever follows soft-dirty bits, and write-protected, so that the next write says so. */
    @Cites("fs/proc/task_mmu.c: clear_refs_pte_range, clear_soft_dirty, 3.16-6.18")
    record Pte(int mm, long table, long address, long limit, boolean dirty) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long at = address;
            while (at != limit && cleared(kernel, at) == kernel.tables().entry(table, at, 1)) {
                at += Frames.PAGE_SIZE;
            }
            if (at == limit) {
                return;
            }
            kernel.tables().entry(table, at, 1, cleared(kernel, at));
            PageTables.changed(kernel, turn, mm, dirty ? "wrprotect" : "young", at, Frames.PAGE_SIZE, null);
            if (at + Frames.PAGE_SIZE != limit) {
                turn.then(new Pte(mm, table, at + Frames.PAGE_SIZE, limit, dirty));
            }
        }

        private long cleared(Kernel kernel, long at) {
            long entry = kernel.tables().entry(table, at, 1);
            if (dirty) {
                return Entry.mapped(entry) ? entry & ~(Entry.WRITE | Entry.SOFT_DIRTY)
                        : SwapEntry.swapped(entry) ? entry & ~SwapEntry.SOFT_DIRTY : entry;
            }
            return Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0 ? entry & ~Entry.ACCESSED : entry;
        }
    }
}
