package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * A mapping from the hugetlb pool, which is empty: the place is found and the mapping made, but no pages can be set aside for
 * it, and it is unmapped again.
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
            turn.then(
                    new Munmap.Begin(call.mm(), at, end),
                    new NotifyStart(call.mm(), at, end, Reason.UNMAP, true),
                    new NotifyEnd(call.mm(), at, end, Reason.UNMAP, true, false),
                    new GatherStep.TlbFinishMmu(at, end),
                    new Result(Outcome.of(Errno.ENOMEM), "the hugetlb pool has not so many pages"));
        }
    }
}
