package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * Makes the pages of a range present without touching them, as a write would where the mapping is writable and private, as
 * a read would else.
 *
 * @param result       of the call for which it is done
 * @param ignoreErrors whether a mapping whose pages cannot be made present is passed over; if not the call fails with ENOMEM
 */
@Cites("mm/gup.c: __mm_populate, populate_vma_page_range, 3.16-6.18")
record Populate(int mm, long address, long end, long result, boolean ignoreErrors) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new MmapLock.Read(mm), new Next(this, address), new MmapLock.ReadUnlock(mm), new Done(result));
    }

    /** Faults the next page in that lacks something. */
    @Cites("mm/gup.c: __get_user_pages, check_vma_flags, faultin_page, 3.16-6.18; mm/mlock.c: __mlock_posix_error_return, 3.16-6.18")
    record Next(Populate what, long address) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long fault = turn.takeResult();
            turn.takeRemark();
            long at = address;
            Vma before = kernel.vmas().at(what.mm, address - Frames.PAGE_SIZE);
            if (at != what.address && before != null && kernel.lru().followed()) {
                accessed(kernel, turn, kernel.pte(what.mm, at - Frames.PAGE_SIZE));
                drain(kernel, turn, before, at);
            }
            if (Outcome.failed(fault)) {
                if (!what.ignoreErrors) {
                    boolean memory = Outcome.errno(fault) == Errno.ENOMEM;
                    turn.fail(memory ? Errno.EAGAIN : Errno.ENOMEM, memory ? "there is no memory for a page" : "a page cannot be made present");
                    return;
                }
                at = behind(kernel.vmas().at(what.mm, address - Frames.PAGE_SIZE), address);
            }
            walk(kernel, turn, at);
        }

        private void walk(Kernel kernel, Turn turn, long from) {
            long at = from;
            Vma vma = kernel.vmas().find(what.mm, at);
            while (vma != null && Math.max(at, vma.start()) < what.end) {
                at = Math.max(at, vma.start());
                if (vma.has(Vma.LOCKONFAULT | Vma.PFNMAP)) {
                    at = vma.end();
                } else if (vma.has(Vma.PROTECTION)) {
                    if (fault(kernel, turn, vma, at)) {
                        return;
                    }
                    at += Frames.PAGE_SIZE;
                    drain(kernel, turn, vma, at);
                } else if (what.ignoreErrors) {
                    at = vma.end();
                } else {
                    turn.fail(Errno.ENOMEM, "a mapping permits nothing, so that its pages cannot be made present");
                    return;
                }
                vma = kernel.vmas().find(what.mm, at);
            }
        }

        /** Behind each mapping what is new is moved to the lists of reclaim: populate_vma_page_range(). */
        private void drain(Kernel kernel, Turn turn, Vma vma, long at) {
            if (at == vma.end() || at == what.end) {
                kernel.lru().drain(kernel.cpuOf(turn.actor()));
            }
        }

        private boolean fault(Kernel kernel, Turn turn, Vma vma, long at) {
            boolean write = (vma.flags() & (Vma.WRITE | Vma.SHARED)) == Vma.WRITE;
            if (touched(kernel, turn, what.mm, at, write)) {
                return false;
            }
            turn.then(new HandleMmFault(what.mm, at, write ? Translation.WRITE : Translation.READ, false), new Next(what, at + Frames.PAGE_SIZE));
            return true;
        }

        private static long behind(Vma vma, long address) {
            return vma == null ? address : vma.end();
        }
    }

    /** follow_page_pte() with FOLL_TOUCH: whether a page is as it is to be; then it counts as used, and written to. */
    static boolean touched(Kernel kernel, Turn turn, int mm, long at, boolean write) {
        long entry = kernel.pte(mm, at);
        if (!Entry.present(entry) || write && !Entry.writable(entry)) {
            return false;
        }
        if (write && !Entry.dirty(entry)) {
            kernel.folios().mark(Entry.frame(entry), Folios.DIRTY);
        }
        accessed(kernel, turn, entry);
        return true;
    }

    /** FOLL_TOUCH: the page counts as used, as it would if it had been touched. */
    static void accessed(Kernel kernel, Turn turn, long entry) {
        if (Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0) {
            kernel.lru().accessed(kernel.cpuOf(turn.actor()), Entry.frame(entry));
        }
    }

    /** Leaves the call's own result, if none of the pages made it fail. */
    @Cites("mm/mmap.c: vm_mmap_pgoff; mm/mlock.c: do_mlock, 3.16-6.18")
    record Done(long result) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long populated = turn.takeResult();
            if (Outcome.failed(populated)) {
                turn.result(populated);
                return;
            }
            turn.takeRemark();
            turn.result(result);
        }
    }
}
