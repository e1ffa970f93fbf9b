package dev.shootdown.js;

import dev.shootdown.lang.word.Words;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Suggestion;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/** The machine: what is declared on it, what is asked of it, and the statements that no actor makes. */
final class MachineThing extends Thing {
    /** Statements with a form of their own, which JavaScript has in another way or has no use for. */
    private static final Set<String> NOT_CALLS =
            Set.of("let", "repeat", "if", "either", "print", "include", "race", "on", "at", "any", "run", "explore");

    private static final List<String> OWN =
            List.of("iommu", "process", "file", "driver", "bind", "unbind", "scenario", "kernel", "on", "any", "say", "transcript");

    MachineThing(Api api) {
        super(api);
    }

    @Override
    Object member(String name) {
        ProxyExecutable own = declaration(name);
        if (own != null) {
            return own;
        }
        if (name.equals("kernel")) {
            return new ActorThing(api, api.live(), "kernel", "kernel");
        }
        return call(name).orElse(null);
    }

    /** The commands of the language that are calls in JavaScript. */
    static List<Word> commands() {
        return Words.commands().stream().filter(word -> !NOT_CALLS.contains(word.name())).toList();
    }

    private ProxyExecutable declaration(String name) {
        return switch (name) {
            case "iommu" -> api.function(api::iommu);
            case "process" -> api.function(api::process);
            case "file" -> api.function(api::file);
            case "driver" -> api.function(api::driver);
            case "bind" -> api.function(api::bind);
            case "unbind" -> api.function(api::unbind);
            case "scenario" -> api.function(api::scenario);
            case "on" -> api.function(this::on);
            case "any" -> api.function(this::any);
            case "say" -> api.function(this::say);
            case "transcript" -> api.function(arguments -> api.conversation().transcript());
            default -> null;
        };
    }

    /** A command, a condition or a function of the language. */
    private Optional<Object> call(String name) {
        Optional<Word> command = Words.find(commands(), name);
        if (command.isPresent()) {
            return command.map(word -> api.function(arguments -> command(word, arguments)));
        }
        Optional<Word> condition = Words.find(Words.conditions(), name);
        if (condition.isPresent()) {
            return condition.map(word -> api.function(arguments -> claim(word, arguments)));
        }
        return Words.find(Words.functions(), name).map(word -> api.function(arguments -> ask(word, arguments)));
    }

    private Object command(Word word, Value... arguments) {
        List<String> written = new ArrayList<>(List.of(word.name()));
        for (Value argument : arguments) {
            written.add(Composer.isOptions(argument) ? api.pairs(argument) : api.expression(argument));
        }
        api.conversation().look(String.join(" ", written).stripTrailing());
        return api.answers();
    }

    private Object claim(Word word, Value... arguments) {
        for (Value argument : arguments) {
            api.conversation().say(word.name() + " " + api.expression(argument));
        }
        return this;
    }

    private Object ask(Word word, Value... arguments) {
        String list = Stream.of(arguments).map(argument -> Composer.plain(word.name(), argument)).collect(Collectors.joining(", "));
        return api.live().ask(word.name() + "(" + list + ")");
    }

    /** Has a function told of every event of a kind. */
    private Object on(Value... arguments) {
        if (arguments.length != 2 || !arguments[0].isString() || !arguments[1].canExecute()) {
            throw Composer.refusal("wrong-arguments", "on takes an event and a function").with("m.on('notify_start', e => print(e.start))", List.of());
        }
        String name = arguments[0].asString();
        List<String> known = Kind.alphabet().stream().map(Kind::word).toList();
        Kind kind = Kind.alphabet().stream().filter(event -> event.word().equals(name)).findFirst().orElseThrow(() ->
                Composer.refusal("unknown-event", "there is no event '" + name + "'").with("", Suggestion.nearest(name, known)));
        api.listen(kind, arguments[1]);
        return this;
    }

    private Object any(Value... choices) {
        return Stream.of(choices).map(choice -> Composer.plain("any", choice)).collect(Collectors.joining(", ", "any(", ")"));
    }

    /** Whatever the language can say. */
    private Object say(Value... arguments) {
        api.conversation().say(api.statement(arguments));
        return api.answers();
    }

    @Override
    List<String> members() {
        List<String> members = new ArrayList<>(OWN);
        Stream.of(commands(), Words.conditions(), Words.functions()).flatMap(List::stream).map(Word::name).forEach(members::add);
        return members;
    }

    @Override
    String phrase() {
        return "the machine";
    }

    @Override
    public String spoken() {
        throw Composer.refusal("bad-argument", "the machine has no name").with("", List.of());
    }

    @Override
    String shown() {
        return phrase();
    }
}
