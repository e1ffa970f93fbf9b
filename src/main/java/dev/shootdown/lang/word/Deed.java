package dev.shootdown.lang.word;

import dev.shootdown.sim.Step;
import java.util.List;

/** What a verb does: from its arguments to the steps that its actor takes. Works things out; changes nothing itself. */
@FunctionalInterface
public interface Deed {
    List<? extends Step> steps(Arguments arguments, Scene scene);
}
