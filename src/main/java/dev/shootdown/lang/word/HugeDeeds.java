package dev.shootdown.lang.word;

import dev.shootdown.lang.value.Value;
import dev.shootdown.mm.Khugepaged;
import dev.shootdown.mm.SplitHugePages;
import dev.shootdown.sim.Step;
import java.util.List;

/** What the kernel's verbs do to huge pages. */
final class HugeDeeds {
    private HugeDeeds() {}

    static List<Step> khugepaged(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Khugepaged(KernelDeeds.owner(range, scene), range.start(), range.end()));
    }

    static List<Step> split(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new SplitHugePages(KernelDeeds.owner(range, scene), range.start(), range.end()));
    }
}
