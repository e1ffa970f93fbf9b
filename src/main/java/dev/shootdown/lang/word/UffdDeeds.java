package dev.shootdown.lang.word;

import dev.shootdown.lang.value.Value;
import dev.shootdown.mm.Uffd;
import dev.shootdown.mm.Vma;
import dev.shootdown.sim.Step;
import java.util.List;

/** What {@code uffd} does, for each of its actions. */
final class UffdDeeds {
    /** A page that is below all that may be mapped: what is copied from there is EFAULT. */
    private static final long NOWHERE = 4096;

    private UffdDeeds() {}

    static List<Step> uffd(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        long start = range.start();
        long end = range.end();
        int mm = scene.mm();
        long flags = (arguments.has("missing") ? Vma.UFFD_MISSING : 0) | (arguments.has("wp") ? Vma.UFFD_WP : 0);
        return List.of(switch (arguments.word("ACTION")) {
            case "register" -> new Uffd.Register(mm, start, end, flags == 0 ? Vma.UFFD_MISSING : flags);
            case "unregister" -> new Uffd.Register(mm, start, end, 0);
            case "wp" -> new Uffd.WriteProtect(mm, start, end, true);
            case "unwp" -> new Uffd.WriteProtect(mm, start, end, false);
            case "zeropage" -> new Uffd.Fill(mm, start, end, 0);
            case "copy" -> new Uffd.Fill(mm, start, end, arguments.has("from") ? arguments.range("from").start() : NOWHERE);
            case String other -> throw new IllegalStateException(other);
        });
    }
}
