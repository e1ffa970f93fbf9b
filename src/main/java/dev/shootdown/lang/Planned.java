package dev.shootdown.lang;

import dev.shootdown.lang.word.Arguments;
import dev.shootdown.lang.word.Scene;
import dev.shootdown.lang.word.Verb;
import java.util.List;

/**
 * A call with its arguments worked out.
 *
 * @param who          whom it is for
 * @param scene        the same, on the machine
 * @param verb         what is to be done
 * @param args         the arguments as written
 * @param alternatives the arguments: several where they leave a free choice
 */
record Planned(Who who, Scene scene, Verb verb, String args, List<Arguments> alternatives) {
    Planned {
        alternatives = List.copyOf(alternatives);
    }

    /** The process that the call is about; null where it is about none. */
    String process() {
        return who instanceof Who.Thread thread ? thread.process() : null;
    }

    /** The verb as the trace shows it: of two words, the first. */
    String op() {
        return verb.name().split(" ")[0];
    }
}
