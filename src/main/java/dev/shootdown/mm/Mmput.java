package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.notifier.Release;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/** Drops a user of an address space; with the last one it is torn down. */
@Cites("kernel/fork.c: mmput, 3.16-6.18")
public record Mmput(int mm) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long users = kernel.users(mm) - 1;
        kernel.users(mm, users);
        if (users == 0) {
            turn.then(new Release(mm), new ExitMmap(mm));
        }
    }

    /** Tears down all mappings. Waits until nobody is in the middle of something with them. */
    @Safety(value = "no address space may go while somebody is in the middle of something with it", manners = Manner.HURRY)
    @Cites("mm/mmap.c: exit_mmap, 3.16-6.18")
    record ExitMmap(int mm) implements KernelStep {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            return kernel.lock(mm) == 0 & !(kernel.version().hasVmaLocks() && kernel.vmaLocks().anyHeld(mm));
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Vma> vmas = kernel.vmas().all(mm);
            List<Step> steps = new ArrayList<>();
            boolean locks = kernel.version().exitLocks();
            kernel.gather().beginWhole(turn.actor(), mm);
            // Where the version takes no lock nobody is left who would ask for it.
            kernel.lock(mm, locks ? 1 : -1);
            steps.add(new NotifyStart(mm, 0, -1, Reason.UNMAP, true));
            steps.add(new ProgramPages());
            for (Vma vma : vmas) {
                steps.add(new Zap.UnmapPageRange(vma, vma.start(), vma.end()));
            }
            steps.add(new NotifyEnd(mm, 0, -1, Reason.UNMAP, true, false));
            if (locks) {
                steps.add(new MmapLock.ReadUnlock(mm));
                steps.add(new MmapLock.Write(mm));
            }
            steps.add(new ProgramTables());
            steps.addAll(FreePageTables.of(vmas, 0, 0));
            steps.add(new GatherStep.TlbFinishMmu(0, -1));
            for (Vma vma : vmas) {
                steps.add(new Munmap.DetachVma(vma));
                steps.add(new Munmap.RemoveVma(vma));
            }
            steps.add(new Mmdrop(mm));
            turn.then(steps);
        }
    }

    /** The program's own pages are not modelled, but a flush begins where the lowest one was: where programs are linked to. */
    @Cites("mm/memory.c: unmap_vmas from the first mapping on, 3.16-6.18; ld: the text segment's address on x86-64")
    record ProgramPages() implements KernelStep {
        private static final long TEXT = 0x40_0000;

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.gather().adjust(turn.actor(), TEXT, Frames.PAGE_SIZE);
        }
    }

    /**
     * The program's own mappings are not modelled, but their page tables go too: those of the lowest stretch, so that
     * the flush begins at 0.
     */
    @Cites("mm/memory.c: free_pgtables from FIRST_USER_ADDRESS, 3.16-6.18")
    record ProgramTables() implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.gather().adjustTable(turn.actor(), 0, 1);
        }
    }

    /** The top table goes, and with it the address space. */
    @Cites("kernel/fork.c: __mmdrop, mm_free_pgd, 3.16-6.18")
    record Mmdrop(int mm) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long root = kernel.root(mm);
            kernel.bury(mm);
            Free.table(kernel, turn, root, kernel.levels());
        }
    }
}
