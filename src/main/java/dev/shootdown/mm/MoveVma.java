package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/** What {@link Mremap} does with the lock held for writing: resizes a mapping where it is, or moves it. */
sealed interface MoveVma extends KernelStep {
    /** Takes the lock. */
    @Cites("mm/mremap.c: SYSCALL_DEFINE5(mremap), 3.16-6.6; do_mremap, 6.18")
    record Lock(Mremap call) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(new MmapLock.Write(call.mm()), new Locked(call));
        }
    }

    /** Looks at the mapping, as far as the version does so first, and decides whether it moves in any case. */
    @Cites("mm/mremap.c: SYSCALL_DEFINE5(mremap), 3.16-6.6; do_mremap, check_prep_vma, 6.18")
    record Locked(Mremap call) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = call.mm();
            KernelVersion version = kernel.version();
            Step[] end = {new MmapLock.WriteUnlock(mm), new Mremap.Populated(call)};
            Vma vma = kernel.vmas().at(mm, call.address());
            if (version.mremapMovesSeveral() && call.has(Mremap.FIXED) && call.oldLength() == call.newLength()) {
                turn.then(new Several(call, call.address(), false), end);
            } else if (version.mremapLooksFirst() && vma == null) {
                turn.then(new MmapLock.WriteUnlock(mm));
                turn.fail(Errno.EFAULT, "nothing is mapped there");
            } else if (vma != null && vma.has(Vma.SEALED)) {
                turn.then(new MmapLock.WriteUnlock(mm));
                turn.fail(Errno.EPERM, Mseal.RULE);
            } else if (call.moves()) {
                turn.then(new To(call), end);
            } else if (call.newLength() == call.oldLength()) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(call.address(), null));
            } else if (call.shrinks()) {
                long tail = call.address() + call.newLength();
                boolean downgrade = version.munmapDowngrades();
                turn.then(new Munmap.DoMunmap(mm, tail, call.oldEnd() - tail, downgrade, true), new Shrunk(call.address()));
            } else {
                turn.then(new Expand(call), end);
            }
        }
    }

    /** A shrunk mapping is where it was. */
    @Cites("mm/mremap.c: shrink_vma, 6.18; do_munmap in SYSCALL_DEFINE5(mremap), 3.16-6.6")
    record Shrunk(long address) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long unmapped = turn.takeResult();
            turn.result(Outcome.failed(unmapped) ? unmapped : address);
        }
    }

    /** Grows in place if nothing is behind it; else goes elsewhere, if it may. */
    @Cites("mm/mremap.c: SYSCALL_DEFINE5(mremap), vma_expandable, 3.16-6.6; expand_vma, 6.18")
    record Expand(Mremap call) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Mremap.Broken broken = call.invalid(kernel);
            if (broken != null) {
                broken.fail(turn);
                return;
            }
            Vma vma = kernel.vmas().at(call.mm(), call.address());
            long end = call.address() + call.newLength();
            if (call.oldEnd() == vma.end() && expandable(kernel, vma, end)) {
                if (extend(kernel, turn, vma, end)) {
                    turn.result(call.address());
                }
            } else if (!call.has(Mremap.MAYMOVE)) {
                turn.fail(Errno.ENOMEM, "there is no room behind the mapping, and it may not move");
            } else {
                turn.then(new Place(call));
            }
        }

        private static boolean expandable(Kernel kernel, Vma vma, long end) {
            return end > vma.end() && end <= Ranges.taskSize(kernel) && kernel.vmas().overlapping(vma.mm(), vma.end(), end).isEmpty();
        }

        /** vma_merge_extend(): newer kernels look whether the mapping and the next one are one then. */
        private boolean extend(Kernel kernel, Turn turn, Vma vma, long end) {
            Vma more = new Vma(vma.mm(), vma.end(), end, vma.flags(), vma.index(vma.end()), vma.file(), vma.anon(), vma.forked());
            Merge merge = kernel.version().mremapMergesGrowth() ? Merge.of(kernel, more, null) : null;
            boolean merges = merge != null && merge.possible();
            if (merges ? !merge.startWrite(turn, this) : !VmaLock.startWrite(kernel, turn, vma, this)) {
                return false;
            }
            Vma grown = merges ? merge.join() : null;
            if (!merges) {
                grown = new Vma(vma.mm(), vma.start(), end, vma.flags(), vma.pgoff(), vma.file(), vma.anon(), vma.forked());
                kernel.vmas().replace(vma, grown);
            }
            kernel.vmas().changed(turn, "merge", grown);
            return true;
        }
    }

    /** Moves to a given place: what is there goes first. */
    @Cites("mm/mremap.c: mremap_to, 3.16-6.18")
    record To(Mremap call) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            String misplaced = call.misplaced(kernel);
            Mremap.Broken broken = kernel.version().mremapChecksPlaceFirst() ? call.shrunk().invalid(kernel) : null;
            if (misplaced != null) {
                turn.fail(Errno.EINVAL, misplaced);
            } else if (broken != null) {
                broken.fail(turn);
            } else if (call.crowded(kernel)) {
                turn.fail(Errno.ENOMEM, "there might be more mappings than vm.max_map_count");
            } else {
                turn.then(new Tail(call));
                if (call.has(Mremap.FIXED)) {
                    turn.then(new Munmap.DoMunmap(call.mm(), call.target(), call.newLength(), false, false));
                }
            }
        }
    }

    /** If it gets smaller on its way, its tail goes before it moves. */
    @Cites("mm/mremap.c: mremap_to, 3.16-6.18")
    record Tail(Mremap call) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long unmapped = turn.takeResult();
            if (Outcome.failed(unmapped)) {
                turn.result(unmapped);
            } else if (call.shrinks()) {
                long from = call.address() + call.newLength();
                Mremap rest = new Mremap(call.mm(), call.address(), call.newLength(), call.newLength(), call.flags(), call.target());
                turn.then(new Munmap.DoMunmap(call.mm(), from, call.oldEnd() - from, false, false), new Tail(rest));
            } else {
                Mremap.Broken broken = call.invalid(kernel);
                if (broken != null) {
                    broken.fail(turn);
                } else {
                    turn.then(new Place(call));
                }
            }
        }
    }

    /** Finds the new place, where it is not given. */
    @Cites("mm/mremap.c: get_unmapped_area in mremap_to and SYSCALL_DEFINE5(mremap), 3.16-6.6; vrm_set_new_addr, 6.18")
    record Place(Mremap call) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(call.mm(), call.address());
            long hint = call.moves() ? Placement.round(call.target()) : 0;
            boolean anonymous = vma.file() == 0;
            long to = call.has(Mremap.FIXED) ? call.target() : new Placement(kernel, call.mm()).find(hint, call.newLength(), anonymous);
            if (to == 0 && !call.has(Mremap.FIXED)) {
                turn.fail(Errno.ENOMEM, "there is no room in user space");
            } else if (to < KernelVersion.MMAP_MIN_ADDR) {
                turn.fail(Errno.EPERM, "the new address is below vm.mmap_min_addr");
            } else if (call.full(kernel)) {
                turn.fail(Errno.ENOMEM, "there might be more mappings than vm.max_map_count");
            } else {
                turn.then(new CopyVma(call, to), new MovePageTables.Begin(call.mm(), call.address(), to, call.oldLength()), new Moved(call, to));
            }
        }
    }

    /** A second mapping like the first one, at the new place; what no page was made of yet forgets where it was. */
    @Cites("mm/mmap.c: copy_vma, 3.16-6.6; mm/vma.c, 6.18")
    record CopyVma(Mremap call, long to) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(call.mm(), call.address());
            long pgoff = vma.file() == 0 && vma.anon() == 0 ? to >>> Frames.PAGE_SHIFT : vma.index(call.address());
            Vma wanted = new Vma(call.mm(), to, to + call.newLength(), vma.flags(), pgoff, vma.file(), vma.anon(), vma.forked());
            Merge merge = Merge.of(kernel, wanted, null);
            if (!VmaLock.startWrite(kernel, turn, vma, this) || merge.possible() && !merge.startWrite(turn, this)) {
                return;
            }
            if (merge.possible()) {
                kernel.vmas().changed(turn, "merge", merge.join());
            } else {
                kernel.vmas().insert(wanted);
                kernel.vmas().changed(turn, "move", wanted);
            }
        }
    }

    /** All is moved, and the old range goes or stays empty; or there was no memory, and what moved goes back. */
    @Cites("mm/mremap.c: move_vma, 3.16-6.18; unmap_source_vma, dontunmap_complete, 6.18")
    record Moved(Mremap call, long to) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = call.mm();
            boolean all = PageTables.nextMapped(kernel, mm, call.address(), call.oldEnd()) == call.oldEnd();
            if (!all) {
                turn.then(
                        new MovePageTables.Begin(mm, to, call.address(), call.oldLength()),
                        new Munmap.DoMunmap(mm, to, call.newLength(), false, false),
                        new Result(Outcome.of(Errno.ENOMEM), "there is no memory for page tables"));
            } else if (call.has(Mremap.DONTUNMAP)) {
                stay(kernel);
                turn.then(new Result(to, null));
            } else {
                turn.then(new Result(to, null));
                if (call.oldLength() != 0) {
                    turn.then(new Munmap.DoMunmap(mm, call.address(), call.oldLength(), false, false));
                }
            }
        }

        /** The old mapping has no pages, so that it is not locked and, if all of it moved, needs no anon_vma. */
        private void stay(Kernel kernel) {
            Vma old = kernel.vmas().at(call.mm(), call.address());
            if (old.has(Vma.LOCKED)) {
                // The whole mapping is not locked any more, also where only a part of it moved, and counts as locked nevertheless.
                long counted = kernel.version().dontunmapCountsTwice() ? 0 : call.newLength();
                kernel.lockedTwice(call.mm(), old.pages() - (counted >>> Frames.PAGE_SHIFT));
            }
            long cleared = Vma.LOCKED | Vma.LOCKONFAULT;
            Vma left = old.withFlags(old.flags() & ~cleared);
            boolean whole = old.start() == call.address() && old.end() == call.oldEnd();
            kernel.vmas().replace(old, whole ? left.withAnon(0, false) : left);
        }
    }

    /** A move without a change of size may be of several mappings: one after the other, with the gaps between them. */
    @Cites("mm/mremap.c: remap_move, 6.18")
    record Several(Mremap call, long from, boolean seen) implements MoveVma {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long before = turn.takeResult();
            Vma vma = kernel.vmas().find(call.mm(), from);
            if (seen && Outcome.failed(before)) {
                turn.result(before);
            } else if (vma == null || Math.max(vma.start(), from) >= call.oldEnd()) {
                end(turn);
            } else if (!seen && vma.start() > from) {
                turn.fail(Errno.EFAULT, "nothing is mapped there");
            } else {
                long to = Math.min(vma.end(), call.oldEnd());
                turn.then(new To(call.part(Math.max(vma.start(), from), to)), new Several(call, to, true));
            }
        }

        private void end(Turn turn) {
            if (seen) {
                turn.result(call.target());
            } else {
                turn.fail(Errno.EFAULT, "nothing is mapped there");
            }
        }
    }
}
