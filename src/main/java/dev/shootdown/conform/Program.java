package dev.shootdown.conform;

import dev.shootdown.machine.Call;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Exit;
import dev.shootdown.mm.Fork;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Touch;
import dev.shootdown.mm.Vma;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The processes of a program on a machine: whose address space is whose, and what is mapped there. */
final class Program {
    /** What shared anonymous memory is called in /proc/PID/maps. */
    private static final String SHARED_ANONYMOUS = "/dev/zero";

    /** An address space, and how many processes have it. */
    static final class Space {
        private final Process process;
        private final int mm;
        private int users = 1;

        private Space(Process process, int mm) {
            this.process = process;
            this.mm = mm;
        }

        int mm() {
            return mm;
        }
    }

    private final Machine machine = new Machine(Configuration.standard());
    private final Drive drive = new Drive(machine, step -> { });
    private final Map<String, Integer> files = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private int made;

    Machine machine() {
        return machine;
    }

    private Kernel kernel() {
        return machine.kernel();
    }

    /** A new process, whose memory is laid out so. */
    Space exec(int pid, List<Layout.Area> areas) {
        Process process = machine.process(name(pid), List.of("main"), 0);
        Space space = new Space(process, process.mm(kernel()));
        for (Layout.Area area : areas) {
            long flags = Mmap.FIXED | (area.perms().endsWith("s") ? Mmap.SHARED : Mmap.PRIVATE) | (area.stack() ? Mmap.GROWSDOWN : 0);
            long protection = (area.perms().startsWith("r") ? Vma.READ : 0) | (area.perms().charAt(1) == 'w' ? Vma.WRITE : 0)
                    | (area.perms().charAt(2) == 'x' ? Vma.EXEC : 0);
            int file = area.backing() == null ? 0 : file(area.backing());
            long anonymous = file == 0 ? Mmap.ANONYMOUS : 0;
            run(space, "mmap", area.toString(), new Mmap(space.mm, area.start(), area.end() - area.start(), protection, flags | anonymous, file,
                    area.page() << Arena.PAGE_SHIFT), Call.Result.ADDRESS);
        }
        return space;
    }

    private String name(int pid) {
        String name = "p" + pid;
        return machine.process(name) == null ? name : name + "." + ++made;
    }

    /** A child with a copy of an address space; null where it cannot be. */
    Space fork(Space parent, int pid) {
        String name = name(pid);
        Process child = machine.unborn(name);
        int mm = kernel().reserve(name);
        long outcome = run(parent, "fork", name, new Fork(parent.mm, mm), Call.Result.NONE);
        return Outcome.failed(outcome) ? null : new Space(child, mm);
    }

    /** A process more has it. */
    Space share(Space space) {
        space.users++;
        return space;
    }

    /** A process fewer has it; it goes with the last one. */
    void leave(Space space) {
        space.users--;
        if (space.users == 0) {
            run(space, "exit", "", new Exit(space.mm), Call.Result.NONE);
        }
    }

    long run(Space space, String op, String args, Step step, Call.Result kind) {
        return drive.run(space.process, op, args, List.of(step), kind);
    }

    /** The number of the file of this name; it is empty, since nobody looks into it. */
    int file(String name) {
        return files.computeIfAbsent(name, n -> {
            int file = machine.file(n, 0, new byte[0], true);
            names.put(file, n);
            return file;
        });
    }

    boolean hasHeap(Space space) {
        return kernel().heap(space.mm) != 0;
    }

    void heap(Space space, long start) {
        kernel().heap(space.mm, start);
    }

    /** The stack comes down to where the program used it. */
    void growStack(Space space, long start) {
        if (kernel().vmas().at(space.mm, start) == null) {
            run(space, "touch", Long.toHexString(start), new Touch(space.mm, start, start + Arena.PAGE, Translation.READ), Call.Result.NONE);
        }
    }

    /** What is mapped, neighbours that are equal made one. */
    List<Layout.Area> layout(Space space) {
        List<Layout.Area> areas = new ArrayList<>();
        for (Vma vma : kernel().vmas().all(space.mm)) {
            String perms = (vma.has(Vma.READ) ? "r" : "-") + (vma.has(Vma.WRITE) ? "w" : "-") + (vma.has(Vma.EXEC) ? "x" : "-")
                    + (vma.has(Vma.MAYSHARE) ? "s" : "p");
            String backing = vma.file() == 0 ? null : names.getOrDefault(vma.file(), SHARED_ANONYMOUS);
            areas.add(new Layout.Area(vma.start(), vma.end(), perms, backing, vma.file() == 0 ? 0 : vma.pgoff(), false));
        }
        return Layout.coalesced(areas);
    }
}
