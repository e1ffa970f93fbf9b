package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.vocabulary.Errno;

/** userfaultfd: a process serves faults of a range itself. The result of each request is 0. */
public sealed interface Uffd extends KernelStep {
    /** Whether the kernel refuses a request; if so the turn has failed. */
    private static boolean refused(Kernel kernel, Turn turn, long start, long end, boolean protects) {
        if (!kernel.version().hasUserfaultfd()) {
            turn.fail(Errno.ENOSYS, "this kernel has no userfaultfd");
        } else if (protects && !kernel.version().hasUserfaultfdWp()) {
            turn.fail(Errno.EINVAL, "this kernel's userfaultfd does not write-protect");
        } else if (!Ranges.aligned(start | end) || start >= end) {
            turn.fail(Errno.EINVAL, "the range is empty or not a multiple of the page size");
        } else {
            return false;
        }
        return true;
    }

    /**
     * Registers a range, or takes it off.
     *
     * @param flags {@link Vma#UFFD_MISSING}, {@link Vma#UFFD_WP}; 0 takes it off, and what was write-protected with it
     */
    @Cites("fs/userfaultfd.c: userfaultfd_register, userfaultfd_unregister, 4.3-6.18")
    record Register(int mm, long start, long end, long flags) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (!refused(kernel, turn, start, end, (flags & Vma.UFFD_WP) != 0)) {
                turn.then(new MmapLock.Write(mm), new NextVma(mm, start, end, flags), new MmapLock.WriteUnlock(mm), new Done());
            }
        }
    }

    /** One mapping of the range, then the next. */
    @Cites("fs/userfaultfd.c: userfaultfd_register, userfaultfd_unregister, 4.3-6.18")
    record NextVma(int mm, long at, long end, long flags) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().find(mm, at);
            if (Outcome.failed(turn.actor().result()) || vma == null || at >= end || vma.start() >= end) {
                return;
            }
            long from = Math.max(vma.start(), at);
            long to = Math.min(vma.end(), end);
            long next = vma.flags() & ~(Vma.UFFD_MISSING | Vma.UFFD_WP) | flags;
            turn.then(new ChangeVmaFlags(mm, from, to, next), new NextVma(mm, to, end, flags));
            if (flags == 0 && vma.has(Vma.UFFD_WP)) {
                wpRange(kernel, turn, vma, from, to, ChangeProtection.Mode.UFFD_UNPROTECT);
            }
        }
    }

    /** uffd_wp_range(): with a gather of its own. */
    private static void wpRange(Kernel kernel, Turn turn, Vma vma, long from, long to, ChangeProtection.Mode mode) {
        kernel.gather().begin(turn.actor(), vma.mm(), from, to);
        turn.then(new ChangeProtection.Piece(vma, from, to, mode), new GatherStep.TlbFinishMmu(from, to));
    }

    /** Takes write permission away, or lets writes be again. */
    @Cites("mm/userfaultfd.c: mwriteprotect_range, uffd_wp_range, 5.7-6.18")
    record WriteProtect(int mm, long start, long end, boolean protect) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (!refused(kernel, turn, start, end, true)) {
                turn.then(new MmapLock.Read(mm), new WpRange(this), new MmapLock.ReadUnlock(mm), new Done());
            }
        }
    }

    /** The range lies in one mapping that is registered for it. */
    @Cites("mm/userfaultfd.c: mwriteprotect_range, 5.7-6.18")
    record WpRange(WriteProtect what) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(what.mm, what.start);
            if (vma == null || vma.end() < what.end || !vma.has(Vma.UFFD_WP)) {
                turn.fail(Errno.ENOENT, "the range is not registered for write-protection");
                return;
            }
            wpRange(kernel, turn, vma, what.start, what.end,
                    what.protect ? ChangeProtection.Mode.UFFD_PROTECT : ChangeProtection.Mode.UFFD_UNPROTECT);
        }
    }

    /**
     * Fills missing pages, with copies of others or with zeros.
     *
     * @param from where the contents are read; 0 for zeros
     */
    @Cites("mm/userfaultfd.c: mfill_atomic, UFFDIO_COPY, UFFDIO_ZEROPAGE, 4.3-6.18")
    record Fill(int mm, long start, long end, long from) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (refused(kernel, turn, start, end, false)) {
                return;
            }
            turn.then(new Lock(this), new PageTables.Populate(mm, start, 1), new Install(this), new Unlock(mm), new Next(this));
            if (from != 0) {
                turn.then(new Touch(mm, from, from + 1, Translation.READ));
            }
        }
    }

    /** Newer kernels hold the lock of the mapping, if it has what it needs. */
    @Cites("mm/userfaultfd.c: mmap_read_lock in __mcopy_atomic, 4.3-6.8; uffd_mfill_lock, uffd_lock_vma, 6.9-6.18")
    record Lock(Fill what) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean one = kernel.version().fillsUnderVmaLock();
            Vma vma = one ? VmaLock.lockUnderRcu(kernel, turn, what.mm, what.start) : null;
            if (vma != null && vma.anon() == 0 && !vma.has(Vma.SHARED)) {
                turn.perform(new VmaLock.EndRead());
                vma = null;
            }
            if (vma == null) {
                if (one) {
                    turn.then(new LockPrepared(what));
                }
                turn.then(new MmapLock.Read(what.mm));
            }
        }
    }

    /** The mapping has its anon_vma, and its own lock will do from here on. */
    @Cites("mm/userfaultfd.c: uffd_lock_vma, find_vma_and_prepare_anon, 6.9-6.18")
    record LockPrepared(Fill what) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(what.mm, what.start);
            if (vma == null) {
                return;
            }
            if (!vma.has(Vma.SHARED)) {
                AnonymousFault.prepare(kernel, vma);
            }
            turn.perform(new VmaLock.StartRead(what.mm, vma.start()));
            turn.then(new MmapLock.ReadUnlock(what.mm));
        }
    }

    /** Whichever it was. */
    @Cites("mm/userfaultfd.c: uffd_mfill_unlock, 6.9-6.18")
    record Unlock(int mm) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(kernel.vmaLocks().holds(turn.actor()) ? new VmaLock.EndRead() : new MmapLock.ReadUnlock(mm));
        }
    }

    /** The next page, if there was no failure. */
    @Cites("mm/userfaultfd.c: mfill_atomic, 4.3-6.18")
    record Next(Fill what) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = what.start + Frames.PAGE_SIZE;
            if (!Outcome.failed(turn.actor().result()) && next < what.end) {
                turn.then(new Fill(what.mm, next, what.end, what.from == 0 ? 0 : what.from + Frames.PAGE_SIZE));
            }
        }
    }

    /** Maps one page where none is. Nobody is told. */
    @Cites("mm/userfaultfd.c: mfill_atomic_pte_copy, mfill_atomic_pte_zeropage, 4.3-6.18")
    record Install(Fill what) implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(what.mm, what.start);
            long table = kernel.pteTable(what.mm, what.start);
            if (Outcome.failed(turn.actor().result())) {
                turn.takeResult();
                turn.takeRemark();
                turn.fail(Errno.EFAULT, "the contents cannot be read, or there is no memory for a page table");
                return;
            }
            if (vma == null || !vma.has(Vma.UFFD_MISSING | Vma.UFFD_WP)) {
                turn.fail(Errno.ENOENT, "the range is not registered");
            } else if (table == 0 || kernel.tables().entry(table, what.start, 1) != 0) {
                turn.fail(Errno.EEXIST, "there is a page already");
            } else if (what.from == 0) {
                turn.then(new AnonymousFault.MapZeroPage(vma, table, what.start), new Done());
            } else {
                copy(kernel, turn, vma, table);
            }
        }

        private void copy(Kernel kernel, Turn turn, Vma vma, long table) {
            long source = kernel.pte(what.mm, what.from);
            if (!Entry.present(source)) {
                turn.fail(Errno.EFAULT, "nothing is mapped where the contents are to be read");
                return;
            }
            Vma prepared = AnonymousFault.prepare(kernel, vma);
            long frame = AnonymousFault.allocate(kernel, turn, what.mm);
            if (frame != 0) {
                kernel.frames().copy(Entry.frame(source), frame);
                turn.then(new AnonymousFault.MapAnonymousPage(prepared, table, what.start, frame), new Done());
            }
        }
    }

    /** What faults have left is not the request's result. */
    @Cites("fs/userfaultfd.c: userfaultfd_ioctl, 4.3-6.18")
    record Done() implements Uffd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (!Outcome.failed(turn.actor().result())) {
                turn.takeResult();
            }
        }
    }

    /** Whether a fault is the process's own to serve. */
    static boolean serves(Vma vma, long entry, boolean write) {
        return entry == 0 && vma.has(Vma.UFFD_MISSING) || write && vma.has(Vma.UFFD_WP) && (entry & Entry.UFFD_WP) != 0 && Entry.mapped(entry);
    }

    /** The thread that has faulted waits, without the lock, until somebody has served it; then it tries again. */
    static void handle(Kernel kernel, Turn turn, Vma vma, long page, boolean write) {
        if (kernel.vmaLocks().holds(turn.actor())) {
            turn.then(new VmaLock.EndRead(), new HandleUserfault(vma.mm(), page, write), new Result(FaultOutcome.RETRY.ordinal(), null));
            return;
        }
        turn.then(
                new MmapLock.ReadUnlock(vma.mm()),
                new HandleUserfault(vma.mm(), page, write),
                new MmapLock.Read(vma.mm()),
                new Result(FaultOutcome.SPURIOUS.ordinal(), null));
    }

    /** Waits until the page is there, or may be written to, or nobody serves the range any more. */
    @Cites("fs/userfaultfd.c: handle_userfault, userfaultfd_must_wait, 4.3-6.18")
    record HandleUserfault(int mm, long page, boolean write) implements Uffd {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            long entry = kernel.pte(mm, page);
            Vma vma = kernel.vmas().at(mm, page);
            return vma == null || !serves(vma, entry, write);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            // Nothing is left to do: having waited was all.
        }
    }
}
