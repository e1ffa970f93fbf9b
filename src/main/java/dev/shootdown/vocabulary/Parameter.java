package dev.shootdown.vocabulary;

import java.util.List;

/**
 * One thing that may stand behind a word.
 *
 * @param name    as help shows it, and the key of an option
 * @param shape   where it stands
 * @param kind    what may be written there
 * @param needed  whether it must be written
 * @param preset  what holds where it is not written; empty where that needs no saying
 * @param values  the words allowed, where {@code kind} is {@link Kind#WORD}; empty where any
 * @param help    one sentence
 */
public record Parameter(String name, Shape shape, Kind kind, boolean needed, String preset, List<String> values, String help) {
    /** Where a parameter stands. */
    public enum Shape {
        /** By its place: {@code mprotect R PROT}. */
        PLACE,
        /** As {@code key=value}. */
        OPTION,
        /** As a bare word. */
        FLAG
    }

    /** What may be written for a parameter. */
    public enum Kind {
        /** Half-open, or the name of a mapping. */
        RANGE,
        /** A number of bytes: {@code 16K}, {@code 4p}. */
        SIZE,
        /** A place in an address space. */
        ADDRESS,
        /** A plain number. */
        NUMBER,
        /** A number, or a double-quoted string. */
        VALUE,
        /** One of a few words, or several with {@code |} between. */
        WORD,
        /** A name of the reader's own: a process, device, file, mark. */
        NAME,
        /** A double-quoted string. */
        STRING,
        /** Names in square brackets. */
        NAMES,
        /** Present or not. */
        PRESENCE
    }

    public Parameter {
        values = List.copyOf(values);
    }

    public static Parameter place(String name, Kind kind, String help) {
        return new Parameter(name, Shape.PLACE, kind, true, "", List.of(), help);
    }

    public static Parameter option(String name, Kind kind, String preset, String help) {
        return new Parameter(name, Shape.OPTION, kind, false, preset, List.of(), help);
    }

    public static Parameter flag(String name, String help) {
        return new Parameter(name, Shape.FLAG, Kind.PRESENCE, false, "", List.of(), help);
    }

    /** The same, which need not be written. */
    public Parameter optional() {
        return new Parameter(name, shape, kind, false, preset, values, help);
    }

    /** The same, which must be written. */
    public Parameter required() {
        return new Parameter(name, shape, kind, true, preset, values, help);
    }

    /** The same, of which only these words are allowed. */
    public Parameter of(String... words) {
        return new Parameter(name, shape, kind, needed, preset, List.of(words), help);
    }
}
