package dev.shootdown.bench;

import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Exit;
import dev.shootdown.mm.Fork;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.Madvise;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mprotect;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Touch;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/** A process without devices on the newest kernel of the model: what a call costs when nobody but the CPU is told of it. */
final class Space {
    static final long READ = 1;
    static final long READ_WRITE = 3;
    private static final long ANONYMOUS = Mmap.PRIVATE | Mmap.ANONYMOUS;

    private final Machine machine;
    private final Actor main;
    private final int mm;
    private int child;

    /** @param memory of the machine, in bytes */
    Space(long memory) {
        machine = new Machine(new Configuration("6.18", 2, memory, 4, "never", 0, 1, 0, "classic"));
        main = machine.process("app", List.of("main"), 0).threads().getFirst().actor();
        mm = machine.process("app").mm(machine.kernel());
    }

    Kernel kernel() {
        return machine.kernel();
    }

    int mappings() {
        return kernel().vmas().count(mm);
    }

    long resident() {
        return kernel().rss(mm);
    }

    /** Takes the result, as whoever makes a call does. */
    private record Taken() implements Step {
        @Override
        public void run(Turn turn) {
            turn.takeResult();
            turn.takeRemark();
        }
    }

    private long call(Step step) {
        machine.engine().assign(main, List.of(step));
        finish();
        long result = main.result();
        if (Outcome.failed(result)) {
            throw new IllegalStateException(step + " failed: " + main.remark());
        }
        machine.engine().assign(main, List.of(new Taken()));
        finish();
        return result;
    }

    /** The process goes as far as it can, and where it waits the others help it. */
    private void finish() {
        while (!machine.engine().idle(main)) {
            if (machine.engine().ready(main)) {
                machine.engine().step(main, 0);
            } else {
                help();
            }
        }
    }

    /** Everybody else who can takes a step. @return whether anybody could */
    private boolean help() {
        boolean helped = false;
        for (Actor actor : machine.engine().actors()) {
            if (actor != main && machine.engine().ready(actor)) {
                machine.engine().step(actor, 0);
                helped = true;
            }
        }
        return helped;
    }

    /** What the kernel has put off is done, as freeing page tables is: a backlog would make each call dearer than the one before. */
    private void settle() {
        boolean helped = true;
        while (helped) {
            helped = help();
        }
    }

    long map(long length) {
        return call(new Mmap(mm, 0, length, READ_WRITE, ANONYMOUS, 0, 0));
    }

    void mapAt(long address, long length, long protection) {
        call(new Mmap(mm, address, length, protection, ANONYMOUS | Mmap.FIXED, 0, 0));
    }

    void unmap(long address, long length) {
        call(new Munmap(mm, address, length));
        settle();
    }

    void protect(long address, long length, long protection) {
        call(new Mprotect(mm, address, length, protection));
    }

    void dontneed(long address, long length) {
        call(new Madvise(mm, address, length, Advice.DONTNEED));
    }

    void touch(long address, long length) {
        call(new Touch(mm, address, address + length, Translation.WRITE));
    }

    /** A child, and its end. */
    void fork() {
        child = child == 0 ? kernel().reserve("child") : child;
        call(new Fork(mm, child));
        call(new Exit(child));
        settle();
    }
}
