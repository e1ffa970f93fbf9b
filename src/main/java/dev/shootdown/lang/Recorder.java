package dev.shootdown.lang;

import dev.shootdown.check.Checkers;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.value.Value;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * What was done on one machine, step by step, to go back in it and forward again: the machine's journal undoes, the
 * choices taken lead forward. Until it is asked to tape it only notes what a scenario's conditions say.
 */
final class Recorder implements Listener {
    /** More steps than this are not kept: the past begins anew then. */
    private static final int MOST = 1 << 18;

    private static final long KINDS = Kind.alphabet().stream().mapToLong(Kind::bit).reduce(0, (a, b) -> a | b)
            & ~(Kind.PRINT.bit() | Kind.VERDICT.bit() | Kind.DIAGNOSTIC.bit());

    /** What somebody was given to do between two steps. */
    private record Given(Actor actor, Agenda agenda) {}

    /** How things stand between two steps, beside the machine's cells. */
    private record Aside(int mark, Task task, boolean[] happened, List<Probes.Probe> probes, int history) {}

    /** A step: what was given before it, what was chosen, what there was to see, and how things stood behind it. */
    private record Taken(List<Given> given, Choice choice, String name, List<Moment> moments, Aside behind) {
        Taken behind(Aside other) {
            return new Taken(given, choice, name, moments, other);
        }
    }

    private final Play play;
    private final List<Taken> tape = new ArrayList<>();
    private final Map<String, Long> marks = new HashMap<>();
    private final List<Moment> seen = new ArrayList<>();
    private final Happened claims = new Happened();
    private Agenda[] agendas = {};
    private List<Given> given = List.of();
    private String name = "";
    private List<Optional<Value>> watched = List.of();
    private List<Statement> history = List.of();
    private Optional<String> reason = Optional.empty();
    private Aside beginning;
    private long base;
    private int at;
    private Task task;
    private boolean wanted;
    private boolean heeding = true;

    Recorder(Play play) {
        this.play = play;
    }

    private Engine engine() {
        return play.machine().engine();
    }

    private World world() {
        return play.machine().world();
    }

    Play play() {
        return play;
    }

    // ---------------------------------------------------------------- taping

    /** From now on steps are kept. The machine is made when the first one is taken, as without this. */
    void tape(boolean on) {
        wanted = on;
        if (wanted && play.hasMachine() && beginning == null) {
            attach();
        }
    }

    boolean taping() {
        return wanted;
    }

    private void attach() {
        play.machine().trace().add(this);
        restart();
    }

    /** The past begins here: something was made that cannot be undone. */
    void restart() {
        if (!wanted || !play.hasMachine()) {
            return;
        }
        world().journal(true);
        tape.clear();
        marks.clear();
        at = 0;
        base = engine().steps();
        beginning = aside();
        agendas = agendas();
    }

    private Aside aside() {
        return new Aside(world().mark(), task, claims.values(), play.probes().set(), play.history().size());
    }

    private Agenda[] agendas() {
        return engine().actors().stream().map(Actor::agenda).toArray(Agenda[]::new);
    }

    /** A step is about to be taken. */
    void before(Choice choice) {
        if (!wanted) {
            return;
        }
        if (beginning == null) {
            attach();
        }
        if (tape.size() >= MOST) {
            restart();
        }
        if (at < tape.size()) {
            tape.subList(at, tape.size()).clear();
            marks.values().removeIf(number -> number > number());
        }
        play.debugger().current(this);
        seen.clear();
        given = given(agendas());
        name = engine().actors().get(choice.actor()).agenda().head().name();
        watched = play.debugger().breaks().values(play);
    }

    /** It is taken. Returns whether there is a reason to stop behind it. */
    boolean after(Choice choice) {
        claims.note(world());
        if (!wanted) {
            return false;
        }
        tape.add(new Taken(given, choice, name, List.copyOf(seen), aside()));
        at++;
        agendas = agendas();
        reason = heeding ? play.debugger().breaks().reason(play, tape.getLast().moments(), watched) : Optional.empty();
        return reason.isPresent();
    }

    /** What changed on agendas since the last step. */
    private List<Given> given(Agenda[] now) {
        List<Given> found = new ArrayList<>();
        for (int i = 0; i < now.length; i++) {
            if (i >= agendas.length || now[i] != agendas[i]) {
                found.add(new Given(engine().actors().get(i), now[i]));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public long kinds() {
        return KINDS;
    }

    @Override
    public void on(Moment moment) {
        seen.add(moment);
    }

    /** What was emitted behind the last step, as the end of a race does, belongs to that step. */
    void late() {
        if (wanted && at > 0 && at == tape.size() && !seen.equals(tape.getLast().moments())) {
            Taken last = tape.getLast();
            tape.set(at - 1, new Taken(last.given(), last.choice(), last.name(), List.copyOf(seen), last.behind()));
        }
    }

    /** Whether breaks are to be heeded. */
    void heed(boolean so) {
        heeding = so;
    }

    /** Why the last step is one to stop behind. */
    Optional<String> reason() {
        return reason;
    }

    // ---------------------------------------------------------------- what is being carried out

    /** The innermost statement that is being carried out, or null. */
    Task task() {
        return task;
    }

    Task begin(Runner runner, Schedule schedule, List<Actor> rows, Runnable end) {
        task = new Task(task, runner, schedule, rows, end);
        if (tape.isEmpty() && beginning != null && !(schedule instanceof Foreground)) {
            beginning = aside();
        }
        return task;
    }

    /** It has been carried out: what comes behind it is done. */
    void end(Task ended) {
        drop(ended);
        ended.end();
    }

    /** It will not be gone on with. */
    void drop(Task dropped) {
        task = dropped.outer();
        refresh();
    }

    /** What came about behind the last step belongs to its position. */
    void refresh() {
        if (at > 0 && at == tape.size()) {
            Taken last = tape.getLast();
            tape.set(at - 1, last.behind(new Aside(last.behind().mark(), task, claims.values(), play.probes().set(), play.history().size())));
        }
    }

    /** The actors in the middle of whose statements it stands. */
    List<Actor> standing() {
        List<Actor> all = new ArrayList<>();
        for (Task one = task; one != null; one = one.outer()) {
            all.addAll(one.rows());
        }
        return all;
    }

    // ---------------------------------------------------------------- what a scenario claims

    Happened claims() {
        return claims;
    }

    // ---------------------------------------------------------------- going there

    /** The number of the position: how many steps the machine has taken. */
    long number() {
        return base + at;
    }

    /** The first position that is kept. */
    long first() {
        return base;
    }

    /** The last position that was reached. */
    long last() {
        return base + tape.size();
    }

    boolean hasFuture() {
        return at < tape.size();
    }

    Map<String, Long> marks() {
        return marks;
    }

    /** Goes to a position between {@link #first} and {@link #last}. Nothing of it is shown. */
    void go(long number) {
        back(Math.min(number, number()));
        play.hush(true);
        try {
            while (number() < number) {
                forward();
            }
        } finally {
            play.hush(false);
        }
    }

    private void back(long number) {
        if (number == number()) {
            return;
        }
        remember();
        at = (int) (number - base);
        stand(at == 0 ? beginning : tape.get(at - 1).behind());
    }

    /** Takes the step again that was taken here. Returns whether there is a reason to stop behind it. */
    boolean forward() {
        Taken next = tape.get(at);
        seen.clear();
        watched = play.debugger().breaks().values(play);
        next.given().forEach(given -> engine().agenda(given.actor(), given.agenda()));
        engine().step(next.choice());
        play.probes().take();
        at++;
        Aside then = next.behind();
        Aside now = new Aside(world().mark(), then.task(), then.happened(), then.probes(), then.history());
        tape.set(at - 1, next.behind(now));
        stand(now);
        if (then.task() == null && !claims.conditions().isEmpty()) {
            world().part(Checkers.class).end();
        }
        reason = heeding ? play.debugger().breaks().reason(play, next.moments(), watched) : Optional.empty();
        return reason.isPresent();
    }

    private void stand(Aside there) {
        world().rewind(there.mark());
        task = there.task();
        claims.values(there.happened());
        play.probes().set(there.probes());
        if (hasFuture() || !history.isEmpty()) {
            play.history().clear();
            play.history().addAll(history.subList(0, hasFuture() ? Math.min(there.history(), history.size()) : history.size()));
        }
        agendas = agendas();
    }

    /** The statements that were carried out: those behind where one stands come back on the way forward. */
    private void remember() {
        if (!hasFuture()) {
            history = List.copyOf(play.history());
        }
    }

    /** Who takes the next recorded step; only where there is one. */
    Choice next() {
        return tape.get(at).choice();
    }

    // ---------------------------------------------------------------- what was seen

    /** The events of the step that led to a position; none for the first one. */
    List<Moment> moments(long number) {
        return number <= base || number > last() ? List.of() : tape.get((int) (number - base) - 1).moments();
    }

    /** Who took the step that led to a position, or null for the first one. */
    Actor actor(long number) {
        return number <= base ? null : engine().actors().get(tape.get((int) (number - base) - 1).choice().actor());
    }

    /** What the step was called that led to a position. */
    String name(long number) {
        return number <= base ? "" : tape.get((int) (number - base) - 1).name();
    }

    /** The nearest position before one whose number answers to something; -1 where there is none. */
    long before(long number, LongPredicate what) {
        for (long one = number - 1; one > base; one--) {
            if (what.test(one)) {
                return one;
            }
        }
        return -1;
    }
}
