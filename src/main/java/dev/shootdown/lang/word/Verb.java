package dev.shootdown.lang.word;

import dev.shootdown.machine.Call;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Word;
import java.util.List;

/**
 * A word that an actor can be asked to carry out.
 *
 * @param word    how it is written
 * @param returns what a call of it gives back
 * @param deed    what it does
 */
public record Verb(Word word, Call.Result returns, Deed deed) {
    /** A verb before it is said what it {@link #does}. */
    static Verb of(String subject, String name, String help, Parameter... parameters) {
        Word word = Word.of(Word.Sort.VERB, name, help).subject(subject).takes(parameters);
        return new Verb(word, Call.Result.NONE, null);
    }

    /** The same, carried out so. */
    Verb does(Deed how) {
        return new Verb(word, returns, how);
    }

    Verb returns(Call.Result what) {
        return new Verb(word, what, deed);
    }

    Verb alias(String... names) {
        return new Verb(word.aliases(names), returns, deed);
    }

    Verb example(String script) {
        return new Verb(word.example(script), returns, deed);
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
