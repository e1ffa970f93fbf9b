package dev.shootdown.js;

import dev.shootdown.lang.word.Verb;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;

/** Writes calls down as the lines of a block, each with its place in the script. */
final class Recorder implements Voice {
    private final Api api;
    private final boolean naming;
    private final List<String> lines = new ArrayList<>();
    private final List<Span> places = new ArrayList<>();

    /** @param naming whether a mapping is given a name even if the script gives none */
    Recorder(Api api, boolean naming) {
        this.api = api;
        this.naming = naming;
    }

    /** A recorder for a block inside of this one's. */
    Recorder inner() {
        return new Recorder(api, naming);
    }

    @Override
    public Object perform(String actor, Verb verb, List<String> arguments, Manner manner) {
        String statement = Voice.statement(actor, verb, arguments, manner);
        boolean named = manner.name() != null || verb.maps() && naming;
        if (!named) {
            write(statement);
            return api.child(verb, arguments).orElseGet(api::undefined);
        }
        String name = manner.name() == null ? api.fresh("map") : manner.name();
        write("let " + name + " = " + statement);
        return verb.maps() ? new MappingThing(api, this, name, null) : api.undefined();
    }

    @Override
    public Object ask(String expression) {
        throw Composer.refusal("not-known-yet", expression + " is known only when the scenario runs")
                .with("in a condition it can be named: expect('" + expression + " == 0')", List.of());
    }

    /** Writes a line, or several, which come from where the script stands. */
    void write(String text) {
        Span here = api.sandbox().here();
        text.lines().forEach(line -> {
            lines.add(line);
            places.add(here);
        });
    }

    /** Writes what another has written, in braces behind a word. */
    void write(String head, Recorder block) {
        write(head + " {");
        block.lines.forEach(line -> lines.add("  " + line));
        places.addAll(block.places);
        write("}");
    }

    /** Adds what another has written. */
    void write(Recorder other) {
        lines.addAll(other.lines);
        places.addAll(other.places);
    }

    String text() {
        return String.join("\n", lines);
    }

    /** On one line. */
    String line() {
        return String.join("; ", lines.stream().map(String::strip).toList()).replace("{; ", "{ ").replace("; }", " }");
    }

    List<Span> places() {
        return List.copyOf(places);
    }
}
