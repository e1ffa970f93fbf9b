package dev.shootdown.lang.word;

import dev.shootdown.lang.value.Value;
import dev.shootdown.mm.Fsync;
import dev.shootdown.mm.Punch;
import dev.shootdown.mm.Pwrite;
import dev.shootdown.mm.Truncate;
import dev.shootdown.sim.Step;
import java.util.List;

/** What the verbs about files do, each as the model's own step for it. */
final class FileDeeds {
    private FileDeeds() {}

    static List<Step> truncate(Arguments arguments, Scene scene) {
        return List.of(new Truncate(file(arguments, scene), arguments.number("SIZE")));
    }

    static List<Step> punch(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Punch(file(arguments, scene), range.start(), range.length()));
    }

    static List<Step> pwrite(Arguments arguments, Scene scene) {
        String content = switch (arguments.value("VALUE")) {
            case Value.Number number -> String.valueOf((char) (number.value() & 0xff));
            case Value text -> text.text();
        };
        return List.of(new Pwrite(scene.mm(), file(arguments, scene), arguments.number("OFFSET"), content));
    }

    static List<Step> fsync(Arguments arguments, Scene scene) {
        return List.of(new Fsync(file(arguments, scene)));
    }

    private static int file(Arguments arguments, Scene scene) {
        return scene.machine().file(arguments.word("FILE"));
    }
}
