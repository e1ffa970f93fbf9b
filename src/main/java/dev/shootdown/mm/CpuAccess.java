package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Signal;

/**
 * A thread's own accesses to its memory: the look-up in its CPU's TLB, the walk, and the access itself are one step,
 * as they are with respect to interrupts. What faults is tried again once the fault was served.
 */
final class CpuAccess {
    private static final int NONE = 0;

    private CpuAccess() {}

    /**
     * The frame of an address if the access may be, which the caller then does; 0 if it faults: then what serves the
     * fault is next, and behind it the step given, which tries again.
     */
    static long frame(Kernel kernel, Turn turn, int mm, long address, int access, Step again) {
        if (!kernel.alive(mm)) {
            turn.signal(Signal.KILL, "the process is gone");
            return 0;
        }
        int cpu = kernel.cpuOf(turn.actor());
        boolean own = cpu < kernel.cpus().count();
        long page = address >>> Frames.PAGE_SHIFT;
        Tlb tlb = own ? kernel.cpus().tlb(cpu) : null;
        if (own) {
            kernel.cpus().load(cpu, mm);
            long hit = tlb.lookup(mm, page);
            if (hit != 0 && Translation.allows(hit, needed(access))) {
                return reached(kernel, turn, mm, address, access, Translation.frame(hit), tlb.born(mm, page));
            }
        }
        long walked = walk(kernel, mm, address, access);
        if (walked == NONE) {
            turn.perform(new Fault(mm, address, access, again));
            return 0;
        }
        long frame = Translation.frame(walked);
        long born = kernel.frames().generation(frame);
        if (own) {
            tlb.fill(mm, page, walked, born);
        }
        return reached(kernel, turn, mm, address, access, frame, born);
    }

    /** A write through an entry that was clean when it was cached walks again, to set the dirty bit. */
    private static int needed(int access) {
        return (access & Translation.WRITE) != 0 ? access | Translation.DIRTY : access;
    }

    private static long reached(Kernel kernel, Turn turn, int mm, long address, int access, long frame, long born) {
        boolean write = (access & Translation.WRITE) != 0;
        turn.emit(Kind.CPU_ACCESS, () -> new Event.CpuAccess(kernel.name(mm), address, frame, write, born));
        return frame;
    }

    /** The walk by hardware, which sets accessed and dirty bits; {@link #NONE} if it faults. */
    private static long walk(Kernel kernel, int mm, long address, int access) {
        Tables tables = kernel.tables();
        long table = kernel.root(mm);
        int permissions = Translation.READ | Translation.WRITE | Translation.EXECUTE | Translation.DIRTY;
        int level = kernel.levels();
        long entry = tables.entry(table, address, level);
        while (level > 1 && Entry.present(entry) && !Entry.huge(entry)) {
            permissions &= Tables.permissions(entry);
            table = Entry.frame(entry);
            level--;
            entry = tables.entry(table, address, level);
        }
        permissions &= Tables.permissions(entry) | Translation.DIRTY;
        if ((permissions & access) != access) {
            return NONE;
        }
        entry = tables.use(table, address, level, true, (access & Translation.WRITE) != 0);
        if (!Entry.dirty(entry)) {
            permissions &= ~Translation.DIRTY;
        }
        long within = (address & Entry.span(level) - 1) >>> Frames.PAGE_SHIFT;
        return Translation.of(Entry.frame(entry) + within, permissions);
    }

    /**
     * A thread's access faults: its fault is served with the mapping's lock where the version has it and nobody changes the
     * mapping, else with that of all mappings.
     */
    @Cites("arch/x86/mm/fault.c: do_user_addr_fault, 3.16-6.18")
    record Fault(int mm, long address, int access, Step again) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            HandleMmFault fault = new HandleMmFault(mm, address, access, false);
            Faulted faulted = new Faulted(mm, address, access, again);
            Vma vma = kernel.alive(mm) ? VmaLock.lockUnderRcu(kernel, turn, mm, address) : null;
            if (vma == null) {
                turn.then(new MmapLock.Read(mm), fault, faulted);
            } else {
                turn.then(new HandleMmFault.UnderVmaLock(fault, vma), new FaultedUnderVmaLock(fault, faulted));
            }
        }
    }

    /** The fault was served with the mapping's lock; or it could not be, and begins again. */
    @Cites("arch/x86/mm/fault.c: do_user_addr_fault, 6.4-6.18")
    record FaultedUnderVmaLock(HandleMmFault fault, Faulted faulted) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.perform(new VmaLock.EndRead());
            if (turn.actor().result() == FaultOutcome.RETRY.ordinal()) {
                turn.takeResult();
                turn.then(new MmapLock.Read(faulted.mm), new HandleMmFault.Again(fault), faulted);
            } else {
                faulted.served(kernel, turn);
            }
        }
    }

    /** The fault was served, or not: the thread goes on, or gets its signal. */
    @Cites("arch/x86/mm/fault.c: do_user_addr_fault, 3.16-6.18")
    record Faulted(int mm, long address, int access, Step again) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.perform(new MmapLock.ReadUnlock(mm));
            served(kernel, turn);
        }

        private void served(Kernel kernel, Turn turn) {
            long result = turn.takeResult();
            boolean failed = Outcome.failed(result);
            turn.emit(Kind.CPU_FAULT, () -> new Event.CpuFault(kernel.name(mm), address, word(access), outcome(result)));
            if (failed) {
                turn.result(result);
            } else {
                turn.then(again);
            }
        }

        private static String outcome(long result) {
            Signal signal = Outcome.signal(result);
            return signal != null ? signal.signal() : Outcome.failed(result) ? Outcome.errno(result).name() : FaultOutcome.of(result).word();
        }
    }

    /** As the trace writes an access. */
    static String word(int access) {
        return (access & Translation.WRITE) != 0 ? "write" : (access & Translation.EXECUTE) != 0 ? "exec" : "read";
    }
}
