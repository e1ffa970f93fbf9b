package dev.shootdown.sim;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a step that something bad may happen where it is left out or comes at another time. These are the steps that
 * {@code mutate} tries to do without; each is declared here, beside the step itself, and nowhere else.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Safety {
    /** What it keeps from happening, in a few words. */
    String value();

    /** What a mutation may do to it. */
    Manner[] manners() default {Manner.DROP, Manner.SWAP, Manner.DELAY};

    /** The steps that undo it, as an unlock undoes a lock: where it is dropped, so are they, at the same place. */
    Class<? extends Step>[] undoneBy() default {};
}
