package dev.shootdown.mm;

import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;

/**
 * The system call fork, as far as memory goes. The result is the child's number.
 *
 * @param child a number that {@link Kernel#reserve} gave, under which nothing lives
 */
@Cites("kernel/fork.c: copy_mm, dup_mm, 3.16-6.18")
public record Fork(int mm, int child) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (!kernel.alive(mm) || kernel.root(child) != 0) {
            turn.fail(Errno.EAGAIN, kernel.alive(mm) ? "a process of this name lives already" : "the process is gone");
            return;
        }
        long root = kernel.bear(child);
        if (root == 0) {
            turn.fail(Errno.ENOMEM, "there is no memory for a page table");
            return;
        }
        kernel.mmapBase(child, kernel.mmapBase(mm));
        kernel.copyHeap(mm, child);
        kernel.copyLimits(mm, child);
        turn.emit(Kind.TABLE_ALLOC, () -> new Event.TableAlloc(kernel.name(child), root, kernel.levels()));
        turn.then(new MmapLock.Write(mm), new DupVma(mm, child, 0));
    }

    /** Copies one mapping, then the next. */
    @Cites("kernel/fork.c: dup_mmap, 3.16-6.6; mm/mmap.c, 6.18")
    record DupVma(int mm, int child, long from) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long copied = turn.takeResult();
            Vma vma = kernel.vmas().find(mm, from);
            if (Outcome.failed(copied) || vma == null) {
                turn.then(CpuFlush.whole(kernel.version(), mm), new MmapLock.WriteUnlock(mm), new Done(mm, child, copied));
                return;
            }
            if (!VmaLock.startWrite(kernel, turn, vma, this)) {
                return;
            }
            turn.then(new DupVma(mm, child, vma.end()));
            if (vma.has(Vma.DONTCOPY)) {
                return;
            }
            if (vma.has(Vma.ACCOUNT) && !kernel.limits().mayCommit(vma.pages())) {
                turn.fail(Errno.ENOMEM, Mmap.COMMIT_RULE);
            } else {
                dup(kernel, turn, vma);
            }
        }

        private void dup(Kernel kernel, Turn turn, Vma vma) {
            boolean wipe = vma.has(Vma.WIPEONFORK);
            int anon = wipe || vma.anon() == 0 ? 0 : kernel.anonVmas().allocate(vma.anon());
            Vma copy = new Vma(child, vma.start(), vma.end(), vma.flags() & ~(Vma.LOCKED | Vma.LOCKONFAULT),
                    vma.pgoff(), vma.file(), anon, anon != 0);
            kernel.vmas().insert(copy);
            kernel.vmas().changed(turn, "insert", copy);
            // What has no anonymous pages is filled by faults: copy_page_range() returns at once.
            boolean copied = vma.has(Vma.HUGETLB) && kernel.version().forkCopiesHugetlbAlways();
            if (anon == 0 && !copied && (wipe || !vma.has(Vma.MAYBE_GUARD))) {
                return;
            }
            boolean huge = vma.has(Vma.HUGETLB);
            Step range = huge ? new HugetlbRange.Copy(vma, child, vma.start()) : new CopyPageRange.Range(vma, child, vma.start(), vma.end());
            if (vma.copiesOnWrite()) {
                Reason reason = huge ? Reason.CLEAR : Reason.PROTECTION_PAGE;
                turn.then(
                        new NotifyStart(mm, vma.start(), vma.end(), reason, true),
                        range,
                        new NotifyEnd(mm, vma.start(), vma.end(), reason, true, false));
            } else {
                turn.then(range);
            }
        }
    }

    /** The child lives; or, where there was no memory for all of it, it goes again. */
    @Cites("kernel/fork.c: dup_mm, 3.16-6.18")
    record Done(int mm, int child, long copied) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (Outcome.failed(copied)) {
                turn.then(new Mmput(child), new Result(copied, "there is no memory for all of the child"));
            } else {
                turn.result(child);
            }
        }
    }
}
