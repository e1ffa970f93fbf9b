package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/** madvise's remove of a stretch of one mapping: a hole in its file. The mmap lock is let go meanwhile. */
@Cites("mm/madvise.c: madvise_remove, 3.16-6.18")
record MadviseRemove(Vma vma, long start, long end) implements KernelStep {
    /** The errno with which a mapping refuses it, or null. */
    static Errno refused(KernelVersion version, Vma vma) {
        if (vma.has(Vma.LOCKED) || vma.file() == 0) {
            return Errno.EINVAL;
        }
        long needed = Vma.SHARED | (version.removeNeedsMaywrite() ? Vma.MAYWRITE : Vma.WRITE);
        return (vma.flags() & needed) == needed ? null : Errno.EACCES;
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        long offset = vma.index(start) << Frames.PAGE_SHIFT;
        turn.then(
                new MmapLock.ReadUnlock(vma.mm()),
                new Punch(vma.file(), offset, end - start),
                new MmapLock.Read(vma.mm()));
    }
}
