package dev.shootdown.lang.word;

import dev.shootdown.lang.value.Value;
import dev.shootdown.mm.ClearRefs;
import dev.shootdown.mm.Mlock;
import dev.shootdown.mm.Mseal;
import dev.shootdown.mm.Msync;
import dev.shootdown.mm.Poke;
import dev.shootdown.mm.Vma;
import dev.shootdown.sim.Step;
import java.util.List;

/** What the verbs do that keep pages, write them back, or go round permissions. */
final class MemoryDeeds {
    private MemoryDeeds() {}

    static List<Step> mlock(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        long flags = arguments.has("onfault") ? Vma.LOCKED | Vma.LOCKONFAULT : Vma.LOCKED;
        return List.of(new Mlock(scene.mm(), range.start(), range.length(), flags));
    }

    static List<Step> munlock(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Mlock(scene.mm(), range.start(), range.length(), 0));
    }

    static List<Step> mseal(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Mseal(scene.mm(), range.start(), range.length()));
    }

    static List<Step> msync(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Msync(scene.mm(), range.start(), range.length(), Msync.SYNC));
    }

    static List<Step> poke(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(switch (arguments.value("VALUE")) {
            case Value.Number number -> Poke.fill(scene.mm(), range.start(), range.end(), (int) number.value());
            case Value text -> Poke.text(scene.mm(), range.start(), range.end(), text.text());
        });
    }

    static List<Step> clearRefs(Arguments arguments, Scene scene) {
        int mm = scene.machine().process(arguments.word("PROCESS")).mm(scene.machine().kernel());
        return List.of(new ClearRefs(mm, (int) arguments.number("N")));
    }
}
