package dev.shootdown.lang;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A statement, or the race of a scenario, that is being carried out: who goes on with it, and what comes behind it. */
final class Task {
    private final Task outer;
    private final Runner runner;
    private final Schedule schedule;
    private final List<Actor> rows;
    private final List<Runnable> rest = new ArrayList<>();

    /**
     * @param outer what it stands in the middle of, or null
     * @param rows  whose it is
     * @param end   what is to be done once nobody goes on with it
     */
    Task(Task outer, Runner runner, Schedule schedule, List<Actor> rows, Runnable end) {
        this.outer = outer;
        this.runner = runner;
        this.schedule = schedule;
        this.rows = List.copyOf(rows);
        rest.add(end);
    }

    Task outer() {
        return outer;
    }

    Runner runner() {
        return runner;
    }

    Schedule schedule() {
        return schedule;
    }

    List<Actor> rows() {
        return rows;
    }

    /** Whether nobody goes on with it. A schedule by seed is not asked, since asking draws a number. */
    boolean over(Engine engine) {
        return schedule instanceof Foreground foreground ? foreground.next(engine) == null : engine.quiet();
    }

    void then(Runnable more) {
        rest.add(more);
    }

    /** What comes behind it so far is done in these surroundings. */
    void within(Consumer<Runnable> surroundings) {
        List<Runnable> all = List.copyOf(rest);
        rest.clear();
        rest.add(() -> surroundings.accept(() -> sequence(all)));
    }

    /** Does what comes behind it. Where that stands still in turn, what is left of it comes behind that. */
    void end() {
        sequence(List.copyOf(rest));
    }

    /** Does one thing after the other; what is left when one of them stands still is done behind it. */
    static void sequence(List<Runnable> all) {
        for (int i = 0; i < all.size(); i++) {
            try {
                all.get(i).run();
            } catch (Stopped stopped) {
                List<Runnable> left = all.subList(i + 1, all.size());
                stopped.then(() -> sequence(left));
                throw stopped;
            }
        }
    }
}
