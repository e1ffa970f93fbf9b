package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * A mapping from the hugetlb pool, private, or shared: of a file without a name, whose pages it has. Where the pool has not so many
 * pages, the place is found and the mapping made, but it is unmapped again.
 */
@Cites("mm/mmap.c: ksys_mmap_pgoff; mm/hugetlb.c: hugetlb_reserve_pages; mm/vma.c: __mmap_new_vma, 6.18; mm/mmap.c: mmap_region, 3.16-6.6")
record MmapHugetlb(Mmap call) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long size = Entry.span(2);
        long length = call.length() + size - 1 & -size;
        boolean exact = call.has(Mmap.FIXED | Mmap.FIXED_NOREPLACE);
        long at = exact ? call.address() : new Placement(kernel, call.mm()).findAligned(length, size);
        if ((at & size - 1) != 0) {
            turn.fail(Errno.EINVAL, "the address is not a multiple of the huge page size");
        } else if (at == 0) {
            turn.fail(Errno.ENOMEM, "there is no room in user space");
        } else {
            long end = at + length;
            if (call.has(Mmap.FIXED_NOREPLACE) && !kernel.vmas().overlapping(call.mm(), at, end).isEmpty()) {
                turn.fail(Errno.EEXIST, "something is mapped there, and it is not to be replaced");
                return;
            }
            if (kernel.hugetlb().size() != 0) {
                turn.then(new Map(call, at, end));
                if (exact) {
                    turn.then(new Munmap.DoMunmap(call.mm(), at, length, false, false));
                }
                return;
            }
            turn.then(new Refused(call.mm(), at, end));
        }
    }

    /** What can have its pages is mapped. */
    @Cites("fs/hugetlbfs/inode.c: hugetlbfs_file_mmap; mm/hugetlb.c: hugetlb_reserve_pages, 3.16-6.18")
    record Map(Mmap call, long at, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long unmapped = turn.takeResult();
            if (Outcome.failed(unmapped)) {
                turn.result(unmapped);
                return;
            }
            int file = call.has(Mmap.SHARED) ? kernel.files().createUnnamedHuge(call.mm(), end - at) : 0;
            if (!call.has(Mmap.NORESERVE) && !reserve(kernel, file)) {
                kernel.files().forget(file);
                turn.then(new Refused(call.mm(), at, end));
                return;
            }
            long flags = call.protection() & Vma.PROTECTION | Vma.MAYREAD | Vma.MAYWRITE | Vma.MAYEXEC | Vma.HUGETLB | Vma.DONTEXPAND;
            Vma vma = file == 0
                    ? new Vma(call.mm(), at, end, flags, at >>> Frames.PAGE_SHIFT, 0, 0, false)
                    : new Vma(call.mm(), at, end, flags | Vma.SHARED | Vma.MAYSHARE, 0, file, 0, false);
            kernel.vmas().insert(vma);
            kernel.vmas().changed(turn, "insert", vma);
            turn.result(at);
        }

        /** A private mapping reserves by address, a file by page. */
        private boolean reserve(Kernel kernel, int file) {
            return file == 0 ? kernel.hugetlb().reserve(call.mm(), at, end) : kernel.hugetlb().reserve(file, 0, end - at);
        }
    }

    /** The mapping that cannot have its pages is unmapped again. */
    @Cites("mm/vma.c: __mmap_new_vma, 6.18; mm/mmap.c: mmap_region, 3.16-6.6")
    record Refused(int mm, long at, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(
                    new Munmap.Begin(mm, at, end),
                    new NotifyStart(mm, at, end, Reason.UNMAP, true),
                    new NotifyEnd(mm, at, end, Reason.UNMAP, true, false),
                    new GatherStep.TlbFinishMmu(at, end),
                    new Result(Outcome.of(Errno.ENOMEM), "the hugetlb pool has not so many pages"));
        }
    }
}
