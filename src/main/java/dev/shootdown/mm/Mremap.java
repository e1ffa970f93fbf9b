package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * The system call mremap. The result is the address of the mapping, wherever it is then.
 *
 * @param address   of what is to be resized or moved
 * @param oldLength of it, in bytes; 0 of a shared mapping makes a second mapping of the same
 * @param newLength in bytes
 * @param flags     the constants below, which are those of include/uapi/linux/mman.h
 * @param target    where it is to go, with {@link #FIXED}; with {@link #DONTUNMAP} alone a hint
 */
@Cites("mm/mremap.c: SYSCALL_DEFINE5(mremap), check_mremap_params, 3.16-6.18")
public record Mremap(int mm, long address, long oldLength, long newLength, long flags, long target) implements KernelStep {
    public static final long MAYMOVE = 1;
    public static final long FIXED = 2;
    public static final long DONTUNMAP = 4;
    /** So many mappings may a move need: the source and the destination cut in three. */
    private static final int SPARE_MAPPINGS = 3;

    boolean has(long flag) {
        return (flags & flag) != 0;
    }

    long oldEnd() {
        return address + oldLength;
    }

    /** Whether it is to go somewhere in any case. */
    boolean moves() {
        return has(FIXED | DONTUNMAP);
    }

    /** Whether the range is to become smaller. Its old length may be any number. */
    boolean shrinks() {
        return Long.compareUnsigned(newLength, oldLength) < 0;
    }

    private Mremap aligned() {
        return new Mremap(mm, address, Ranges.align(oldLength), Ranges.align(newLength), flags, target);
    }

    /** The same call behind the shrinking: newer kernels look at what is left of the range. */
    Mremap shrunk() {
        return shrinks() ? new Mremap(mm, address, newLength, newLength, flags, target) : this;
    }

    /** The same call for a part of its range, as a move of several mappings does one after the other. */
    Mremap part(long from, long to) {
        return new Mremap(mm, from, to - from, to - from, flags, target + (from - address));
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        KernelVersion version = kernel.version();
        Mremap call = aligned();
        String refused = refused(kernel, call);
        if (refused == null && version.mremapChecksPlaceFirst()) {
            refused = call.newLength > Ranges.taskSize(kernel) || call.newLength < 0 ? "the new length is larger than user space"
                    : call.moves() ? call.misplaced(kernel) : null;
        }
        if (refused != null) {
            turn.fail(Errno.EINVAL, refused);
        } else if (version.mremapChecksPlaceFirst() && call.crowded(kernel)) {
            turn.fail(Errno.ENOMEM, "there might be more mappings than vm.max_map_count");
        } else {
            turn.perform(new MoveVma.Lock(call));
        }
    }

    /** The rule about the flags and the lengths that the call breaks, or null. */
    private String refused(Kernel kernel, Mremap call) {
        boolean knows = kernel.version().hasDontunmap();
        if ((flags & ~(MAYMOVE | FIXED | (knows ? DONTUNMAP : 0))) != 0) {
            return "there are unknown flags";
        }
        if (moves() && !has(MAYMOVE)) {
            return "what may not move cannot be given a place";
        }
        boolean resized = kernel.version().mremapChecksPlaceFirst() ? call.oldLength != call.newLength : oldLength != newLength;
        if (has(DONTUNMAP) && resized) {
            return "what stays mapped cannot be resized";
        }
        if (!Ranges.aligned(address)) {
            return "the address is not a multiple of the page size";
        }
        return call.newLength == 0 ? "the new length is 0" : null;
    }

    /** The rule about the new place that the call breaks, or null. */
    String misplaced(Kernel kernel) {
        long size = Ranges.taskSize(kernel);
        if (!Ranges.aligned(target)) {
            return "the new address is not a multiple of the page size";
        }
        if (Long.compareUnsigned(newLength, size) > 0 || Long.compareUnsigned(target, size - newLength) > 0) {
            return "the new range goes beyond the end of user space";
        }
        return oldEnd() > target && target + newLength > address ? "the old range and the new one overlap" : null;
    }

    /** Whether there are so many mappings that a move might fail in the middle. */
    boolean crowded(Kernel kernel) {
        return moves() && kernel.version().mremapChecksCount() && kernel.vmas().count(mm) + 2 >= kernel.limits().mapCount() - SPARE_MAPPINGS;
    }

    /** The same where the destination is empty by now. */
    boolean full(Kernel kernel) {
        return kernel.vmas().count(mm) >= kernel.limits().mapCount() - SPARE_MAPPINGS;
    }

    /** What the call broke: an errno and the rule. */
    record Broken(Errno errno, String rule) {
        void fail(Turn turn) {
            turn.fail(errno, rule);
        }
    }

    /** vma_to_resize(), resize_is_valid(): what the mapping at the address does not allow, or null. */
    Broken invalid(Kernel kernel) {
        Vma vma = kernel.vmas().at(mm, address);
        if (vma == null) {
            return new Broken(Errno.EFAULT, "nothing is mapped there");
        }
        if (vma.has(Vma.SEALED)) {
            return new Broken(Errno.EPERM, Mseal.RULE);
        }
        if (oldLength == 0 && !vma.has(Vma.SHARED | Vma.MAYSHARE) && kernel.version().mremapKeepsPrivateSingle()) {
            return new Broken(Errno.EINVAL, "a private mapping cannot be mapped twice");
        }
        if (vma.has(Vma.HUGETLB) && (!kernel.version().hugetlbMoves() || (address | target | oldLength | newLength) % Thp.SIZE != 0)) {
            return new Broken(Errno.EINVAL, "a mapping of the hugetlb pool moves by its pages, if at all");
        }
        boolean rigid = vma.has(Vma.DONTEXPAND | Vma.PFNMAP);
        if (has(DONTUNMAP) && rigid) {
            return new Broken(Errno.EINVAL, "a mapping of device memory cannot leave a copy");
        }
        if (Long.compareUnsigned(oldLength, vma.end() - address) > 0) {
            return new Broken(Errno.EFAULT, "the range goes beyond the end of the mapping");
        }
        if (newLength != oldLength && vma.index(address) + (newLength >>> Frames.PAGE_SHIFT) < 0) {
            return new Broken(Errno.EINVAL, "the offset is too large");
        }
        if (newLength != oldLength && rigid) {
            return new Broken(Errno.EFAULT, "the mapping may not grow");
        }
        boolean more = vma.has(Vma.LOCKED) && !kernel.mayLock(mm, Math.abs(newLength - oldLength) >>> Frames.PAGE_SHIFT);
        return newLength != oldLength && more ? new Broken(Errno.EAGAIN, "more would be locked than RLIMIT_MEMLOCK allows") : limited(kernel, vma);
    }

    /** Growth counts, and what leaves a copy counts twice. */
    private Broken limited(Kernel kernel, Vma vma) {
        long pages = (has(DONTUNMAP) ? oldLength : newLength - oldLength) >> Frames.PAGE_SHIFT;
        if (pages > 0 && !kernel.limits().mayExpand(mm, vma.flags(), pages)) {
            return new Broken(Errno.ENOMEM, "more would be mapped than RLIMIT_AS or RLIMIT_DATA allows");
        }
        if (pages > 0 && vma.has(Vma.ACCOUNT) && !kernel.limits().mayCommit(pages)) {
            return new Broken(kernel.version().mremapCommitFaults() ? Errno.EFAULT : Errno.ENOMEM, Mmap.COMMIT_RULE);
        }
        return null;
    }

    /** After the lock is let go, a locked mapping's new pages are made present. */
    @Cites("mm/mremap.c: mm_populate behind do_mremap, 3.16-6.18")
    record Populated(Mremap call) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long at = turn.takeResult();
            turn.result(at);
            Vma vma = Outcome.failed(at) ? null : kernel.vmas().at(call.mm, at);
            if (vma != null && vma.has(Vma.LOCKED) && call.newLength > call.oldLength) {
                turn.takeResult();
                turn.then(new Populate(call.mm, at + call.oldLength, at + call.newLength, at, true));
            }
        }
    }
}
