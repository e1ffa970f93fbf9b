package dev.shootdown.lang.word;

import dev.shootdown.lang.value.Value;
import dev.shootdown.machine.Process;
import dev.shootdown.mm.AgePages;
import dev.shootdown.mm.Ksm;
import dev.shootdown.mm.Mbind;
import dev.shootdown.mm.MovePages;
import dev.shootdown.mm.PageIdle;
import dev.shootdown.mm.Reclaim;
import dev.shootdown.mm.SwapIn;
import dev.shootdown.sim.Step;
import java.util.List;

/** What the kernel's verbs do although no thread asks for it, each as the model's own step for it. */
final class KernelDeeds {
    private KernelDeeds() {}

    static List<Step> reclaim(Arguments arguments, Scene scene) {
        boolean walks = scene.machine().configuration().lru().equals("mglru");
        if (arguments.value("R") instanceof Value.Name name) {
            int mm = scene.machine().process(name.text()).mm(scene.machine().kernel());
            return List.of(Reclaim.process(mm, arguments.number("SIZE", Long.MAX_VALUE), walks));
        }
        Value.Range range = arguments.range("R");
        return List.of(Reclaim.range(owner(range, scene), range.start(), range.end(), walks));
    }

    static List<Step> swapin(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new SwapIn(owner(range, scene), range.start(), range.end()));
    }

    static List<Step> age(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        int mm = owner(range, scene);
        return List.of(arguments.has("idle") ? new PageIdle(mm, range.start(), range.end()) : new AgePages(mm, range.start(), range.end()));
    }

    static List<Step> migrate(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(MovePages.anywhere(owner(range, scene), range.start(), range.end()));
    }

    static List<Step> movePages(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new MovePages(scene.mm(), range.start(), range.end(), (int) arguments.number("node"), arguments.has("all")));
    }

    static List<Step> mbind(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Mbind(scene.mm(), range.start(), range.length(), (int) arguments.number("node")));
    }

    static List<Step> ksm(Arguments arguments, Scene scene) {
        List<String> every = scene.machine().processes().stream().map(Process::name).toList();
        List<Integer> spaces = arguments.names("P", every).stream()
                .map(name -> scene.machine().process(name).mm(scene.machine().kernel())).toList();
        return List.of(new Ksm(spaces));
    }

    /** The address space that a range is of: of the process whose mapping was named, else of the first one declared. */
    static int owner(Value.Range range, Scene scene) {
        Process named = scene.machine().process(range.process());
        Process process = named != null ? named : scene.machine().processes().stream().findFirst().orElse(null);
        return process == null ? 0 : process.mm(scene.machine().kernel());
    }
}
