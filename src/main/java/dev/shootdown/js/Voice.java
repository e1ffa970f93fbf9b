package dev.shootdown.js;

import dev.shootdown.lang.word.Verb;
import java.util.List;

/** Who does something with what actors are told to do: carries it out at once, or writes it down. */
interface Voice {
    /**
     * A call of an actor.
     *
     * @param actor     as the language writes it
     * @param arguments as the language writes them
     * @param manner    what holds for the call besides
     * @return what JavaScript gets back
     */
    Object perform(String actor, Verb verb, List<String> arguments, Manner manner);

    /** What an expression comes to. */
    Object ask(String expression);

    /**
     * What may stand beside the options of any verb.
     *
     * @param name     what its result is to be called; null for a name of our choice
     * @param stops    what is to be done in the middle of it, as the language writes it
     * @param inFlight whether not to wait for its end
     */
    record Manner(String name, String stops, boolean inFlight) {
        /** The members of an options object that are read here. */
        static final List<String> MEMBERS = List.of("as", "at", "inFlight");

        static final Manner PLAIN = new Manner(null, "", false);
    }

    /** The statement that a call is. */
    static String statement(String actor, Verb verb, List<String> arguments, Manner manner) {
        String list = arguments.isEmpty() ? "" : " " + String.join(" ", arguments);
        return actor + ": " + verb.name() + list + manner.stops() + (manner.inFlight() ? " &" : "");
    }
}
