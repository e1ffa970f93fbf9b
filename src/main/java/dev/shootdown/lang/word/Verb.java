package dev.shootdown.lang.word;

import dev.shootdown.machine.Call;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Word;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A word that an actor can be asked to carry out.
 *
 * @param word    how it is written
 * @param returns what a call of it gives back
 * @param deed    what it does; empty where it is not carried out yet
 * @param later   flags, options and words of its parameters that are not carried out yet
 */
public record Verb(Word word, Call.Result returns, Optional<Deed> deed, Set<String> later) {
    public Verb {
        later = Set.copyOf(later);
    }

    /** A verb that is declared and not carried out yet. */
    static Verb of(String subject, String name, String help, Parameter... parameters) {
        Word word = Word.of(Word.Sort.VERB, name, help).subject(subject).takes(parameters);
        return new Verb(word, Call.Result.NONE, Optional.empty(), Set.of());
    }

    /** The same, carried out so. */
    Verb does(Deed how) {
        return new Verb(word, returns, Optional.of(how), later);
    }

    Verb returns(Call.Result what) {
        return new Verb(word, what, deed, later);
    }

    Verb alias(String... names) {
        return new Verb(word.aliases(names), returns, deed, later);
    }

    Verb example(String script) {
        return new Verb(word.example(script), returns, deed, later);
    }

    /** The same, but for these flags, options and words, which come later. */
    Verb later(String... words) {
        return new Verb(word, returns, deed, Set.of(words));
    }

    public String name() {
        return word.name();
    }

    /** The parameter of this name, whatever its shape; or null. */
    public Parameter parameter(String name) {
        return word.parameters().stream().filter(parameter -> parameter.name().equals(name)).findFirst().orElse(null);
    }

    /** The parameters of one shape, in order. */
    public List<Parameter> parameters(Parameter.Shape shape) {
        return word.parameters().stream().filter(parameter -> parameter.shape() == shape).toList();
    }

    /** Whether what it gives back is a mapping, so that its name is one. */
    public boolean maps() {
        return name().equals("mmap") || name().equals("mremap") || mapsForDevice();
    }

    /** Whether that mapping is one of I/O virtual addresses, as long as the range that it is given. */
    public boolean mapsForDevice() {
        return name().equals("dma_map");
    }
}
