package dev.shootdown.js;

import dev.shootdown.lang.Listing;
import dev.shootdown.lang.Status;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * What JavaScript sees of the machine: declarations, and what all things share. Each declaration becomes a statement
 * of the language; what may stand in it is read off the words.
 */
final class Api {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Characters that would end an expression and begin something else. */
    private static final Pattern BEYOND = Pattern.compile("[\\n\\r;{}`]|//|/\\*");

    /** The one statement that reads files. */
    private static final Pattern INCLUDE = Pattern.compile("\\binclude\\b");

    private final Sandbox sandbox;
    private final Conversation conversation;
    private final Records records;
    private final Live live;
    private final Guests drivers;
    private final List<ScenarioThing> scenarios = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    Api(Sandbox sandbox, Conversation conversation, Guests drivers) {
        this.sandbox = sandbox;
        this.conversation = conversation;
        this.records = new Records(sandbox);
        this.live = new Live(this);
        this.drivers = drivers;
    }

    /** Puts it where scripts find it. */
    void install() {
        sandbox.define("machine", function(this::machine));
    }

    /** Puts the machine that stands where JavaScript between fences finds it. */
    void installMachine() {
        sandbox.define("m", new MachineThing(this));
    }

    /** Puts what a script of the language declares where JavaScript between its fences finds it, by its name. */
    void know(List<Statement> statements) {
        for (Statement statement : statements) {
            switch (statement) {
                case Declaration.Iommu iommu -> sandbox.define(iommu.name().text(), new ActorThing(this, live, "iommu", iommu.name().text()));
                case Declaration.Device device -> sandbox.define(device.name().text(), new ActorThing(this, live, "device", device.name().text()));
                case Declaration.Process process -> sandbox.define(process.name().text(), new ProcessThing(this, process));
                case Declaration.File file -> sandbox.define(file.name().text(), new Named(this, "file", file.name().text()));
                case Statement.LetCall let -> sandbox.define(let.name().text(), new MappingThing(this, live, let.name().text(), null));
                case Statement.Let let -> sandbox.define(let.name().text(), new MappingThing(this, live, let.name().text(), null));
                default -> { }
            }
        }
    }

    Sandbox sandbox() {
        return sandbox;
    }

    Conversation conversation() {
        return conversation;
    }

    Voice live() {
        return live;
    }

    Object undefined() {
        return sandbox.undefined();
    }

    // ---------------------------------------------------------------- into and out of the script

    /** A function of the script's; what it refuses becomes an error there. */
    ProxyExecutable function(ProxyExecutable body) {
        return arguments -> guarded(() -> body.execute(arguments));
    }

    /** Does something whose refusal becomes an error of the script's. */
    <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (Refusal refusal) {
            throw sandbox.raise(new Carried(refusal.diagnostic(), Status.REFUSED));
        }
    }

    /** Lets a function of the script's describe something. */
    Object recording(Supplier<Value> function) {
        conversation.recording(true);
        try {
            return function.get();
        } finally {
            conversation.recording(false);
        }
    }

    /** What the language printed, as a value of JavaScript. */
    Object value(String printed) {
        if (printed == null) {
            return undefined();
        }
        if (printed.matches("0x[0-9a-f]{1,16}")) {
            return sandbox.bigint(Long.parseUnsignedLong(printed.substring(2), 16));
        }
        if (printed.matches("-?[0-9]{1,19}") && new BigInteger(printed).bitLength() < Long.SIZE) {
            return sandbox.number(Long.parseLong(printed));
        }
        return printed.equals("true") || printed.equals("false") ? (Object) Boolean.valueOf(printed) : printed;
    }

    /** A name that the script has not used. */
    String fresh(String stem) {
        return stem + numbers.merge(stem, 1, Integer::sum);
    }

    /** The process that a call makes, if it makes one. */
    Optional<Object> child(Verb verb, List<String> arguments) {
        boolean makes = verb.name().equals("fork") || verb.name().equals("vfork");
        return makes && !arguments.isEmpty() ? Optional.of(new ProcessThing(this, arguments.getFirst(), List.of("main"))) : Optional.empty();
    }

    Object verdicts(String scenario, List<Ear.Heard> heard) {
        return records.verdicts(scenario, heard);
    }

    /** What a command answered: rows, or nothing. */
    Object answers() {
        List<Listing> listings = conversation.ear().listings();
        return listings.isEmpty() ? undefined() : records.listing(listings.getLast());
    }

    void listen(Kind kind, Value function) {
        conversation.ear().add(new Ear.Listener() {
            @Override
            public Kind kind() {
                return kind;
            }

            @Override
            public void tell(Moment moment) {
                sandbox.resetLimits();
                function.executeVoid(records.event(moment));
            }
        });
    }

    /** Declares what was described and never run, so that it is checked too. */
    void finish() {
        scenarios.forEach(ScenarioThing::declare);
    }

    // ---------------------------------------------------------------- arguments

    /** A statement or an expression as the language writes it, without what would end it. */
    String expression(Value value) {
        if (!value.isString() || BEYOND.matcher(value.asString()).find()) {
            return Composer.plain("condition", value);
        }
        return value.asString().strip();
    }

    /** Statements of the language, word for word. */
    String statement(Value... arguments) {
        if (arguments.length != 1 || !arguments[0].isString()) {
            throw Composer.refusal("wrong-arguments", "say takes a statement of the language").with("say('app.main: nop')", List.of());
        }
        if (INCLUDE.matcher(arguments[0].asString()).find()) {
            throw new Refusal(Absent.FILES.diagnostic());
        }
        return arguments[0].asString();
    }

    private static String name(String sort, Value... arguments) {
        if (arguments.length == 0 || !arguments[0].isString() || !NAME.matcher(arguments[0].asString()).matches()) {
            throw Composer.refusal("bad-name", "a name is wanted for the " + sort)
                    .with("letters, digits and _, a letter first: m." + sort + "('a1')", List.of());
        }
        return arguments[0].asString();
    }

    private static Optional<Value> last(Value... arguments) {
        return arguments.length > 0 && Composer.isOptions(arguments[arguments.length - 1]) ? Optional.of(arguments[arguments.length - 1])
                : Optional.empty();
    }

    private static String braces(String word, Value... arguments) {
        return last(arguments).map(options -> " { " + String.join(" ", Composer.options(Words.declaration(word), options, List.of())) + " }").orElse("");
    }

    /** {@code as}, {@code at} and {@code inFlight}. */
    Voice.Manner manner(Value options) {
        Value as = options.getMember("as");
        Value at = options.getMember("at");
        Value inFlight = options.getMember("inFlight");
        String name = as == null || as.isNull() ? null : name("name", as);
        return new Voice.Manner(name, at == null || at.isNull() ? "" : stops(at), inFlight != null && inFlight.isBoolean() && inFlight.asBoolean());
    }

    /** {@code at: { notify_start: r => ... }}. */
    private String stops(Value at) {
        StringBuilder stops = new StringBuilder();
        for (String event : at.getMemberKeys()) {
            Recorder block = new Recorder(this, false);
            Value describe = at.getMember(event);
            if (!NAME.matcher(event).matches() || !describe.canExecute()) {
                throw Composer.refusal("bad-argument", "at takes a function for each event").with("{ at: { notify_start: r => r(gpu).reset() } }", List.of());
            }
            recording(() -> describe.execute(new Describing(this, block)));
            stops.append(" at ").append(event).append(" { ").append(block.line()).append(" }");
        }
        return stops.toString();
    }

    /** The options of run and explore; {@code max} is another word for {@code states}. */
    List<String> bounds(Value options) {
        List<String> written = new ArrayList<>();
        for (String key : options.getMemberKeys()) {
            Value value = options.getMember(key);
            String name = key.equals("max") ? "states" : Spelling.word(key);
            if (!value.isNull() && !(value.isBoolean() && !value.asBoolean())) {
                written.add(value.isBoolean() ? name : name + "=" + Composer.plain(key, value));
            }
        }
        return written;
    }

    /** Any options, of a statement whose word does not say which it has. */
    String pairs(Value options) {
        return String.join(" ", bounds(options));
    }

    // ---------------------------------------------------------------- declarations

    private Object machine(Value... arguments) {
        if (arguments.length > 1 || arguments.length == 1 && !arguments[0].isNull() && last(arguments).isEmpty()) {
            throw Composer.refusal("wrong-arguments", "machine takes an object, its options").with("machine({ kernel: '6.6', cpus: 2 })", List.of());
        }
        String options = braces("machine", arguments);
        if (!options.isEmpty()) {
            conversation.say("machine" + options);
        }
        return new MachineThing(this);
    }

    Object iommu(Value... arguments) {
        String name = name("iommu", arguments);
        conversation.say("iommu " + name + braces("iommu", arguments));
        return new ActorThing(this, live, "iommu", name);
    }

    Object device(String iommu, Value... arguments) {
        String name = name("device", arguments);
        conversation.say("device " + name + " behind " + iommu + braces("device", arguments));
        return new ActorThing(this, live, "device", name);
    }

    Object process(Value... arguments) {
        String name = name("process", arguments);
        conversation.say("process " + name + braces("process", arguments));
        return new ProcessThing(this, name, threads(arguments));
    }

    private static List<String> threads(Value... arguments) {
        Value threads = last(arguments).map(options -> options.getMember("threads")).orElse(null);
        if (threads == null || !threads.hasArrayElements() || threads.getArraySize() == 0) {
            return List.of(threads != null && threads.isString() ? threads.asString() : "main");
        }
        List<String> names = new ArrayList<>();
        for (long i = 0; i < threads.getArraySize(); i++) {
            names.add(threads.getArrayElement(i).asString());
        }
        return names;
    }

    Object file(Value... arguments) {
        String name = name("file", arguments);
        Word word = Words.declaration("file");
        List<String> written = Composer.arguments(word, List.of(arguments).subList(1, arguments.length));
        conversation.say("file " + name + " " + String.join(" ", written));
        return new Named(this, "file", name);
    }

    /** A driver whose callbacks are functions of the script's. */
    Object driver(Value... arguments) {
        String name = name("driver", arguments);
        if (arguments.length != 2) {
            throw Composer.refusal("wrong-arguments", "driver takes a name and an object with callbacks")
                    .with("m.driver('mine', { range(r) { this.flushIotlb(r); this.sync() } })", List.of());
        }
        return driver(name, arguments[1]);
    }

    private Named driver(String name, Value object) {
        conversation.say("driver " + name + " ```js\n" + drivers.keep(name, object) + "\n```");
        return new Named(this, "driver", name);
    }

    Object bind(Value... arguments) {
        String pair = pair("to", arguments);
        List<String> options = new ArrayList<>();
        last(arguments).ifPresent(given -> {
            Value driver = given.getMember("driver");
            boolean object = driver != null && Composer.isOptions(driver);
            options.addAll(Composer.options(Words.declaration("bind"), given, object ? List.of("driver") : List.of()));
            if (object) {
                options.add("driver=" + driver(fresh("driver"), driver).spoken());
            }
        });
        conversation.say(("bind " + pair + " " + String.join(" ", options)).strip());
        return undefined();
    }

    Object unbind(Value... arguments) {
        conversation.say("unbind " + pair("from", arguments));
        return undefined();
    }

    private static String pair(String between, Value... arguments) {
        if (arguments.length < 2) {
            throw Composer.refusal("wrong-arguments", "a device and a process are wanted").with("m.bind(gpu, app)", List.of());
        }
        Parameter name = Parameter.place("name", Parameter.Kind.NAME, "");
        return Composer.argument(name, arguments[0]) + " " + between + " " + Composer.argument(name, arguments[1]);
    }

    Object scenario(Value... arguments) {
        ScenarioThing scenario = new ScenarioThing(this, name("scenario", arguments));
        scenarios.add(scenario);
        return scenario;
    }
}
