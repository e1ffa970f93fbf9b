package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.machine.Call;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls: whom they are for, whether that one knows the verb, and what stands behind it. */
final class CallCheck {
    /** Checks the block of an {@code at}, in which the fields of its event have names. */
    interface Blocks {
        void check(Who who, List<Statement> body, Map<String, Thing> fields);
    }

    private final Names names;
    private final Blocks blocks;

    CallCheck(Names names, Blocks blocks) {
        this.names = names;
        this.blocks = blocks;
    }

    void check(Optional<Identifier> actor, VerbCall call) {
        Who who = who(actor, call, names);
        Verb verb = verb(who, call);
        Binding binding = bind(verb, call, names);
        new ArgumentCheck(names).check(verb.word(), binding);
        new CallRules(names).check(who, verb, call, binding);
        call.when().ifPresent(when -> new Inference(names).condition(when));
        call.stops().forEach(stop -> blocks.check(who, stop.body(), EventFields.of(Inference.event(stop.event()))));
    }

    /** Whom a call is for: the actor before it, or the default one. */
    static Who who(Optional<Identifier> actor, VerbCall call, Names names) {
        if (actor.isPresent()) {
            return names.who(actor.get());
        }
        if (names.actor() == null) {
            throw nobody(call, names);
        }
        return names.who(names.actor());
    }

    private static Refusal nobody(VerbCall call, Names names) {
        String word = call.verb().text();
        boolean verb = Words.verbs().stream().anyMatch(known -> known.word().answersTo(word) || known.name().startsWith(word + " "));
        if (verb) {
            return new Refusal(Diagnostic.error("no-actor", call.verb().at(), "who is to " + word + "?")
                    .hint("write ACTOR: " + word + " ..., or use ACTOR before"));
        }
        List<String> commands = Words.names(Words.commands());
        return new Refusal(Diagnostic.error("unknown-word", call.verb().at(), "there is no word " + Quoting.quote(word))
                .didYouMean(Suggestion.nearest(word, concat(commands, Words.names(Words.declarations()), names.actors()))));
    }

    @SafeVarargs
    private static List<String> concat(List<String>... lists) {
        return java.util.Arrays.stream(lists).flatMap(List::stream).toList();
    }

    /** The verb of a call, which the actor must know. */
    static Verb verb(Who who, VerbCall call) {
        String two = TwoWords.of(call);
        return Words.verb(who.subject(), two)
                .or(() -> Words.verb(who.subject(), call.verb().text()))
                .orElseThrow(() -> unknownVerb(who, call, two));
    }

    private static Refusal unknownVerb(Who who, VerbCall call, String two) {
        String written = call.verb().text();
        List<String> known = Words.verbs(who.subject()).stream().map(Verb::name).toList();
        List<String> beginning = known.stream().filter(name -> name.startsWith(written + " ")).toList();
        if (!beginning.isEmpty()) {
            return new Refusal(Diagnostic.error("unknown-verb", call.verb().at(),
                    Quoting.quote(written) + " is followed by another word")
                    .hint("it is " + String.join(" or ", beginning)));
        }
        Diagnostic diagnostic = Diagnostic.error("unknown-verb", call.verb().at(),
                article(who) + " cannot " + Quoting.quote(written))
                .didYouMean(Suggestion.nearest(written, known));
        String other = Words.verbs().stream()
                .filter(verb -> verb.word().answersTo(written) || verb.word().answersTo(two) || verb.name().startsWith(written + " "))
                .map(verb -> verb.word().subject())
                .findFirst()
                .orElse("");
        return new Refusal(other.isEmpty() ? diagnostic : diagnostic.hint(article(other) + " can"));
    }

    private static String article(Who who) {
        return article(who.subject());
    }

    private static String article(String subject) {
        return switch (subject) {
            case "iommu" -> "an IOMMU";
            case "kernel" -> "the kernel";
            default -> "a " + subject;
        };
    }

    /** Which parameter each argument is for. */
    static Binding bind(Verb verb, VerbCall call, Names names) {
        List<Argument> arguments = verb.name().contains(" ") ? call.arguments().subList(1, call.arguments().size()) : call.arguments();
        return Binder.bind(verb.word(), call.verb().at(), arguments, names);
    }

    // ---------------------------------------------------------------- what a call gives back

    /** The kind of what {@code let} names; the last call of a group counts. */
    Type type(Statement.Perform perform) {
        VerbCall last = perform.calls().getLast();
        Verb verb = verb(who(perform.actor(), last, names), last);
        if (verb.maps()) {
            return Type.RANGE;
        }
        if (verb.returns() == Call.Result.NONE) {
            throw new Refusal(Diagnostic.error("nothing-to-name", last.verb().at(),
                    Quoting.quote(verb.name()) + " gives nothing back"));
        }
        return verb.returns() == Call.Result.TEXT ? Type.TEXT : Type.NUMBER;
    }

    /** The length of the mapping that a call gives back, where it is known; else -1. */
    long length(Statement.Perform perform) {
        VerbCall last = perform.calls().getLast();
        Verb verb = verb(who(perform.actor(), last, names), last);
        if (verb.mapsForDevice()) {
            return new Inference(names).length(bind(verb, last, names).get("R"));
        }
        Expression size = verb.maps() ? bind(verb, last, names).get("SIZE") : null;
        return size == null ? -1 : Constant.of(size).stream().map(Pages::up).findFirst().orElse(-1);
    }
}
