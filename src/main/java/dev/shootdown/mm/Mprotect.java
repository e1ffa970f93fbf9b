package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * The system call mprotect. The result is 0. Where it fails in the middle, the mappings before stay changed.
 *
 * @param protection of {@link Vma#READ}, {@link Vma#WRITE}, {@link Vma#EXEC}; 0 is none
 */
@Cites("mm/mprotect.c: do_mprotect_pkey, 4.15-6.18; SYSCALL_DEFINE3(mprotect), 3.16-3.19")
public record Mprotect(int mm, long address, long length, long protection) implements KernelStep {
    /** PROT_SEM: nothing on x86. */
    private static final long SEM = 8;
    /** PROT_GROWSDOWN: from the start of the mapping, which grows down. */
    private static final long GROWSDOWN = 0x0100_0000;
    /** PROT_GROWSUP: nothing on x86. */
    private static final long GROWSUP = 0x0200_0000;

    @Override
    public void run(Kernel kernel, Turn turn) {
        long end = address + Ranges.align(length);
        long grows = protection & (GROWSDOWN | GROWSUP);
        if (grows == (GROWSDOWN | GROWSUP)) {
            turn.fail(Errno.EINVAL, "a range grows to one side");
        } else if (!Ranges.aligned(address)) {
            turn.fail(Errno.EINVAL, "the address is not a multiple of the page size");
        } else if (length == 0) {
            turn.result(0);
        } else if (Long.compareUnsigned(end, address) <= 0) {
            turn.fail(Errno.ENOMEM, "the range wraps around");
        } else if ((protection & ~(Vma.PROTECTION | SEM | GROWSDOWN | GROWSUP)) != 0) {
            turn.fail(Errno.EINVAL, "the protection has unknown bits");
        } else {
            turn.then(new MmapLock.Write(mm), new Begin(mm, address, end, protection));
        }
    }

    /** Looks whether the start is mapped; newer kernels flush for all mappings of the call together. */
    @Cites("mm/mprotect.c: do_mprotect_pkey, 4.15-6.18")
    record Begin(int mm, long start, long end, long protection) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean down = (protection & GROWSDOWN) != 0;
            Vma first = down ? kernel.vmas().find(mm, start) : kernel.vmas().at(mm, start);
            if (first == null || first.start() >= end) {
                turn.then(new MmapLock.WriteUnlock(mm), failed("nothing is mapped at the start"));
                return;
            }
            if (down && !first.has(Vma.GROWSDOWN)) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.EINVAL), "the mapping does not grow down"));
                return;
            }
            if (kernel.version().protectGathers()) {
                kernel.gather().begin(turn.actor(), mm, start, end);
            }
            long from = down ? first.start() : start;
            turn.then(new NextVma(mm, start, from, end, protection & Vma.PROTECTION));
        }
    }

    private static Result failed(String rule) {
        return new Result(Outcome.of(Errno.ENOMEM), rule);
    }

    /** One mapping of the range gets its new protection, then the next. */
    @Cites("mm/mprotect.c: do_mprotect_pkey, mprotect_fixup, 3.16-6.18")
    record NextVma(int mm, long start, long at, long end, long protection) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(mm, at);
            if (vma == null) {
                end(kernel, turn, Outcome.of(Errno.ENOMEM), "there is a hole in the range");
                return;
            }
            long flags = vma.flags() & ~Vma.PROTECTION | protection;
            if ((flags & ~(flags >>> 4) & Vma.PROTECTION) != 0) {
                end(kernel, turn, Outcome.of(Errno.EACCES), "the mapping may not be given this permission");
                return;
            }
            if (vma.has(Vma.SEALED)) {
                end(kernel, turn, Outcome.of(Errno.EPERM), Mseal.RULE);
                return;
            }
            long limit = Math.min(vma.end(), end);
            Step next = limit < end ? new NextVma(mm, start, limit, end, protection) : new End(mm, start, end, 0, null);
            if (flags == vma.flags()) {
                turn.then(next);
            } else if ((flags & Vma.WRITE) != 0 && !vma.has(Vma.WRITE) && !kernel.limits().mayExpandData(mm, flags, limit - at >>> Frames.PAGE_SHIFT)) {
                end(kernel, turn, Outcome.of(Errno.ENOMEM), "more could be written to than RLIMIT_DATA allows");
            } else if (charged(vma, flags) && !kernel.limits().mayCommit(limit - at >>> Frames.PAGE_SHIFT)) {
                end(kernel, turn, Outcome.of(Errno.ENOMEM), Mmap.COMMIT_RULE);
            } else {
                fix(kernel, turn, vma, limit, account(kernel.version(), vma, flags), next);
            }
        }

        private void end(Kernel kernel, Turn turn, long result, String rule) {
            turn.then(new End(mm, start, end, result, rule));
        }

        private static boolean charged(Vma vma, long flags) {
            return (flags & Vma.WRITE) != 0 && !vma.has(Vma.ACCOUNT | Vma.WRITE | Vma.HUGETLB | Vma.SHARED | Vma.NORESERVE);
        }

        private static long account(KernelVersion version, Vma vma, long flags) {
            if ((flags & Vma.WRITE) != 0) {
                return charged(vma, flags) ? flags | Vma.ACCOUNT : flags;
            }
            boolean untouched = version.protectUnaccounts() && vma.file() == 0 && vma.anon() == 0;
            return untouched ? flags & ~Vma.ACCOUNT : flags;
        }

        /** mprotect_fixup(): one with a neighbour, or cut out and changed in place. */
        private void fix(Kernel kernel, Turn turn, Vma vma, long limit, long flags, Step next) {
            Merge merge = Merge.of(kernel, vma.part(at, limit).withFlags(flags), vma);
            if (merge.possible()) {
                if (!merge.startWrite(turn, this)) {
                    return;
                }
                Vma merged = merge.join();
                kernel.vmas().changed(turn, "merge", merged);
                turn.then(next);
                populate(kernel, turn, vma, at, limit, flags);
                turn.then(new ChangeProtection.Begin(merged, at, limit));
                SplitHugePmd.edges(kernel, turn, vma, at, limit);
            } else {
                turn.then(new Split(mm, at), new Split(mm, limit), new SetFlags(new End(mm, start, end, 0, null), at, limit, flags, next));
            }
        }

        /** What is locked and becomes writable is copied now, so that no write waits for it later. */
        static void populate(Kernel kernel, Turn turn, Vma before, long from, long to, long flags) {
            boolean copies = (before.flags() & (Vma.WRITE | Vma.SHARED | Vma.LOCKED)) == Vma.LOCKED && (flags & Vma.WRITE) != 0;
            if (copies && kernel.version().protectCopiesLocked()) {
                turn.then(new Populate.Next(new Populate(before.mm(), from, to, 0, true), from), new Populate.Done(0));
            }
        }
    }

    /** Cuts a mapping where the range begins or ends inside it, if there may be one mapping more. */
    @Cites("mm/mmap.c: split_vma, 3.16-6.6; mm/vma.c, 6.18")
    record Split(int mm, long address) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(mm, address);
            if (vma == null || vma.start() == address || Outcome.failed(turn.actor().result())) {
                return;
            }
            if (Munmap.inHugePage(kernel, mm, address)) {
                turn.fail(Errno.EINVAL, "a mapping of the hugetlb pool is only cut between its pages");
            } else if (kernel.vmas().count(mm) >= kernel.limits().mapCount()) {
                turn.fail(Errno.ENOMEM, "there would be more mappings than vm.max_map_count");
            } else {
                new Munmap.SplitVma(mm, address).run(kernel, turn);
            }
        }
    }

    /**
     * The mapping has its new protection; its entries get theirs next. If it could not be cut, the mappings behind it
     * stay as they are.
     */
    @Cites("mm/mprotect.c: mprotect_fixup, 3.16-6.18")
    record SetFlags(End end, long at, long limit, long flags, Step next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long split = turn.takeResult();
            if (Outcome.failed(split)) {
                turn.then(new End(end.mm, end.start, end.end, split, turn.takeRemark()));
                return;
            }
            Vma vma = kernel.vmas().at(end.mm, at);
            if (!VmaLock.startWrite(kernel, turn, vma, this)) {
                return;
            }
            Vma changed = vma.withFlags(flags);
            kernel.vmas().replace(vma, changed);
            kernel.vmas().changed(turn, "protect", changed);
            turn.then(next);
            NextVma.populate(kernel, turn, vma, at, limit, flags);
            turn.then(new ChangeProtection.Begin(changed, at, limit));
        }
    }

    /** Flushes what newer kernels gathered, lets go of the lock, and returns. */
    @Cites("mm/mprotect.c: do_mprotect_pkey, 4.15-6.18")
    record End(int mm, long start, long end, long result, String rule) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(new MmapLock.WriteUnlock(mm), new Result(result, rule));
            if (kernel.version().protectGathers()) {
                turn.then(new GatherStep.TlbFinishMmu(start, end));
            }
        }
    }
}
