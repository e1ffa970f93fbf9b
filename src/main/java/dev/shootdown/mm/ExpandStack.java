package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * A mapping that grows down comes down to an address below it that a thread accessed, if nothing that may be accessed is
 * too near, and the stack may be so large. Then the fault is served, whatever the mapping permits.
 */
@Cites("mm/mmap.c: expand_stack, expand_downwards, acct_stack_growth, 3.16-6.6; mm/vma.c, 6.18; mm/memory.c: lock_mm_and_find_vma, 6.5-6.18")
record ExpandStack(HandleMmFault fault) implements KernelStep {
    /** RLIMIT_STACK as distributions set it. */
    private static final long LIMIT = 8L << 20;

    /** Whether the next mapping above an address grows down. */
    static boolean above(Kernel kernel, int mm, long address) {
        Vma vma = kernel.vmas().find(mm, address);
        return vma != null && vma.has(Vma.GROWSDOWN);
    }

    /** Newer kernels change the list of mappings with the lock held for writing only. */
    static void begin(Kernel kernel, Turn turn, HandleMmFault fault) {
        int mm = fault.mm();
        if (kernel.version().expandsWithWriteLock()) {
            turn.then(new MmapLock.ReadUnlock(mm), new MmapLock.Write(mm), new ExpandStack(fault), new MmapLock.Downgrade(mm), new Expanded(fault));
        } else {
            turn.then(new ExpandStack(fault), new Expanded(fault));
        }
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        long address = fault.address() & -Frames.PAGE_SIZE;
        Vma vma = kernel.vmas().find(fault.mm(), address);
        if (vma == null || vma.start() <= address || !vma.has(Vma.GROWSDOWN) || address < KernelVersion.MMAP_MIN_ADDR) {
            return;
        }
        long grow = vma.start() - address >>> Frames.PAGE_SHIFT;
        if (tooNear(kernel, address) || grow > vma.pgoff()) {
            return;
        }
        if (!VmaLock.startWrite(kernel, turn, vma, this)) {
            return;
        }
        Vma prepared = AnonymousFault.prepare(kernel, vma);
        if (vma.end() - address > LIMIT || vma.has(Vma.LOCKED) && !kernel.mayLock(vma.mm(), grow) || limited(kernel, vma, grow)) {
            return;
        }
        Vma grown = new Vma(vma.mm(), address, vma.end(), vma.flags(), vma.pgoff() - grow, 0, prepared.anon(), prepared.forked());
        kernel.vmas().replace(prepared, grown);
        kernel.vmas().changed(turn, "merge", grown);
    }

    /** acct_stack_growth(). */
    private static boolean limited(Kernel kernel, Vma vma, long grow) {
        return !kernel.limits().mayExpand(vma.mm(), vma.flags(), grow) || vma.has(Vma.ACCOUNT) && !kernel.limits().mayCommit(grow);
    }

    private boolean tooNear(Kernel kernel, long address) {
        Vma previous = kernel.vmas().previous(fault.mm(), address);
        return kernel.version().stackKeepsGap()
                && previous != null && !previous.has(Vma.GROWSDOWN) && previous.has(Vma.PROTECTION)
                && address - previous.end() < Placement.STACK_GUARD_GAP;
    }

    /** The fault goes on, with the mapping if it came down. */
    @Cites("arch/x86/mm/fault.c: do_user_addr_fault, 3.16-6.18")
    record Expanded(HandleMmFault fault) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            fault.serve(kernel, turn, kernel.vmas().at(fault.mm(), fault.address()));
        }
    }
}
