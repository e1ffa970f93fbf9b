package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The order in which a search tries the actors. A reduced search wants those first who complete what others wait
 * for, and those last of whom there are many alike.
 */
final class ActorOrder {
    private ActorOrder() {}

    /** @param seed of an order by chance; null for those first who wait for work at the beginning, and then the unlike */
    static int[] of(Engine engine, Long seed) {
        List<Actor> order = new ArrayList<>(engine.actors());
        if (seed == null) {
            order.sort(Comparator.comparingLong(actor -> engine.idle(actor) ? 0 : alike(engine, actor)));
        } else {
            Collections.shuffle(order, new Random(seed));
        }
        return order.stream().mapToInt(Actor::number).toArray();
    }

    /** How many actors begin with the same kind of step. */
    private static long alike(Engine engine, Actor one) {
        return engine.actors().stream().filter(other -> other.agenda() != null && other.agenda().head().getClass() == one.agenda().head().getClass())
                .count();
    }
}
