package dev.shootdown.mm;

import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/** The system call madvise. The result is 0; holes are passed over, and make it ENOMEM at the end. */
@Cites("mm/madvise.c: SYSCALL_DEFINE3(madvise), do_madvise, 3.16-6.18")
public record Madvise(int mm, long address, long length, Advice advice) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long end = address + Ranges.align(length);
        if (!Ranges.aligned(address)) {
            turn.fail(Errno.EINVAL, "the address is not a multiple of the page size");
        } else if (!kernel.version().knows(advice)) {
            turn.fail(Errno.EINVAL, "this kernel does not know the advice");
        } else if (length != 0 && Ranges.align(length) == 0 || Long.compareUnsigned(end, address) < 0) {
            turn.fail(Errno.EINVAL, "the range wraps around");
        } else if (end == address) {
            turn.result(0);
        } else if (advice == Advice.POPULATE_READ || advice == Advice.POPULATE_WRITE) {
            turn.perform(new MadvisePopulate.Begin(new MadvisePopulate(mm, address, end, advice == Advice.POPULATE_WRITE)));
        } else {
            Walk walk = new Walk(mm, address, address, end, advice, false);
            if (shared(kernel, advice) && kernel.version().advisesUnderVmaLock()) {
                turn.then(new Begin(walk), new TryVmaReadLock(walk));
            } else {
                turn.then(advice.flags() ? new MmapLock.Write(mm) : new MmapLock.Read(mm), new Begin(walk), walk);
            }
        }
    }

    private static boolean shared(Kernel kernel, Advice advice) {
        return kernel.version().dontneedSharesGather() && switch (advice) {
            case DONTNEED, DONTNEED_LOCKED, FREE -> true;
            case REMOVE, PAGEOUT, WILLNEED, COLD, POPULATE_READ, POPULATE_WRITE, DONTFORK, DOFORK, WIPEONFORK, KEEPONFORK, NORMAL, RANDOM,
                    SEQUENTIAL, MERGEABLE, UNMERGEABLE, DONTDUMP, DODUMP, HUGEPAGE, NOHUGEPAGE, GUARD_INSTALL, GUARD_REMOVE, COLLAPSE -> false;
        };
    }

    /** Where the version has one gather for all mappings of the call, it begins. */
    @Cites("mm/madvise.c: madvise_init_tlb, 6.18")
    record Begin(Walk walk) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (shared(kernel, walk.advice)) {
                kernel.gather().begin(turn.actor(), walk.mm, walk.start, walk.end);
            }
        }
    }

    /** The lock of one mapping will do where the range is in no other, and nobody is to be told of it. */
    @Cites("mm/madvise.c: try_vma_read_lock, 6.17-6.18")
    record TryVmaReadLock(Walk walk) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean own = kernel.spaceOf(turn.actor()) == walk.mm;
            Vma vma = own ? VmaLock.lockUnderRcu(kernel, turn, walk.mm, walk.start) : null;
            if (vma != null && walk.end <= vma.end() && !vma.has(Vma.UFFD_MISSING | Vma.UFFD_WP)) {
                turn.then(walk);
                return;
            }
            if (vma != null) {
                turn.perform(new VmaLock.EndRead());
            }
            turn.then(new MmapLock.Read(walk.mm), walk);
        }
    }

    /** One mapping of the range, then the next. */
    @Cites("mm/madvise.c: madvise_walk_vmas, 3.16-6.18")
    record Walk(int mm, long start, long at, long end, Advice advice, boolean holes) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (advice.flags() && Outcome.failed(turn.takeResult())) {
                finish(kernel, turn, Outcome.of(Errno.EAGAIN), turn.takeRemark());
                return;
            }
            if (advice == Advice.COLLAPSE && Outcome.failed(turn.actor().result())) {
                finish(kernel, turn, turn.takeResult(), turn.takeRemark());
                return;
            }
            Vma vma = kernel.vmas().find(mm, at);
            if (at >= end || vma == null || vma.start() >= end) {
                boolean missing = holes || at < end;
                finish(kernel, turn, missing ? Outcome.of(Errno.ENOMEM) : 0, missing ? "there is a hole in the range" : null);
                return;
            }
            long from = Math.max(at, vma.start());
            long to = Math.min(vma.end(), end);
            Errno refused = refused(kernel, vma, from);
            if (vma.has(Vma.SEALED) && vma.file() == 0 && !vma.has(Vma.WRITE) && advice.discards()) {
                finish(kernel, turn, Outcome.of(Errno.EPERM), Mseal.RULE);
                return;
            }
            if (refused != null) {
                finish(kernel, turn, Outcome.of(refused), rule());
                return;
            }
            turn.then(new Walk(mm, start, to, end, advice, holes || from > at));
            switch (advice) {
                case DONTNEED, DONTNEED_LOCKED -> dontneed(kernel, turn, vma, from, vma.has(Vma.HUGETLB) ? Thp.start(to) : to);
                case REMOVE -> turn.then(new MadviseRemove(vma, from, to));
                case PAGEOUT -> turn.then(new MadvisePageout(vma, from, to));
                case WILLNEED -> turn.then(new MadviseWillneed(vma, from, to));
                case FREE -> gathered(kernel, turn, from, to, new MadviseFree(vma, from, to));
                case COLD -> turn.then(new MadviseCold(vma, from, to));
                case DONTFORK, DOFORK, WIPEONFORK, KEEPONFORK, NORMAL, RANDOM, SEQUENTIAL, DONTDUMP, DODUMP, HUGEPAGE, NOHUGEPAGE ->
                        turn.then(new MadviseFlags(vma, from, to, advice));
                case GUARD_INSTALL -> turn.then(new MadviseGuard.Install(vma, from, to));
                case GUARD_REMOVE -> turn.then(new MadviseGuard.Remove(vma, from, to));
                case COLLAPSE -> turn.then(new MadviseCollapse(vma, from, to));
                case MERGEABLE, UNMERGEABLE -> turn.then(new MadviseMergeable(vma, from, to, advice));
                case POPULATE_READ, POPULATE_WRITE -> throw new IllegalStateException(advice.word());
            }
        }

        /** The errno with which a mapping refuses the advice, or null. */
        private Errno refused(Kernel kernel, Vma vma, long from) {
            boolean special = vma.has(Vma.PFNMAP);
            return switch (advice) {
                case DONTNEED -> special || vma.has(Vma.LOCKED) || cut(kernel, vma, from) ? Errno.EINVAL : null;
                case DONTNEED_LOCKED -> special || cut(kernel, vma, from) ? Errno.EINVAL : null;
                case PAGEOUT -> MadvisePageout.refused(vma) ? Errno.EINVAL : null;
                case REMOVE -> MadviseRemove.refused(kernel.version(), vma);
                case FREE -> MadviseFree.refused(vma) ? Errno.EINVAL : null;
                case COLD -> MadvisePageout.refused(vma) ? Errno.EINVAL : null;
                case WIPEONFORK, KEEPONFORK, DODUMP, HUGEPAGE, NOHUGEPAGE -> MadviseFlags.refused(kernel.version(), vma, advice) ? Errno.EINVAL : null;
                case COLLAPSE -> MadviseCollapse.refused(kernel, vma) ? Errno.EINVAL : null;
                case GUARD_INSTALL, GUARD_REMOVE -> MadviseGuard.refused(vma, advice) ? Errno.EINVAL : null;
                case WILLNEED, DONTFORK, DOFORK, NORMAL, RANDOM, SEQUENTIAL, MERGEABLE, UNMERGEABLE, POPULATE_READ, POPULATE_WRITE,
                        DONTDUMP -> null;
            };
        }

        /** Whether a page of the hugetlb pool would lose its end only, or none may go at all. */
        private static boolean cut(Kernel kernel, Vma vma, long from) {
            return vma.has(Vma.HUGETLB) && (!kernel.version().hugetlbDontneed() || from != Thp.start(from));
        }

        private String rule() {
            return switch (advice) {
                case REMOVE -> "a hole needs a file, mapped shared and writable, that is not locked";
                case FREE, WIPEONFORK -> "the mapping is not of private anonymous memory, or locked";
                case DONTNEED, DONTNEED_LOCKED, PAGEOUT, WILLNEED, COLD, DONTFORK, DOFORK, KEEPONFORK, NORMAL, RANDOM, SEQUENTIAL, MERGEABLE,
                        UNMERGEABLE, POPULATE_READ, POPULATE_WRITE, DONTDUMP, DODUMP, GUARD_INSTALL, GUARD_REMOVE ->
                        "the mapping is locked or not of ordinary pages";
                case HUGEPAGE, NOHUGEPAGE, COLLAPSE -> "the mapping cannot have huge pages, or was told the same before";
            };
        }

        private void finish(Kernel kernel, Turn turn, long result, String rule) {
            boolean one = kernel.vmaLocks().holds(turn.actor());
            turn.then(one ? new VmaLock.EndRead() : new MmapLock.Unlock(mm), new Result(result, rule));
            if (shared(kernel, advice)) {
                turn.then(new GatherStep.TlbFinishMmu(start, end));
            }
        }

        /** zap_page_range_single(). */
        private void dontneed(Kernel kernel, Turn turn, Vma vma, long from, long to) {
            if (from == to) {
                return;
            }
            HugetlbRange.Extended told = vma.has(Vma.HUGETLB) ? HugetlbRange.Extended.of(kernel, vma, from, to) : new HugetlbRange.Extended(from, to);
            gathered(
                    kernel, turn, from, to,
                    new NotifyStart(mm, told.start(), told.end(), Reason.CLEAR, true),
                    new Zap.UnmapPageRange(vma, from, to, new ZapDetails(true, false, kernel.version().dontneedFreesTables())),
                    new NotifyEnd(mm, told.start(), told.end(), Reason.CLEAR, true, false));
        }

        /** With a gather of its own, or the call's. */
        private void gathered(Kernel kernel, Turn turn, long from, long to, Step first, Step... more) {
            if (!shared(kernel, advice)) {
                kernel.gather().begin(turn.actor(), mm, from, to);
                turn.then(new GatherStep.TlbFinishMmu(from, to));
            }
            turn.then(first, more);
        }
    }
}
