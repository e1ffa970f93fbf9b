package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What of a run its last step depends on: a step before it counts where the same actor takes both, or one writes what the
 * other touches, be it only in its test for readiness. Without the other steps it is a run too, and ends the same way.
 */
final class CausalPast {
    private final Engine engine;
    private final World world;

    CausalPast(Engine engine) {
        this.engine = engine;
        this.world = engine.world();
    }

    /**
     * The steps that count, if they show the same; otherwise all. The machine stands where the run begins, before and after.
     *
     * @param shows whether the machine shows what it is about; asked behind every step
     */
    List<Choice> of(List<Choice> run, BooleanSupplier shows) {
        List<Footprint> touched = touched(run, shows);
        List<Choice> past = new ArrayList<>();
        List<Footprint> kept = new ArrayList<>();
        for (int i = touched.size() - 1; i >= 0; i--) {
            Choice step = run.get(i);
            Footprint own = touched.get(i);
            boolean counts = past.isEmpty() || past.stream().anyMatch(later -> later.actor() == step.actor())
                    || kept.stream().anyMatch(own::conflicts);
            if (counts) {
                past.add(step);
                kept.add(own);
            }
        }
        past = past.reversed();
        return leads(past, shows) ? past : run;
    }

    /** What each step up to the first behind which it shows touches. */
    private List<Footprint> touched(List<Choice> run, BooleanSupplier shows) {
        List<Footprint> all = new ArrayList<>();
        int start = world.mark();
        boolean shown = false;
        for (int i = 0; i < run.size() && !shown; i++) {
            Footprint footprint = new Footprint();
            world.record(footprint);
            engine.ready(engine.actors().get(run.get(i).actor()));
            engine.step(run.get(i));
            world.record(null);
            all.add(footprint);
            shown = shows.getAsBoolean();
        }
        world.rewind(start);
        return all;
    }

    private boolean leads(List<Choice> run, BooleanSupplier shows) {
        int start = world.mark();
        boolean shown = false;
        boolean able = true;
        for (int i = 0; i < run.size() && able; i++) {
            Actor actor = engine.actors().get(run.get(i).actor());
            able = engine.ready(actor) && run.get(i).alternative() < engine.choices(actor);
            if (able) {
                engine.step(run.get(i));
                shown = shows.getAsBoolean();
            }
        }
        world.rewind(start);
        return able && shown;
    }
}
