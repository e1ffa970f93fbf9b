package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;

/**
 * The system call mmap. The result is the address.
 *
 * @param address    the hint, or with {@link #FIXED} the place; 0 is no hint
 * @param length     in bytes
 * @param protection of {@link Vma#READ}, {@link Vma#WRITE}, {@link Vma#EXEC}
 * @param flags      the constants below, which are those of include/uapi/linux/mman.h
 * @param file       the file's number ({@link Files}), or 0 with {@link #ANONYMOUS}
 * @param offset     in the file, in bytes; a multiple of the page size
 */
@Cites("mm/mmap.c: do_mmap, 3.16-6.18")
public record Mmap(int mm, long address, long length, long protection, long flags, int file, long offset) implements KernelStep {
    public static final long SHARED = 0x01;
    public static final long PRIVATE = 0x02;
    /** SHARED, but unknown flags are refused. */
    public static final long SHARED_VALIDATE = 0x03;
    public static final long DROPPABLE = 0x08;
    public static final long FIXED = 0x10;
    public static final long ANONYMOUS = 0x20;
    /** The address has to fit into 31 bits: arch/x86/include/uapi/asm/mman.h. */
    public static final long LOW_ADDRESS = 0x40;
    public static final long GROWSDOWN = 0x100;
    public static final long LOCKED = 0x2000;
    public static final long NORESERVE = 0x4000;
    public static final long POPULATE = 0x8000;
    /** With {@link #POPULATE}: the pages are not made present after all. */
    public static final long NONBLOCK = 0x10000;
    public static final long STACK = 0x20000;
    public static final long HUGETLB = 0x40000;
    public static final long FIXED_NOREPLACE = 0x100000;
    /** No flag of the kernel's, but what it knows of the file that is mapped: it was opened for reading only. */
    public static final long OPENED_READ_ONLY = 1L << 32;
    /** The number that stands for a file that is not open. */
    public static final int NO_FILE = -1;
    static final String COMMIT_RULE = "more would be promised than the commit limit allows";
    private static final String SEALED_RULE = "the file is sealed against writes";
    private static final long TYPE = 0x0f;
    /** LEGACY_MAP_MASK: what MAP_SHARED_VALIDATE knows. */
    private static final long KNOWN = SHARED_VALIDATE | FIXED | ANONYMOUS | GROWSDOWN | 0x0800 | 0x1000 | LOCKED | NORESERVE | POPULATE | NONBLOCK
            | STACK | HUGETLB | LOW_ADDRESS | 0x4000000;

    boolean has(long flag) {
        return (flags & flag) != 0;
    }

    private long type() {
        return flags & TYPE;
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        if ((offset & Frames.PAGE_SIZE - 1) != 0) {
            turn.fail(Errno.EINVAL, "the offset is not a multiple of the page size");
        } else if (file == NO_FILE) {
            turn.fail(Errno.EBADF, "there is no such open file");
        } else {
            turn.then(new MmapLock.Write(mm), new Locked(this), new MmapLock.WriteUnlock(mm), new MmPopulate(this));
        }
    }

    /** What is done with the lock held for writing. */
    @Cites("mm/mmap.c: do_mmap, __get_unmapped_area, 3.16-6.18")
    record Locked(Mmap call) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long length = Ranges.align(call.length);
            if (!kernel.alive(call.mm)) {
                turn.signal(Signal.KILL, "the process is gone");
            } else if (call.length == 0) {
                turn.fail(Errno.EINVAL, "the length is 0");
            } else if (length == 0) {
                turn.fail(Errno.ENOMEM, "the length is too large");
            } else if (kernel.vmas().count(call.mm) > kernel.limits().mapCount()) {
                turn.fail(Errno.ENOMEM, "there are more mappings than vm.max_map_count");
            } else {
                place(kernel, turn, length);
            }
        }

        private void place(Kernel kernel, Turn turn, long length) {
            boolean exact = call.has(FIXED) || call.stands(kernel);
            long size = Ranges.taskSize(kernel);
            if (Long.compareUnsigned(length, size) > 0) {
                turn.fail(Errno.ENOMEM, "the length is larger than user space");
                return;
            }
            if (call.has(HUGETLB)) {
                turn.then(new MmapHugetlb(call));
                return;
            }
            long at = exact ? call.address : call.free(kernel, length);
            if (Long.compareUnsigned(at, size - length) > 0 || at == 0 && !exact) {
                turn.fail(Errno.ENOMEM, "there is no room in user space");
            } else if (!Ranges.aligned(at)) {
                turn.fail(Errno.EINVAL, "the address is not a multiple of the page size");
            } else if (at < KernelVersion.MMAP_MIN_ADDR) {
                turn.fail(Errno.EPERM, "the address is below vm.mmap_min_addr");
            } else if (call.stands(kernel) && !kernel.vmas().overlapping(call.mm, at, at + length).isEmpty()) {
                turn.fail(Errno.EEXIST, "something is mapped there, and it is not to be replaced");
            } else if (call.has(LOCKED) && !kernel.canLock(call.mm)) {
                turn.fail(Errno.EPERM, "RLIMIT_MEMLOCK is 0");
            } else if (call.has(LOCKED) && !kernel.mayLock(call.mm, length >>> Frames.PAGE_SHIFT)) {
                turn.fail(Errno.EAGAIN, "more would be locked than RLIMIT_MEMLOCK allows");
            } else if (!call.refused(kernel, turn, length)) {
                region(kernel, turn, exact, at, length);
            }
        }

        private void region(Kernel kernel, Turn turn, boolean exact, long at, long length) {
            if (!kernel.limits().mayExpand(call.mm, call.vmaFlags(kernel), length - call.replaced(kernel, at, at + length, 0) >>> Frames.PAGE_SHIFT)) {
                turn.fail(Errno.ENOMEM, "more would be mapped than RLIMIT_AS or RLIMIT_DATA allows");
                return;
            }
            boolean first = kernel.version().mmapCommitsFirst();
            if (first && !call.commits(kernel, length, call.replaced(kernel, at, at + length, Vma.ACCOUNT))) {
                turn.fail(Errno.ENOMEM, COMMIT_RULE);
                return;
            }
            turn.then(new MmapRegion(call, at, length));
            if (exact && !kernel.vmas().overlapping(call.mm, at, at + length).isEmpty()) {
                turn.then(new Munmap.DoMunmap(call.mm, at, length, false, false));
            }
        }
    }

    /** An address that is free, or 0. */
    private long free(Kernel kernel, long length) {
        Placement placement = new Placement(kernel, mm);
        long hint = Placement.round(address);
        boolean anonymous = file == 0 && !has(SHARED);
        return has(LOW_ADDRESS) ? placement.findLow(hint, length, anonymous) : placement.find(hint, length, anonymous);
    }

    /** Bytes of [start, end) that are mapped with all of these flags, and will not be: count_vma_pages_range(), vms->nr_accounted. */
    private long replaced(Kernel kernel, long start, long end, long flags) {
        long bytes = 0;
        for (Vma vma : kernel.vmas().overlapping(mm, start, end)) {
            bytes += (vma.flags() & flags) == flags ? Math.min(vma.end(), end) - Math.max(vma.start(), start) : 0;
        }
        return bytes;
    }

    /** Whether the machine may promise what is mapped: private writable memory, or shared memory of its own. */
    private boolean commits(Kernel kernel, long length, long less) {
        boolean shared = file == 0 && has(SHARED) && !has(NORESERVE);
        boolean accounted = shared || (vmaFlags(kernel) & Vma.ACCOUNT) != 0;
        return !accounted || kernel.limits().mayCommit(length - less >>> Frames.PAGE_SHIFT);
    }

    private boolean knowsType(KernelVersion version) {
        return type() == SHARED || type() == PRIVATE
                || type() == SHARED_VALIDATE && file != 0 && version.hasSharedValidate()
                || type() == DROPPABLE && file == 0 && version.hasDroppable();
    }

    /** MAP_FIXED_NOREPLACE; a kernel that does not know it takes the place for a hint. */
    private boolean stands(Kernel kernel) {
        return has(FIXED_NOREPLACE) && kernel.version().hasFixedNoreplace();
    }

    /** Whether the kind of mapping, the flags and the file do not go together; if so the turn has failed. */
    private boolean refused(Kernel kernel, Turn turn, long length) {
        if (kernel.version().limitsFileOffsets() && file != 0 && offset >>> Frames.PAGE_SHIFT > Long.MAX_VALUE - length >>> Frames.PAGE_SHIFT) {
            turn.fail(Errno.EOVERFLOW, "the offset is too large");
        } else if (!knowsType(kernel.version())) {
            turn.fail(Errno.EINVAL, "a mapping is either shared or private");
        } else if (type() == SHARED_VALIDATE && (flags & ~KNOWN & 0xffff_ffffL) != 0) {
            turn.fail(Errno.EOPNOTSUPP, "there are unknown flags");
        } else if (has(SHARED) && has(OPENED_READ_ONLY) && (protection & Vma.WRITE) != 0) {
            turn.fail(Errno.EACCES, "the file was opened for reading only");
        } else if (file != 0 && (protection & Vma.EXEC) != 0 && kernel.files().noexec(file)) {
            turn.fail(Errno.EPERM, "the file system is mounted noexec");
        } else if (has(GROWSDOWN) && (has(SHARED) || file != 0 || type() == DROPPABLE)) {
            turn.fail(Errno.EINVAL, "only private anonymous memory that is kept can grow down");
        } else if (type() == DROPPABLE && has(LOCKED)) {
            turn.fail(Errno.EINVAL, "what may be dropped cannot be locked");
        } else if (kernel.version().mapsSealedFiles() && sealed(kernel)) {
            turn.fail(Errno.EPERM, SEALED_RULE);
        } else {
            return false;
        }
        return true;
    }

    /** Whether the file's seals keep it from being mapped so: seal_check_write(), until 6.6 mapping_map_writable(). */
    private boolean sealed(Kernel kernel) {
        boolean writable = has(SHARED) && (protection & Vma.WRITE) != 0;
        boolean mayBe = has(SHARED) && !has(OPENED_READ_ONLY) && !kernel.version().mapsSealedFiles();
        return file != 0 && (writable && kernel.files().sealedAgainstWrites(file) || mayBe && kernel.files().sealedWrite(file));
    }

    /** Puts the new mapping in, or makes a neighbour larger. */
    @Cites("mm/mmap.c: mmap_region, 3.16-6.6; mm/vma.c: __mmap_region, 6.18")
    record MmapRegion(Mmap call, long at, long pages) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long unmapped = turn.takeResult();
            if (Outcome.failed(unmapped)) {
                turn.result(unmapped);
                return;
            }
            if (!kernel.version().mmapCommitsFirst() && !call.commits(kernel, pages, 0)) {
                turn.fail(Errno.ENOMEM, COMMIT_RULE);
                return;
            }
            if (call.sealed(kernel)) {
                turn.fail(Errno.EPERM, SEALED_RULE);
                return;
            }
            int file = call.file;
            long pgoff = file != 0 ? call.offset >>> Frames.PAGE_SHIFT : at >>> Frames.PAGE_SHIFT;
            if (call.has(SHARED) && file == 0) {
                file = kernel.files().createUnnamed(call.mm, pages);
                pgoff = 0;
            }
            Vma wanted = new Vma(call.mm, at, at + pages, call.vmaFlags(kernel), pgoff, file, 0, false);
            turn.result(at);
            turn.perform(new Insert(wanted));
        }
    }

    /** The new mapping is there: by itself, or as a part of a neighbour. */
    @Cites("mm/mmap.c: mmap_region, 3.16-6.6; mm/vma.c: vma_merge_new_range, __mmap_new_vma, 6.18")
    record Insert(Vma wanted) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Merge merge = Merge.of(kernel, wanted, null);
            if (!merge.possible()) {
                kernel.vmas().insert(wanted);
                kernel.vmas().changed(turn, "insert", wanted);
            } else if (merge.startWrite(turn, this)) {
                kernel.vmas().changed(turn, "merge", merge.join());
            }
        }
    }

    /** vm_flags of the new mapping: calc_vm_prot_bits(), calc_vm_flag_bits(), accountable_mapping(). */
    private long vmaFlags(Kernel kernel) {
        long bits = protection & Vma.PROTECTION | Vma.MAYREAD | Vma.MAYWRITE | Vma.MAYEXEC;
        bits |= has(SHARED) ? Vma.SHARED | Vma.MAYSHARE : 0;
        if (has(SHARED) && has(OPENED_READ_ONLY)) {
            bits &= ~(Vma.MAYWRITE | Vma.SHARED);
        }
        if (has(SHARED) && file != 0 && kernel.files().sealedAgainstWrites(file)) {
            bits &= ~Vma.MAYWRITE;
        }
        bits &= file != 0 && kernel.files().noexec(file) ? ~Vma.MAYEXEC : -1;
        bits |= has(OPENED_READ_ONLY) ? Vma.READ_ONLY_FILE : 0;
        bits |= has(GROWSDOWN) ? Vma.GROWSDOWN : 0;
        bits |= has(LOCKED) ? Vma.LOCKED : 0;
        bits |= has(NORESERVE) && !kernel.limits().neverOvercommits() ? Vma.NORESERVE : 0;
        bits |= has(STACK) && kernel.version().stacksAreSmall() ? Vma.NOHUGEPAGE : 0;
        bits |= type() == DROPPABLE ? Vma.DROPPABLE | Vma.NORESERVE | Vma.WIPEONFORK | Vma.DONTDUMP : 0;
        boolean accountable = (bits & (Vma.NORESERVE | Vma.SHARED | Vma.WRITE)) == Vma.WRITE;
        return accountable ? bits | Vma.ACCOUNT : bits;
    }

    /** With MAP_POPULATE (and not MAP_NONBLOCK) or MAP_LOCKED, and after the lock is let go, the pages are made present. */
    @Cites("mm/mmap.c: vm_mmap_pgoff; mm/gup.c: mm_populate, 3.16-6.18")
    record MmPopulate(Mmap call) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long at = turn.takeResult();
            turn.result(at);
            boolean populates = (call.flags & (POPULATE | NONBLOCK)) == POPULATE || call.has(LOCKED);
            if (!Outcome.failed(at) && populates) {
                turn.then(new Populate(call.mm, at, at + Ranges.align(call.length), at, true));
            }
        }
    }
}
