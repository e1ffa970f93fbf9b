package dev.shootdown.lang.word;

import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All words of the language. Help, completion, colours, hints and the JavaScript surface are read off this. */
public final class Words {
    private static final List<Verb> VERBS =
            Stream.of(ThreadVerbs.all(), DeviceVerbs.all(), VendorVerbs.all(), KernelVerbs.all()).flatMap(List::stream).toList();
    private static final List<Word> DECLARATIONS = DeclarationWords.all();
    private static final List<Word> ACTIONS = DriverWords.actions();
    private static final List<Word> CALLBACKS = DriverWords.callbacks();
    private static final List<Word> CONDITIONS = ClaimWords.conditions();
    private static final List<Word> CHECKS = ClaimWords.checks();
    private static final List<Word> PROPERTIES = ClaimWords.properties();
    private static final List<Word> FUNCTIONS = ClaimWords.functions();
    private static final List<Word> COMMANDS = CommandWords.all();
    private static final List<Word> EVENTS = Kind.alphabet().stream().map(Kind::declaration).toList();

    private Words() {}

    /** What actors may be asked to do. */
    public static List<Verb> verbs() {
        return VERBS;
    }

    /** What one sort of actor may be asked to do: thread, device, iommu, kernel. */
    public static List<Verb> verbs(String subject) {
        return VERBS.stream().filter(verb -> verb.word().subject().equals(subject)).toList();
    }

    /** The verb of an actor of this sort that is written so, with both words where it has two. */
    public static Optional<Verb> verb(String subject, String written) {
        return VERBS.stream()
                .filter(verb -> verb.word().subject().equals(subject) && verb.word().answersTo(written))
                .findFirst();
    }

    /** The vendor whose IOMMUs alone know this verb; empty if that does not matter. */
    public static String vendorOf(Verb verb) {
        return VendorVerbs.vendorOf(verb);
    }

    public static List<Word> declarations() {
        return DECLARATIONS;
    }

    /** The declaration of this name, which must exist. */
    public static Word declaration(String name) {
        return find(DECLARATIONS, name).orElseThrow();
    }

    public static List<Word> actions() {
        return ACTIONS;
    }

    public static List<Word> callbacks() {
        return CALLBACKS;
    }

    public static List<Word> conditions() {
        return CONDITIONS;
    }

    public static List<Word> checks() {
        return CHECKS;
    }

    /** What may be asked of things. */
    public static List<Word> properties() {
        return PROPERTIES;
    }

    /** What may be asked of one sort of thing. */
    public static List<Word> properties(String subject) {
        return PROPERTIES.stream().filter(word -> word.subject().equals(subject)).toList();
    }

    /** What may be asked in the form {@code name(...)}. */
    public static List<Word> functions() {
        return FUNCTIONS;
    }

    public static List<Word> commands() {
        return COMMANDS;
    }

    public static List<Word> events() {
        return EVENTS;
    }

    /** Every word there is. */
    public static List<Word> all() {
        List<Word> all = new ArrayList<>(DECLARATIONS);
        VERBS.forEach(verb -> all.add(verb.word()));
        Stream.of(ACTIONS, CALLBACKS, CONDITIONS, CHECKS, PROPERTIES, FUNCTIONS, COMMANDS, EVENTS).forEach(all::addAll);
        return List.copyOf(all);
    }

    /** The words that are written so. */
    public static List<Word> named(String written) {
        return all().stream().filter(word -> word.answersTo(written)).toList();
    }

    /** The word of a list that is written so. */
    public static Optional<Word> find(List<Word> words, String written) {
        return words.stream().filter(word -> word.answersTo(written)).findFirst();
    }

    /** How the words of a list are written. */
    public static List<String> names(List<Word> words) {
        return words.stream().map(Word::name).distinct().toList();
    }
}
