package dev.shootdown.conform;

import dev.shootdown.machine.Call;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.HandleMmFault;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Pwrite;
import dev.shootdown.mm.Thp;
import dev.shootdown.mm.Touch;
import dev.shootdown.mm.Vma;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import java.util.List;

/**
 * A machine like the one that the recordings were made on: one process, whose address space is mostly full above an arena
 * that is empty; a file; a subscriber to the process's notifier.
 */
final class Arena {
    static final int PAGE_SHIFT = Frames.PAGE_SHIFT;
    static final long PAGE = Frames.PAGE_SIZE;
    /** Where the area for mappings ends: without randomisation, with the smallest gap for the stack. */
    static final long MMAP_BASE = (1L << 47) - PAGE - (128L << 20);
    static final String PROCESS = "app";
    static final String CHILD = "child";
    /** The first number of the file's pages: page j holds this number and j more. */
    static final long CONTENTS = 1_000_000;
    private static final long STACK = (1L << 47) - 2 * PAGE;
    private static final String FILE = "memfd";
    /** So many pages of the recording program's own wait in the processor's batch of new pages when it begins: what its recordings show. */
    private static final int NEW_PAGES = 29;

    private final Header header;
    private final Machine machine;
    private final Process process;
    private final Process child;
    private final int mm;
    private final int childSpace;
    private final int file;
    private final Watch watch;
    private final Drive drive;

    Arena(Header header) {
        this.header = header;
        this.machine = new Machine(Configuration.standard().kernel(header.kernel()));
        machine.kernel().lru().follow(NEW_PAGES);
        machine.kernel().thp().policy(header.hugePages() ? Thp.Policy.MADVISE : Thp.Policy.NEVER);
        this.process = machine.process(PROCESS, List.of("main"), 0);
        this.mm = process.mm(kernel());
        this.child = machine.unborn(CHILD);
        this.childSpace = kernel().reserve(CHILD);
        kernel().thread(child.threads().getFirst().actor(), childSpace, 0);
        this.file = machine.file(FILE, header.filePages() * PAGE, new byte[0], !header.disk());
        this.watch = new Watch(PROCESS, header);
        this.drive = new Drive(machine, this::before);
        machine.trace().add(watch);
        machine.notifier().subscribe(mm, new Observer());
        fill();
        if (header.lockable() >= 0) {
            kernel().lockable(mm, header.lockable());
        }
    }

    /** What the recording program did before it began: the file's contents, its stack, and all above the arena mapped. */
    private void fill() {
        long anonymous = Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED;
        run(process, List.of(new Mmap(mm, STACK, PAGE, Vma.READ | Vma.WRITE, anonymous, 0, 0)));
        run(process, List.of(new Touch(mm, STACK, STACK + PAGE, Translation.WRITE)));
        for (long page = 0; page < header.filePages(); page++) {
            run(process, List.of(new Pwrite(mm, file, page << PAGE_SHIFT, Numbers.bytes(CONTENTS + page))));
        }
        if (header.filled() && header.top() < MMAP_BASE) {
            run(process, List.of(new Mmap(mm, header.top(), MMAP_BASE - header.top(), 0, Mmap.SHARED | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0)));
        }
        watch.forget();
    }

    /** Both go on with their stack when they have forked: what each writes there is copied, or is its own again. */
    void forked() {
        run(process, List.of(new Touch(mm, STACK, STACK + PAGE, Translation.WRITE)));
        run(child, List.of(new Touch(childSpace, STACK, STACK + PAGE, Translation.WRITE)));
        watch.forget();
    }

    Header header() {
        return header;
    }

    Kernel kernel() {
        return machine.kernel();
    }

    Frames frames() {
        return machine.frames();
    }

    int mm() {
        return mm;
    }

    int child() {
        return childSpace;
    }

    int file() {
        return file;
    }

    Watch watch() {
        return watch;
    }

    long address(long page) {
        return header.base() + (page << PAGE_SHIFT);
    }

    long page(long address) {
        return address - header.base() >> PAGE_SHIFT;
    }

    /** Lets a process's thread do something to its end, and everybody else what waits then. Returns its outcome. */
    long run(int space, List<Step> steps) {
        return run(space == mm ? process : child, steps);
    }

    private long run(Process who, List<Step> steps) {
        return drive.run(who, "", "", steps, Call.Result.NUMBER);
    }

    private void before(Step step) {
        if (step instanceof HandleMmFault fault) {
            watch.faulting(kernel(), fault);
        } else if (step instanceof HandleMmFault.UnderVmaLock locked) {
            watch.faulting(kernel(), locked.fault());
        }
    }

    /** The text that the last operation of a process left beside its outcome, or null. */
    String remark(int space) {
        return machine.outcomes().remark((space == mm ? process : child).threads().getFirst().actor());
    }

    /** How a recording writes a signal: SEGV or BUS. */
    static String signal(long outcome) {
        return Outcome.signal(outcome).signal().substring("SIG".length());
    }
}
