package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Signal;

/**
 * Serves a page fault. The caller holds the mmap lock, at least for reading, or the lock of the mapping. The result is a {@link FaultOutcome}'s
 * ordinal, or a signal where the access may not be.
 *
 * @param address that was accessed
 * @param access  {@link Translation#READ}, {@link Translation#WRITE} or {@link Translation#EXECUTE}
 * @param remote  whether somebody else than the process's own thread asks: a device's fault worker, a debugger
 */
@Cites("arch/x86/mm/fault.c: do_user_addr_fault, access_error; mm/memory.c: handle_mm_fault, 3.16-6.18")
public record HandleMmFault(int mm, long address, int access, boolean remote) implements KernelStep {
    static final String PROTECTION_RULE = "the mapping does not permit it";

    @Override
    public void run(Kernel kernel, Turn turn) {
        Vma vma = kernel.alive(mm) ? kernel.vmas().at(mm, address) : null;
        if (!kernel.alive(mm)) {
            turn.signal(Signal.KILL, "the process is gone");
        } else if (vma == null && !remote && ExpandStack.above(kernel, mm, address)) {
            ExpandStack.begin(kernel, turn, this);
        } else {
            serve(kernel, turn, vma);
        }
    }

    /** With the mapping that holds the address, or null. */
    void serve(Kernel kernel, Turn turn, Vma vma) {
        if (vma == null) {
            turn.signal(Signal.SEGV_MAPERR, "nothing is mapped there");
        } else if (!permits(vma, access) && !(remote && kernel.version().remoteFaultIgnoresPermission())) {
            turn.signal(Signal.SEGV_ACCERR, PROTECTION_RULE);
        } else {
            serve(kernel, turn, vma, address, access);
        }
    }

    /** The same with the lock of the mapping only, which may not be enough: then it begins again. */
    @Cites("arch/x86/mm/fault.c: do_user_addr_fault, 6.4-6.18")
    public record UnderVmaLock(HandleMmFault fault, Vma vma) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (permits(vma, fault.access)) {
                HandleMmFault.serve(kernel, turn, vma, fault.address, fault.access);
            } else if (!kernel.version().vmaLockNeedsAnonVma() || !VmaLock.retry(kernel, turn)) {
                turn.signal(Signal.SEGV_ACCERR, PROTECTION_RULE);
            }
        }
    }

    /** The same with the mmap lock, where that of the mapping was not enough. */
    @Cites("arch/x86/mm/fault.c: do_user_addr_fault, FAULT_FLAG_TRIED, 6.4-6.18")
    record Again(HandleMmFault fault) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            fault.run(kernel, turn);
        }
    }

    /** A large entry that is empty may get a huge page; else the page's own entry is looked at. */
    @Cites("mm/memory.c: __handle_mm_fault, 3.16-6.18")
    record Walk(Vma vma, long address, int access) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            serve(kernel, turn, vma, address, access);
        }
    }

    private static void serve(Kernel kernel, Turn turn, Vma vma, long address, int access) {
        int mm = vma.mm();
        long table = kernel.pteTable(mm, address);
        if (vma.has(Vma.HUGETLB)) {
            if (kernel.version().vmaLockNeedsAnonVma() && VmaLock.retry(kernel, turn)) {
                return;
            }
            turn.then(new PageTables.Populate(mm, address, 2), new HugetlbFault.Begin(vma, address, access));
        } else if (table != 0) {
            HandlePteFault.serve(kernel, turn, vma, table, address, access);
        } else if (kernel.thp().at(mm, address) != 0) {
            turn.then(new HugeWriteFault.Begin(vma, address, access));
        } else if (HugeAnonymousFault.serves(kernel, vma, address)) {
            turn.then(new PageTables.Populate(mm, address, 2), new HugeAnonymousFault.Begin(vma, address, access));
        } else if (FileFault.failsWithoutTable(kernel, vma, address & -Frames.PAGE_SIZE, access)) {
            FileFault.fail(kernel, turn, vma, access);
        } else {
            turn.then(new PageTables.Populate(mm, address, 1), new HandlePteFault(vma, address, access));
        }
    }

    /** access_error(): whether the mapping's protection lets the access be. */
    static boolean permits(Vma vma, int access) {
        long needed = (access & Translation.WRITE) != 0 ? Vma.WRITE
                : (access & Translation.EXECUTE) != 0 ? Vma.EXEC : Vma.PROTECTION;
        return vma.has(needed);
    }

    /** Looks at the entry, and does what it needs. */
    @Cites("mm/memory.c: handle_pte_fault, 3.16-6.18")
    record HandlePteFault(Vma vma, long address, int access) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (PageTables.missing(turn)) {
                return;
            }
            long table = kernel.pteTable(vma.mm(), address);
            if (table == 0) {
                // Somebody else made a huge page there meanwhile.
                turn.then(new HugeWriteFault.Begin(vma, address, access));
            } else {
                serve(kernel, turn, vma, table, address, access);
            }
        }

        static void serve(Kernel kernel, Turn turn, Vma vma, long table, long address, int access) {
            long page = address & -Frames.PAGE_SIZE;
            long entry = kernel.tables().entry(table, page, 1);
            boolean write = (access & Translation.WRITE) != 0;
            if (Uffd.serves(vma, entry, write)) {
                Uffd.handle(kernel, turn, vma, page, write);
            } else if (entry == 0) {
                if (vma.file() == 0) {
                    AnonymousFault.begin(kernel, turn, vma, table, page, write);
                } else {
                    FileFault.begin(kernel, turn, vma, table, page, write);
                }
            } else if (!Entry.mapped(entry)) {
                SwapFault.begin(kernel, turn, vma, table, page, entry, write);
            } else if (write && !Entry.writable(entry)) {
                WriteFault.begin(kernel, turn, vma, table, page, entry);
            } else {
                turn.result(FaultOutcome.SPURIOUS.ordinal());
            }
        }
    }
}
