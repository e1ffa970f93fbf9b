package dev.shootdown.mm;

import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * The system call munmap. The result is 0.
 *
 * @param address of the range, in bytes
 * @param length  in bytes; rounded up to pages
 */
@Cites("mm/mmap.c: SYSCALL_DEFINE2(munmap), __vm_munmap, 3.16-6.18")
public record Munmap(int mm, long address, long length) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        boolean downgrade = kernel.version().munmapDowngrades();
        turn.then(new MmapLock.Write(mm), new DoMunmap(mm, address, length, downgrade, true));
    }

    /**
     * What munmap does with the lock held for writing, which others do too.
     *
     * @param downgrade whether to go on with the lock held for reading only, and to let go of that at the end
     * @param unlock    whether to let go of the lock at the end, also where it fails
     */
    @Cites("mm/mmap.c: do_munmap, 3.16-4.15, do_vmi_munmap, do_vmi_align_munmap, 6.1-6.6; mm/vma.c, 6.18")
    record DoMunmap(int mm, long address, long length, boolean downgrade, boolean unlock) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long start = address;
            long end = start + Ranges.align(length);
            if (unlock) {
                turn.then(new MmapLock.Unlock(mm));
            }
            String refused = Ranges.refused(kernel, start, length);
            if (refused != null) {
                turn.fail(Errno.EINVAL, refused);
                return;
            }
            Vma first = kernel.vmas().find(mm, start);
            if (first == null || first.start() >= end) {
                turn.result(0);
                return;
            }
            if (inHugePage(kernel, mm, start) || inHugePage(kernel, mm, end)) {
                turn.fail(Errno.EINVAL, "a mapping of the hugetlb pool is only cut between its pages");
                return;
            }
            boolean hole = start > first.start() && end < first.end();
            if (hole && kernel.vmas().count(mm) >= kernel.limits().mapCount()) {
                turn.fail(Errno.ENOMEM, "a hole in a mapping would make more mappings than vm.max_map_count");
                return;
            }
            if (Mseal.sealed(kernel, mm, start, end)) {
                // The first mapping is cut before the others are looked at.
                turn.then(new Result(Outcome.of(Errno.EPERM), Mseal.RULE));
                if (!first.has(Vma.SEALED)) {
                    turn.then(new SplitVma(mm, start));
                }
                return;
            }
            turn.then(new SplitVma(mm, start), new SplitVma(mm, end), new Detach(mm, start, end, downgrade && unlock));
        }
    }

    /** hugetlb_vm_op_split(): whether an address is inside a page of the hugetlb pool. */
    static boolean inHugePage(Kernel kernel, int mm, long address) {
        Vma vma = kernel.vmas().at(mm, address);
        return vma != null && vma.has(Vma.HUGETLB) && address != Thp.start(address);
    }

    /** Cuts the mapping that an address lies inside of; nothing where it lies inside of none. */
    @Cites("mm/mmap.c: __split_vma, 3.16-6.6; mm/vma.c, 6.18")
    record SplitVma(int mm, long address) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(mm, address);
            if (vma != null && vma.start() < address && VmaLock.startWrite(kernel, turn, vma, this)) {
                turn.then(new Cut(mm, address));
                SplitHugePmd.edges(kernel, turn, vma, address, vma.end());
            }
        }
    }

    /** No huge page reaches over the address any more: the mapping becomes two. */
    @Cites("mm/mmap.c: __split_vma, 3.16-6.6; mm/vma.c, 6.18")
    record Cut(int mm, long address) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(mm, address);
            Vma upper = kernel.vmas().split(vma, address);
            kernel.vmas().changed(turn, "split", upper, vma.start(), vma.end());
        }
    }

    /** Takes the mappings of a range off the list, and lays out what is to be done with them. */
    @Cites("mm/mmap.c: detach_vmas_to_be_unmapped, unmap_region, 3.16-6.1; vms_gather_munmap_vmas, vms_clear_ptes, 6.18")
    record Detach(int mm, long start, long end, boolean downgrade) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Vma> vmas = kernel.vmas().overlapping(mm, start, end);
            Vma previous = kernel.vmas().previous(mm, start);
            Vma next = kernel.vmas().find(mm, end);
            List<Step> steps = new ArrayList<>();
            for (Vma vma : vmas) {
                steps.add(new DetachVma(vma));
            }
            if (downgrade) {
                steps.add(new MmapLock.Downgrade(mm));
            }
            steps.add(new Begin(mm, start, end));
            steps.add(new NotifyStart(mm, start, end, Reason.UNMAP, true));
            for (Vma vma : vmas) {
                steps.add(new Zap.UnmapPageRange(vma, vma.start(), vma.end()));
            }
            steps.add(new NotifyEnd(mm, start, end, Reason.UNMAP, true, false));
            steps.addAll(FreePageTables.of(vmas, previous == null ? 0 : previous.end(), next == null ? 0 : next.start()));
            steps.add(new GatherStep.TlbFinishMmu(start, end));
            for (Vma vma : vmas) {
                steps.add(new RemoveVma(vma));
            }
            turn.result(0);
            turn.then(steps);
        }
    }

    /** One mapping is off the list. */
    @Cites("mm/mmap.c: __vma_rb_erase, 3.16; munmap_sidetree, 6.1-6.6; mm/vma.c: vms_gather_munmap_vmas, 6.18")
    record DetachVma(Vma vma) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (VmaLock.startWrite(kernel, turn, vma, this)) {
                kernel.vmas().detach(vma);
                kernel.vmas().changed(turn, "remove", vma);
            }
        }
    }

    /** A gather begins. */
    @Cites("mm/memory.c: tlb_gather_mmu, 3.16-4.17; mm/mmu_gather.c, 4.19-6.18")
    record Begin(int mm, long start, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.gather().begin(turn.actor(), mm, start, end);
        }
    }

    /** A mapping lets go of its anon_vma and its file; shared anonymous memory goes with its last mapping. */
    @Cites("mm/mmap.c: remove_vma, 3.16-6.6; mm/vma.c, 6.18")
    record RemoveVma(Vma vma) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.anonVmas().put(vma.anon());
            if (vma.has(Vma.HUGETLB) && !vma.has(Vma.SHARED)) {
                kernel.hugetlb().unreserve(vma.mm(), vma.start(), vma.end());
            }
            if (vma.file() != 0) {
                kernel.files().drop(vma.file());
                if (kernel.files().orphaned(vma.file())) {
                    turn.then(new EvictFile(vma.mm(), vma.file()));
                }
            }
        }
    }

    /** Takes one page of a file that nobody can reach out of the page cache, until there is none. */
    @Cites("mm/shmem.c: shmem_evict_inode, shmem_undo_range, 3.16-6.18")
    record EvictFile(int mm, int file) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long frame = kernel.files().first(file, 0);
            if (frame == 0) {
                kernel.hugetlb().unreserve(file, 0, kernel.files().size(file));
                kernel.files().forget(file);
                return;
            }
            kernel.files().remove(file, kernel.folios().index(frame));
            turn.then(this);
            Free.page(kernel, turn, mm, frame);
        }
    }
}
