package dev.shootdown.sim;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a step stands for: {@code mm/memory.c: zap_pte_range, 3.16-6.18}, or a section of a specification. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Cites {
    String value();
}
