package dev.shootdown.lang.word;

import dev.shootdown.lang.value.Value;
import dev.shootdown.machine.Process;
import dev.shootdown.mm.Khugepaged;
import dev.shootdown.mm.OomReap;
import dev.shootdown.mm.SplitHugePages;
import dev.shootdown.mm.Uprobe;
import dev.shootdown.sim.Step;
import java.util.List;

/** What the kernel's verbs do to huge pages, to instructions that are probed, and to the memory of who was killed. */
final class PageDeeds {
    private PageDeeds() {}

    static List<Step> khugepaged(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Khugepaged(KernelDeeds.owner(range, scene), range.start(), range.end()));
    }

    static List<Step> split(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new SplitHugePages(KernelDeeds.owner(range, scene), range.start(), range.end()));
    }

    /** Of the first process declared, since an address does not say whose it is. */
    static List<Step> uprobe(Arguments arguments, Scene scene) {
        Process process = scene.machine().processes().stream().findFirst().orElse(null);
        int mm = process == null ? 0 : process.mm(scene.machine().kernel());
        return List.of(new Uprobe(mm, arguments.number("ADDR"), arguments.has("off")));
    }

    static List<Step> oomReap(Arguments arguments, Scene scene) {
        return List.of(new OomReap(scene.machine().process(arguments.word("PROCESS")).mm(scene.machine().kernel())));
    }
}
