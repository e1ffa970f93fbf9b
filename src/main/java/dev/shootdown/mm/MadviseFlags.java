package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** madvise's advice that only changes what a mapping's flags say: nobody is told, and no entry changes. */
@Cites("mm/madvise.c: madvise_behavior, 3.16-4.15; madvise_vma_behavior, 6.1-6.18")
record MadviseFlags(Vma vma, long start, long end, Advice advice) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        new ChangeVmaFlags(vma.mm(), start, end, flags(vma.flags())).run(kernel, turn);
    }

    private long flags(long flags) {
        return switch (advice) {
            case NORMAL -> flags & ~(Vma.RANDOM | Vma.SEQUENTIAL);
            case RANDOM -> flags & ~Vma.SEQUENTIAL | Vma.RANDOM;
            case SEQUENTIAL -> flags & ~Vma.RANDOM | Vma.SEQUENTIAL;
            case DONTFORK -> flags | Vma.DONTCOPY;
            case DOFORK -> flags & ~Vma.DONTCOPY;
            case WIPEONFORK -> flags | Vma.WIPEONFORK;
            case KEEPONFORK -> flags & ~Vma.WIPEONFORK;
            case MERGEABLE -> flags | Vma.MERGEABLE;
            case UNMERGEABLE -> flags & ~Vma.MERGEABLE;
            case DONTDUMP -> flags | Vma.DONTDUMP;
            case DODUMP -> flags & ~Vma.DONTDUMP;
            case HUGEPAGE -> flags & ~Vma.NOHUGEPAGE | Vma.HUGEPAGE;
            case NOHUGEPAGE -> flags & ~Vma.HUGEPAGE | Vma.NOHUGEPAGE;
            case DONTNEED, DONTNEED_LOCKED, REMOVE, PAGEOUT, WILLNEED, FREE, COLD, POPULATE_READ, POPULATE_WRITE, GUARD_INSTALL,
                    GUARD_REMOVE, COLLAPSE -> flags;
        };
    }

    /**
     * Whether a mapping refuses it: only private anonymous memory can be wiped, and what may be lost is always wiped and
     * never dumped; older kernels hear of huge pages once.
     */
    static boolean refused(KernelVersion version, Vma vma, Advice advice) {
        long special = Vma.SPECIAL | Vma.HUGETLB | Vma.SHARED | Vma.MAYSHARE;
        return switch (advice) {
            case WIPEONFORK -> vma.file() != 0 || vma.has(Vma.SHARED);
            case KEEPONFORK, DODUMP -> vma.has(Vma.DROPPABLE);
            case HUGEPAGE -> version.hugepageAdviceOnce() && vma.has(Vma.HUGEPAGE | special);
            case NOHUGEPAGE -> version.hugepageAdviceOnce() && vma.has(Vma.NOHUGEPAGE | special);
            case NORMAL, RANDOM, SEQUENTIAL, DONTFORK, DOFORK, MERGEABLE, UNMERGEABLE, DONTNEED, DONTNEED_LOCKED, REMOVE, PAGEOUT,
                    WILLNEED, FREE, COLD, POPULATE_READ, POPULATE_WRITE, COLLAPSE, DONTDUMP, GUARD_INSTALL, GUARD_REMOVE -> false;
        };
    }
}
