package dev.shootdown.lang;

import dev.shootdown.lang.value.Value;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Ref;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blocks of {@code at EVENT { }} in a race. Who comes to the event stays there while the others do what the block
 * says, one item after the other; whoever is in the middle of a call of his own ends that first. Where nobody else can move, since all wait
 * for what it holds, it goes on. All of it are steps and cells, so that every interleaving has it.
 */
final class Stops implements Listener {
    /** What one actor does in a block. */
    record Item(Actor actor, List<Step> steps) {
        Item {
            steps = List.copyOf(steps);
        }
    }

    /** Which block it is, the event at which it is done, whose fields have names in it, and the block that it stands in. */
    record Block(int number, Kind kind, Optional<Block> outer) {
        boolean has(String field) {
            return fields(EventFields.of(kind)).containsKey(field);
        }
    }

    /** The fields that a block of a race may ask for: the number of a step would tell states apart that are one. */
    static Map<String, Thing> fields(Map<String, Thing> ofTheEvent) {
        Map<String, Thing> fields = new LinkedHashMap<>(ofTheEvent);
        fields.remove("step");
        return fields;
    }

    /** @param state 0 for nothing, 1 while its call goes on, then for each item 2 as long as it is due, 3 while it is done, and so on */
    private record Stop(Block block, Actor of, Cell state, List<Item> items, Map<String, Ref<Value>> fields) {}

    private static final int ARMED = 1;
    private static final int DUE = 2;

    private final Engine engine;
    private final List<Stop> stops = new ArrayList<>();
    private int blocks;
    private long kinds;

    Stops(Engine engine) {
        this.engine = engine;
        engine.trace().add(this);
    }

    /** The next block, before its items are known. */
    Block block(Kind kind, Optional<Block> outer) {
        return new Block(blocks++, kind, outer);
    }

    /** @param fields the fields of its event that its items ask for */
    int add(Block block, Actor of, List<Item> items, Map<String, Ref<Value>> fields) {
        Cell state = engine.world().cell("at." + block.number());
        stops.add(new Stop(block, of, state, List.copyOf(items), new LinkedHashMap<>(fields)));
        kinds |= block.kind().bit();
        engine.trace().count();
        return stops.size() - 1;
    }

    /** Everybody who has something to do in some block. */
    List<Actor> actors() {
        return stops.stream().flatMap(stop -> stop.items().stream()).map(Item::actor).distinct().toList();
    }

    // ---------------------------------------------------------------- the call

    /** Its call begins. */
    void arm(int stop) {
        Cell state = stops.get(stop).state();
        if (state.get() == 0) {
            state.set(ARMED);
        }
    }

    @Override
    public long kinds() {
        return kinds;
    }

    @Override
    public void on(Moment moment) {
        for (int i = 0; i < stops.size(); i++) {
            Stop stop = stops.get(i);
            boolean his = stop.block().kind() == moment.event().kind() && stop.of().name().equals(moment.actor());
            if (his && stop.state().get() == ARMED && !stop.items().isEmpty()) {
                stop.state().set(DUE);
                Map<String, Value> values = stop.fields().isEmpty() ? Map.of() : EventFields.values(moment);
                stop.fields().forEach((name, cell) -> cell.set(values.get(name)));
                engine.before(new Hold(i));
            }
        }
    }

    /** Its call has ended: where the event did not come, the block is not done. */
    @Cites("at EVENT { }: language, section 8")
    record Disarm(int stop) implements Step {
        @Override
        public void run(Turn turn) {
            Cell state = turn.part(Program.class).stops().stops.get(stop).state();
            if (state.get() == ARMED) {
                state.set(0);
            }
        }
    }

    /** Who came to the event stays there. */
    @Cites("at EVENT { }: language, section 8")
    record Hold(int stop) implements Step {
        @Override
        public boolean ready(World world) {
            Stops all = world.part(Program.class).stops();
            return all.over(stop) | all.alone(world);
        }

        @Override
        public void run(Turn turn) {}

        @Override
        public String name() {
            return "at";
        }
    }

    private boolean over(int stop) {
        return stops.get(stop).state().get() < DUE;
    }

    /** Whether nobody can move who is not held himself. */
    private boolean alone(World world) {
        boolean others = false;
        for (Actor actor : engine.actors()) {
            Agenda agenda = actor.agenda();
            others |= agenda != null && (agenda.head() instanceof Hold hold ? over(hold.stop()) : agenda.head().ready(world));
        }
        return !others;
    }

    // ---------------------------------------------------------------- the block

    /** Whether an actor has an item to do now. */
    boolean due(Actor actor) {
        return dueOf(actor) >= 0;
    }

    private int dueOf(Actor actor) {
        int found = -1;
        for (int i = 0; i < stops.size(); i++) {
            Stop stop = stops.get(i);
            if (stop.items().stream().anyMatch(item -> item.actor() == actor)) {
                long state = stop.state().get();
                boolean his = state >= DUE && state % 2 == 0 && stop.items().get((int) state / 2 - 1).actor() == actor;
                found = found < 0 && his ? i : found;
            }
        }
        return found;
    }

    /** Does an item that is due, and then the step that was to come; false where none is. */
    boolean serve(Turn turn, Step then) {
        int due = dueOf(turn.actor());
        if (due < 0) {
            return false;
        }
        Stop stop = stops.get(due);
        long state = stop.state().get();
        stop.state().set(state + 1);
        turn.then(then);
        turn.then(new Done(due));
        turn.then(stop.items().get((int) state / 2 - 1).steps());
        return true;
    }

    /** An item has been done. */
    @Cites("at EVENT { }: language, section 8")
    record Done(int number) implements Step {
        @Override
        public void run(Turn turn) {
            Stop stop = turn.part(Program.class).stops().stops.get(number);
            long next = stop.state().get() + 1;
            boolean last = next / 2 > stop.items().size();
            stop.state().set(last ? 0 : next);
            if (last) {
                stop.fields().values().forEach(cell -> cell.set(null));
            }
        }
    }

    /** Who has done its rows is still there for the blocks of others. */
    @Cites("at EVENT { }: language, section 8")
    record Serve(int actor) implements Step {
        @Override
        public boolean ready(World world) {
            Stops all = world.part(Program.class).stops();
            return all.due(all.engine.actors().get(actor));
        }

        @Override
        public boolean idle() {
            return true;
        }

        @Override
        public void run(Turn turn) {
            turn.part(Program.class).stops().serve(turn, this);
        }
    }
}
