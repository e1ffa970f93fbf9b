package dev.shootdown.lang;

import dev.shootdown.lang.value.Value;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import dev.shootdown.trace.Moment;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where one stands in a run, in a line. */
final class Where {
    private static final Set<String> LEFT_OUT = Set.of("actor", "step", "process", "start", "end", "words");

    private Where() {}

    /** A position's number, who came there, by what, and who may go on. */
    static String line(Recorder recorder) {
        String ready = String.join(", ", ready(recorder.play().machine().engine()));
        String marks = String.join(", ", recorder.marks().entrySet().stream()
                .filter(mark -> mark.getValue() == recorder.number())
                .map(Map.Entry::getKey)
                .sorted()
                .toList());
        return "#" + recorder.number() + (marks.isEmpty() ? "" : " (" + marks + ")") + " " + came(recorder, recorder.number())
                + "; " + (ready.isEmpty() ? "nobody can move" : "ready: " + ready);
    }

    private static String came(Recorder recorder, long number) {
        Actor actor = recorder.actor(number);
        return actor == null ? "the history begins" : actor.name() + " " + event(recorder, number);
    }

    /** The events of the step that led to a position; the step's name where nothing was to be seen. */
    static String event(Recorder recorder, long number) {
        List<Moment> moments = recorder.moments(number);
        return moments.isEmpty() ? recorder.name(number) : String.join(" + ", moments.stream().map(Where::event).toList());
    }

    static String event(Moment moment) {
        StringBuilder line = new StringBuilder(moment.event().kind().word());
        Map<String, Value> fields = EventFields.values(moment);
        if (fields.get("range") != null) {
            line.append(' ').append(fields.get("range").text());
        }
        fields.forEach((name, value) -> {
            boolean told = LEFT_OUT.contains(name) || name.equals("range");
            if (!told) {
                line.append(' ').append(name).append('=').append(value.text());
            }
        });
        return line.toString();
    }

    /** Who may take the next step. */
    static List<String> ready(Engine engine) {
        return engine.actors().stream().filter(engine::ready).map(Actor::name).toList();
    }
}
