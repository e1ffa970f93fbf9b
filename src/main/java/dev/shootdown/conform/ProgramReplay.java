package dev.shootdown.conform;

import dev.shootdown.machine.Call.Result;
import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Brk;
import dev.shootdown.mm.Madvise;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mprotect;
import dev.shootdown.mm.Mremap;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Vma;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Listener;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Does a program's memory calls again, each at the address that it got, and compares the layout at each exit_group with the
 * one that was recorded.
 */
final class ProgramReplay {
    /** Who made a task, by what call. */
    private record Birth(int parent, Strace.Call call) {}

    private final String file;
    private final List<Strace.Call> calls;
    private final Program program = new Program();
    private final Map<Integer, Deque<Layout>> execs = new HashMap<>();
    private final Map<Integer, Layout> exits = new HashMap<>();
    private final boolean laidOut;
    private final Map<Integer, Birth> births = new HashMap<>();
    /** Each task's process, by the number of its first task. */
    private final Map<Integer, Integer> groups = new HashMap<>();
    private final Map<Integer, Program.Space> spaces = new HashMap<>();
    private final Set<Integer> ended = new HashSet<>();
    private final List<Difference> differences = new ArrayList<>();
    private int done;
    private int agreed;
    private int compared;
    private int unknown;

    ProgramReplay(Path path) {
        this.file = path.toString();
        this.calls = Strace.read(path);
        this.laidOut = Layout.file(path) != null;
        for (Layout layout : Layout.beside(path)) {
            if (layout.exec()) {
                execs.computeIfAbsent(layout.pid(), pid -> new ArrayDeque<>()).add(layout);
            } else {
                exits.put(layout.pid(), layout);
            }
        }
        for (Strace.Call call : calls) {
            if (call.ends() && bears(call.name()) && child(call) > 0) {
                births.put(child(call), new Birth(call.tid(), call));
            }
        }
    }

    void listen(Listener listener) {
        program.machine().trace().add(listener);
    }

    boolean laidOut() {
        return laidOut;
    }

    List<Difference> differences() {
        return differences;
    }

    /** In words: what was done, and how it compares. */
    String summary() {
        String left = unknown == 0 ? "" : ", " + unknown + " began nobody knows where";
        String layouts = laidOut ? "; " + agreed + " of " + compared + " layouts agree" + left : "; there are no layouts to compare with";
        int processes = new HashSet<>(groups.values()).size();
        return done + " calls of " + (processes == 1 ? "1 process" : processes + " processes") + layouts;
    }

    /** All calls, in the order of their lines. */
    void run() {
        for (int i = 0; i < calls.size(); i++) {
            step(i);
        }
        if (laidOut && compared == 0) {
            differences.add(new Difference(file, "end", 1, "a layout to compare", "none"));
        }
        exits.forEach((pid, layout) -> {
            if (!ended.contains(pid)) {
                differences.add(new Difference(file, "end", 1, "an exit_group of " + pid, "none"));
            }
        });
    }

    int size() {
        return calls.size();
    }

    /** One beginning or end of a call. */
    void step(int index) {
        Strace.Call call = calls.get(index);
        int pid = group(call.tid());
        switch (call.name()) {
            case "exit_group" -> {
                if (call.begins()) {
                    exit(call, pid);
                }
            }
            case "+++" -> {
                if (pid == call.tid()) {
                    leave(pid);
                }
            }
            case "execve" -> exec(call, pid);
            case "clone", "clone3", "fork", "vfork" -> {
                if (call.ends() && child(call) > 0) {
                    group(child(call));
                }
            }
            default -> memory(call, spaces.get(pid));
        }
    }

    // ---------------------------------------------------------------- processes

    private static boolean bears(String name) {
        return name.equals("clone") || name.equals("clone3") || name.equals("fork") || name.equals("vfork");
    }

    private static int child(Strace.Call call) {
        OptionalLong result = Constants.number(call.result());
        return result.isPresent() && result.getAsLong() > 0 && result.getAsLong() < Integer.MAX_VALUE ? (int) result.getAsLong() : 0;
    }

    /** A task's process. A task that was not heard of before is born now, by whoever says later that it made it. */
    private int group(int tid) {
        Integer known = groups.get(tid);
        if (known != null) {
            return known;
        }
        groups.put(tid, tid);
        Birth birth = births.get(tid);
        if (birth == null) {
            if (!laidOut) {
                spaces.put(tid, program.exec(tid, List.of()));
            }
            return tid;
        }
        String flags = String.join(",", birth.call.arguments());
        int parent = group(birth.parent);
        Program.Space space = spaces.get(parent);
        if (flags.contains("CLONE_THREAD")) {
            groups.put(tid, parent);
        } else if (space != null) {
            boolean shares = birth.call.name().equals("vfork") || flags.contains("CLONE_VM");
            spaces.put(tid, shares ? program.share(space) : program.fork(space, tid));
        }
        return groups.get(tid);
    }

    private void leave(int pid) {
        Program.Space space = spaces.remove(pid);
        if (space != null) {
            program.leave(space);
        }
    }

    private void exec(Strace.Call call, int pid) {
        if (!call.ends() || !call.result().startsWith("0")) {
            return;
        }
        leave(pid);
        if (!laidOut) {
            spaces.put(pid, program.exec(pid, List.of()));
        } else if (call.result().contains("(DELAYED)") && execs.containsKey(pid) && !execs.get(pid).isEmpty()) {
            spaces.put(pid, program.exec(pid, execs.get(pid).poll().areas()));
        }
    }

    private void exit(Strace.Call call, int pid) {
        Program.Space space = spaces.get(pid);
        Layout layout = exits.get(pid);
        if (layout != null && ended.add(pid)) {
            compare(call, space, layout);
        }
        leave(pid);
    }

    private void compare(Strace.Call call, Program.Space space, Layout layout) {
        String record = Integer.toString(call.line());
        if (space == null) {
            // Where its program began was not recorded, so that there is nothing to compare.
            unknown++;
            return;
        }
        compared++;
        layout.areas().stream().filter(Layout.Area::stack).forEach(stack -> program.growStack(space, stack.start()));
        List<Layout.Area> expected = Layout.coalesced(layout.areas());
        List<Layout.Area> found = program.layout(space);
        int i = 0;
        while (i < expected.size() && i < found.size() && expected.get(i).same(found.get(i))) {
            i++;
        }
        if (i == expected.size() && i == found.size()) {
            agreed++;
            return;
        }
        differences.add(new Difference(file, record, 1, i < expected.size() ? expected.get(i).toString() : "nothing",
                i < found.size() ? found.get(i).toString() : "nothing"));
    }

    // ---------------------------------------------------------------- memory

    /** munmap takes effect where it begins, all others where they end. */
    private void memory(Strace.Call call, Program.Space space) {
        boolean now = call.name().equals("munmap") ? call.begins() : call.ends();
        if (space == null || !now) {
            return;
        }
        switch (call.name()) {
            case "mmap" -> mmap(call, space);
            case "shmat" -> shmat(call, space);
            case "munmap" -> run(call, space, new Munmap(space.mm(), number(call, 0), number(call, 1)), Result.NONE);
            case "mprotect", "pkey_mprotect" -> run(call, space,
                    new Mprotect(space.mm(), number(call, 0), number(call, 1), Constants.flags(call.argument(2))), Result.NONE);
            case "mremap" -> mremap(call, space);
            case "brk" -> brk(call, space);
            case "madvise" -> madvise(call, space);
            default -> { }
        }
    }

    private void run(Strace.Call call, Program.Space space, Step step, Result kind) {
        done++;
        program.run(space, call.name(), String.join(", ", call.arguments()), step, kind);
    }

    private long number(Strace.Call call, int index) {
        return Constants.number(call.argument(index)).orElseThrow(
                () -> Row.refusal(file, call.line(), "wrong-argument", "'" + call.argument(index) + "' is no address or length of " + call.name()));
    }

    /** The address that a call returned; empty where it failed. */
    private static OptionalLong address(Strace.Call call) {
        String word = call.result().split(" ")[0];
        return word.startsWith("0x") ? Constants.number(word) : OptionalLong.empty();
    }

    private void mmap(Strace.Call call, Program.Space space) {
        OptionalLong at = address(call);
        if (at.isEmpty()) {
            return;
        }
        long flags = Constants.flags(call.argument(3)) & ~(Mmap.FIXED_NOREPLACE | Mmap.POPULATE | Mmap.LOCKED) | Mmap.FIXED;
        int file = (flags & Mmap.ANONYMOUS) != 0 ? 0 : program.file(path(call.argument(4)));
        long offset = file == 0 ? 0 : number(call, 5);
        run(call, space, new Mmap(space.mm(), at.getAsLong(), number(call, 1), Constants.flags(call.argument(2)), flags, file, offset), Result.ADDRESS);
    }

    /** The file behind a descriptor, as strace -y tells it: {@code 3</lib/libc.so.6>}. */
    private static String path(String descriptor) {
        int from = descriptor.indexOf('<');
        int to = descriptor.lastIndexOf('>');
        return from >= 0 && to > from ? descriptor.substring(from + 1, to) : descriptor;
    }

    /** How large the segment is nobody says: it is taken for one page. */
    private void shmat(Strace.Call call, Program.Space space) {
        OptionalLong at = address(call);
        if (at.isPresent()) {
            run(call, space, new Mmap(space.mm(), at.getAsLong(), Arena.PAGE, Vma.READ | Vma.WRITE, Mmap.SHARED | Mmap.FIXED,
                    program.file("/SYSV00000000"), 0), Result.ADDRESS);
        }
    }

    private void mremap(Strace.Call call, Program.Space space) {
        OptionalLong at = address(call);
        if (at.isEmpty()) {
            return;
        }
        long from = number(call, 0);
        boolean moved = at.getAsLong() != from;
        long flags = Constants.flags(call.argument(3)) & Mremap.DONTUNMAP | (moved ? Mremap.MAYMOVE | Mremap.FIXED : 0);
        run(call, space, new Mremap(space.mm(), from, number(call, 1), number(call, 2), flags, moved ? at.getAsLong() : 0), Result.ADDRESS);
    }

    private void brk(Strace.Call call, Program.Space space) {
        OptionalLong end = address(call);
        if (end.isPresent() && !program.hasHeap(space)) {
            program.heap(space, end.getAsLong());
        } else if (end.isPresent()) {
            run(call, space, new Brk(space.mm(), end.getAsLong()), Result.ADDRESS);
        }
    }

    private void madvise(Strace.Call call, Program.Space space) {
        Arrays.stream(Advice.values()).filter(advice -> call.argument(2).equals("MADV_" + advice.name())).findFirst().ifPresent(
                advice -> run(call, space, new Madvise(space.mm(), number(call, 0), number(call, 1), advice), Result.NONE));
    }
}
