package dev.shootdown.lang.word;

import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.mm.Exec;
import dev.shootdown.mm.Exit;
import dev.shootdown.mm.Fork;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.Vfork;
import dev.shootdown.sim.Step;
import java.util.List;

/** What the verbs about processes do: how they come, change their program, and go. */
final class ProcessDeeds {
    private ProcessDeeds() {}

    static List<Step> fork(Arguments arguments, Scene scene) {
        String child = arguments.word("NAME");
        return List.of(new Fork(scene.mm(), number(child, scene)), new ThreadStarts(child));
    }

    static List<Step> vfork(Arguments arguments, Scene scene) {
        String child = arguments.word("NAME");
        int number = number(child, scene);
        return List.of(new Vfork(scene.mm(), number), new ThreadStarts(child), new Vfork.Await(number));
    }

    private static int number(String child, Scene scene) {
        return scene.machine().process(child).mm(scene.machine().kernel());
    }

    static List<Step> exec(Arguments arguments, Scene scene) {
        String process = scene.owner();
        return List.of(new Exec(process, scene.mm()), new OtherThreadsEnd(process), new Exec.ExecMmap(process, scene.mm()), new ProgramStarts());
    }

    /** The process that is killed gives up its memory in the step of who kills it, as soon as nobody is in the middle of changing it. */
    static List<Step> kill(Arguments arguments, Scene scene) {
        String process = arguments.word("PROCESS");
        if (process.equals(scene.owner())) {
            return exit(scene);
        }
        return List.of(new OtherThreadsEnd(process), memoryGoes(scene.machine(), process));
    }

    static List<Step> exit(Arguments arguments, Scene scene) {
        Kernel kernel = scene.machine().kernel();
        List<Process.Thread> threads = scene.machine().process(scene.owner()).threads();
        boolean last = threads.stream().filter(thread -> kernel.spaceOf(thread.actor()) > 0).count() < 2;
        return arguments.has("thread") && !last ? List.of(new ThreadEnds()) : exit(scene);
    }

    private static List<Step> exit(Scene scene) {
        return List.of(memoryGoes(scene.machine(), scene.owner()), new ThreadsEnd(scene.owner()));
    }

    /** What a process does with its memory when it ends: a vforked child gives it back. */
    private static Step memoryGoes(Machine machine, String process) {
        int own = machine.process(process).mm(machine.kernel());
        return machine.kernel().lender(own) != 0 ? new Vfork.Done(own) : new Exit(own);
    }
}
