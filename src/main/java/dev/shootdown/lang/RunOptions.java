package dev.shootdown.lang;

import static dev.shootdown.vocabulary.Parameter.option;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.vocabulary.Parameter.Kind;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Word;
import java.util.List;

/** What may stand behind {@code run SCENARIO} and {@code explore SCENARIO}. */
final class RunOptions {
    private static final Word RUN = Word.of(Word.Sort.COMMAND, "run", "Runs a scenario.")
            .takes(option("seed", Kind.NUMBER, "", "In a random order, the same for the same number."));
    private static final Word EXPLORE = Word.of(Word.Sort.COMMAND, "explore", "Runs a scenario in every interleaving.")
            .takes(option("states", Kind.NUMBER, "", "How many states to visit at most."),
                    option("depth", Kind.NUMBER, "", "How many steps a run may have."),
                    option("preempt", Kind.NUMBER, "", "How often an actor may be interrupted that could go on."));

    private RunOptions() {}

    static void check(String verb, Span at, List<Argument> options, Names names) {
        new ArgumentCheck(names).check(word(verb), bind(verb, at, options, names));
    }

    static Binding bind(String verb, Span at, List<Argument> options, Names names) {
        return Binder.bind(word(verb), at, options, names);
    }

    private static Word word(String verb) {
        return verb.equals("run") ? RUN : EXPLORE;
    }
}
