package dev.shootdown.explore;

import dev.shootdown.sim.Choice;
import java.util.List;

/**
 * A run that shows something.
 *
 * @param choices  from the beginning of the race to the moment that shows it
 * @param shortest whether no run that shows it has fewer steps; false where a bound ended the search for one, and
 *                 for cycles, whose stem is shortest and whose way round from there is too, but not their sum
 * @param token    the choices as text, with the position that they lead to
 */
public record Witness(List<Choice> choices, boolean shortest, ReplayToken token) {
    public Witness {
        choices = List.copyOf(choices);
    }
}
