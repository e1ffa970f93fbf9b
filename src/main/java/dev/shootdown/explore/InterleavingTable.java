package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A run as a table with a column an actor, to be drawn by somebody else.
 *
 * @param actors those who take a step in it, in the order of their first one
 * @param rows   one for each step, in order
 */
public record InterleavingTable(List<String> actors, List<Row> rows) {
    public InterleavingTable {
        actors = List.copyOf(actors);
        rows = List.copyOf(rows);
    }

    /**
     * A step.
     *
     * @param step    its number in the run, from 1
     * @param choice  what was decided
     * @param actor   whose it is
     * @param name    the step's name
     * @param moments what there was to see of it
     */
    public record Row(long step, Choice choice, String actor, String name, List<Moment> moments) {
        public Row {
            moments = List.copyOf(moments);
        }

        /** The events alone. */
        public List<Event> events() {
            return moments.stream().map(Moment::event).toList();
        }
    }

    /** The rows in which there is something to see. */
    public List<Row> changes() {
        return rows.stream().filter(row -> !row.moments().isEmpty()).toList();
    }

    /** Everything that there was to see, in order. */
    public List<Moment> moments() {
        return rows.stream().flatMap(row -> row.moments().stream()).toList();
    }

    /** Runs choices on a fresh machine and writes down what there is to see of the kinds in the alphabet. */
    public static InterleavingTable of(Start start, List<Choice> choices) {
        Engine engine = start.begin();
        long before = engine.steps();
        Scribe scribe = new Scribe();
        engine.trace().add(scribe);
        LinkedHashSet<String> actors = new LinkedHashSet<>();
        List<Row> rows = new ArrayList<>();
        for (Choice choice : choices) {
            Actor actor = engine.actors().get(choice.actor());
            String name = actor.agenda().head().name();
            engine.step(choice);
            actors.add(actor.name());
            rows.add(new Row(engine.steps() - before, choice, actor.name(), name, scribe.taken()));
        }
        return new InterleavingTable(List.copyOf(actors), rows);
    }

    /** Keeps what comes until it is taken. */
    private static final class Scribe implements Listener {
        private static final long ALPHABET = Kind.alphabet().stream().mapToLong(Kind::bit).reduce(0, (a, b) -> a | b);

        private final List<Moment> moments = new ArrayList<>();

        @Override
        public long kinds() {
            return ALPHABET;
        }

        @Override
        public void on(Moment moment) {
            moments.add(moment);
        }

        List<Moment> taken() {
            List<Moment> taken = List.copyOf(moments);
            moments.clear();
            return taken;
        }
    }
}
