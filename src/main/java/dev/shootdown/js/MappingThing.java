package dev.shootdown.js;

import dev.shootdown.lang.Place;
import dev.shootdown.lang.value.Value.Range;
import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;

/** A mapping, or a part of one. */
final class MappingThing extends Thing {
    private static final String SUBJECT = "mapping";
    private static final Parameter SIZE = Parameter.place("size", Kind.SIZE, "");

    private final Voice voice;
    private final String written;
    private final Place place;

    /**
     * @param written how the language writes it
     * @param place   where it is; null where that is not known here
     */
    MappingThing(Api api, Voice voice, String written, Place place) {
        super(api);
        this.voice = voice;
        this.written = written;
        this.place = place;
    }

    @Override
    Object member(String name) {
        return switch (name) {
            case "at" -> api.function(this::part);
            case "start" -> place == null ? voice.ask(written + ".start") : api.sandbox().bigint(place.start());
            case "end" -> place == null ? voice.ask(written + ".end") : api.sandbox().bigint(place.end());
            case "name" -> written;
            case "pte" -> new Entries(api, voice, written);
            default -> property(name);
        };
    }

    private Object property(String name) {
        boolean known = Words.properties(SUBJECT).stream().anyMatch(word -> Spelling.member(word.name()).equals(name));
        return known ? voice.ask(written + "." + Spelling.word(name)) : null;
    }

    /** {@code at(offset)} is the page that holds it, {@code at(offset, length)} a range. */
    private Object part(Value... arguments) {
        if (arguments.length < 1 || arguments.length > 2) {
            throw Composer.refusal("wrong-arguments", "at takes an offset and a length").with("buf.at(0, '4K')", List.of());
        }
        String offset = Composer.argument(SIZE, arguments[0]);
        String inside = arguments.length == 1 ? offset : offset + " +" + Composer.argument(SIZE, arguments[1]);
        return new MappingThing(api, voice, written + "[" + inside + "]", null);
    }

    @Override
    List<String> members() {
        List<String> members = new ArrayList<>(List.of("at", "name"));
        Words.properties(SUBJECT).stream().map(Word::name).map(Spelling::member).forEach(members::add);
        return members;
    }

    @Override
    String phrase() {
        return "a mapping";
    }

    @Override
    public String spoken() {
        return written;
    }

    /** As {@code print} shows it, where it is known. */
    @Override
    String shown() {
        return place == null ? written : new Range(place.start(), place.end()).text();
    }

    /** {@code buf.pte[N]}. */
    private record Entries(Api api, Voice voice, String written) implements ProxyArray {
        @Override
        public Object get(long index) {
            return api.guarded(() -> voice.ask(written + ".pte[" + index + "]"));
        }

        @Override
        public void set(long index, Value value) {
            api.guarded(() -> {
                throw Composer.refusal("read-only", "the page-table entries of " + written + " are the kernel's")
                        .with("what changes them are calls", List.of());
            });
        }

        @Override
        public long getSize() {
            Object pages = api.guarded(() -> voice.ask(written + ".pages"));
            return pages instanceof Number number ? number.longValue() : 0;
        }
    }
}
