package dev.shootdown.sim;

import java.util.Locale;

/** What a mutation does to a step that is there for safety. */
public enum Manner {
    /** It is left out, and so is what undoes it. */
    DROP("is left out"),
    /** It comes behind the step that would come next. */
    SWAP("comes behind the step that should follow it"),
    /** It comes behind the end of the operation. */
    DELAY("comes behind the end of the operation"),
    /** It does not wait for what it should wait for, or does not ask what it should ask. */
    HURRY("does not wait, or ask, for what it should");

    private final String sentence;

    Manner(String sentence) {
        this.sentence = sentence;
    }

    /** As a mutant's name has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What happens to the step, behind its name. */
    public String sentence() {
        return sentence;
    }
}
