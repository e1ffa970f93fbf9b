package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** madvise's willneed of a stretch of one mapping: its pages are read, from swap or from its file, and not mapped. */
@Cites("mm/madvise.c: madvise_willneed, swapin_walk_pmd_entry; mm/readahead.c: force_page_cache_readahead, 3.16-6.18")
record MadviseWillneed(Vma vma, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        int mm = vma.mm();
        for (long at = start; at < end; at += Frames.PAGE_SIZE) {
            boolean read = vma.file() != 0 ? readFile(kernel, turn, vma.index(at)) : readSwap(kernel, turn, mm, at);
            if (read) {
                turn.then(new MadviseWillneed(vma, at + Frames.PAGE_SIZE, end));
                return;
            }
        }
    }

    private boolean readFile(Kernel kernel, Turn turn, long index) {
        Files files = kernel.files();
        if (files.tmpfs(vma.file()) || index >= Truncate.pages(files.size(vma.file())) || files.frame(vma.file(), index) != 0) {
            return false;
        }
        long frame = files.add(vma.file(), index);
        if (frame != 0) {
            turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(vma.mm()), frame, 0, kernel.name(vma.file())));
        }
        return frame != 0;
    }

    /** What is read from swap waits in the swap cache, which alone holds it. */
    private static boolean readSwap(Kernel kernel, Turn turn, int mm, long at) {
        long entry = kernel.pte(mm, at);
        if (!SwapEntry.swapped(entry) || kernel.swap().frame(SwapEntry.offset(entry)) != 0) {
            return false;
        }
        long frame = SwapFault.read(kernel, turn, mm, SwapEntry.offset(entry));
        if (frame != 0) {
            kernel.frames().put(frame);
        }
        return frame != 0;
    }
}
