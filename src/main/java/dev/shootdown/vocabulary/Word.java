package dev.shootdown.vocabulary;

import java.util.List;

/**
 * A word of the language, declared once. Help, completion, hints, did-you-mean, the man page, the
 * JavaScript API and the reference are read off it.
 *
 * @param name       as written; two words ({@code flush iotlb}) where the language has them
 * @param sort       what kind of word
 * @param subject    who or what it belongs to: {@code thread}, {@code device}, {@code iommu}, {@code kernel}, or empty
 * @param aliases    other ways to write it
 * @param parameters in the order in which they are written
 * @param help       one sentence
 * @param example    a script that runs by itself, or empty where another word's example shows it
 */
public record Word(String name, Sort sort, String subject, List<String> aliases, List<Parameter> parameters, String help, String example) {
    /** The kinds of words. */
    public enum Sort { DECLARATION, VERB, ACTION, CALLBACK, CONDITION, CHECK, EVENT, PROPERTY, COMMAND }

    public Word {
        aliases = List.copyOf(aliases);
        parameters = List.copyOf(parameters);
    }

    public static Word of(Sort sort, String name, String help) {
        return new Word(name, sort, "", List.of(), List.of(), help, "");
    }

    public Word subject(String who) {
        return new Word(name, sort, who, aliases, parameters, help, example);
    }

    public Word aliases(String... names) {
        return new Word(name, sort, subject, List.of(names), parameters, help, example);
    }

    public Word takes(Parameter... list) {
        return new Word(name, sort, subject, aliases, List.of(list), help, example);
    }

    public Word example(String script) {
        return new Word(name, sort, subject, aliases, parameters, help, script);
    }

    /** Whether the reader may write this word so. */
    public boolean answersTo(String written) {
        return name.equals(written) || aliases.contains(written);
    }
}
