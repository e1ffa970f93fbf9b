package dev.shootdown.js;

import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.graalvm.polyglot.Value;

/** Somebody who can be told to do something: a thread, a device, an IOMMU, the kernel. Its verbs are the language's. */
class ActorThing extends Thing {
    private final Voice voice;
    private final String subject;
    private final String name;

    /**
     * @param subject the subject of the verbs that it knows
     * @param name    as the language writes it
     */
    ActorThing(Api api, Voice voice, String subject, String name) {
        super(api);
        this.voice = voice;
        this.subject = subject;
        this.name = name;
    }

    /** The same, whose calls somebody else sees to. */
    ActorThing heardBy(Voice other) {
        return new ActorThing(api, other, subject, name);
    }

    @Override
    Object member(String member) {
        if (member.equals("name")) {
            return name;
        }
        if (member.equals("device") && subject.equals("iommu")) {
            return api.function(arguments -> api.device(name, arguments));
        }
        Optional<Verb> verb = verb(word -> Spelling.member(word).equals(member));
        if (verb.isPresent()) {
            return api.function(arguments -> perform(verb.get(), arguments));
        }
        if (verb(word -> word.startsWith(member + " ")).isPresent()) {
            return new Pair(member);
        }
        boolean property = Words.properties(subject).stream().anyMatch(word -> Spelling.member(word.name()).equals(member));
        return property ? voice.ask(name + "." + Spelling.word(member)) : null;
    }

    private Optional<Verb> verb(Predicate<String> spelled) {
        return Words.verbs(subject).stream().filter(verb -> names(verb.word()).anyMatch(spelled)).findFirst();
    }

    private static Stream<String> names(Word word) {
        return Stream.concat(Stream.of(word.name()), word.aliases().stream());
    }

    private Object perform(Verb verb, Value... arguments) {
        List<Value> values = List.of(arguments);
        if (values.isEmpty() || !Composer.isOptions(values.getLast())) {
            return voice.perform(name, verb, Composer.arguments(verb.word(), values), Voice.Manner.PLAIN);
        }
        Value options = values.getLast();
        List<String> written = new ArrayList<>(Composer.arguments(verb.word(), values.subList(0, values.size() - 1)));
        written.addAll(Composer.options(verb.word(), options, Voice.Manner.MEMBERS));
        return voice.perform(name, verb, written, api.manner(options));
    }

    @Override
    List<String> members() {
        Set<String> members = new LinkedHashSet<>(List.of("name"));
        if (subject.equals("iommu")) {
            members.add("device");
        }
        Words.verbs(subject).forEach(verb -> members.add(verb.name().contains(" ") ? verb.name().split(" ")[0] : Spelling.member(verb.name())));
        Words.properties(subject).forEach(word -> members.add(Spelling.member(word.name())));
        return List.copyOf(members);
    }

    @Override
    String phrase() {
        return (subject.equals("iommu") ? "an " : subject.equals("kernel") ? "the " : "a ") + (subject.equals("iommu") ? "IOMMU" : subject);
    }

    @Override
    public String spoken() {
        return name;
    }

    /** The first word of verbs of two: {@code gpu.dma}, which has {@code read} and {@code write}. */
    private final class Pair extends Thing {
        private final String first;

        Pair(String first) {
            super(ActorThing.this.api);
            this.first = first;
        }

        @Override
        Object member(String second) {
            return verb(word -> word.startsWith(first + " ") && Spelling.member(word.substring(first.length() + 1)).equals(second))
                    .<Object>map(verb -> api.function(arguments -> perform(verb, arguments)))
                    .orElse(null);
        }

        @Override
        List<String> members() {
            return Words.verbs(subject).stream()
                    .map(Verb::name)
                    .filter(word -> word.startsWith(first + " "))
                    .map(word -> Spelling.member(word.substring(first.length() + 1)))
                    .toList();
        }

        @Override
        String phrase() {
            return name + "." + first;
        }

        @Override
        public String spoken() {
            throw Composer.refusal("bad-argument", phrase() + " is a verb, and nothing to be named").with("", List.of());
        }

        @Override
        String shown() {
            return phrase();
        }
    }
}
