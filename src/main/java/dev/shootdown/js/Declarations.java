package dev.shootdown.js;

import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.machine.Call;
import dev.shootdown.trace.Address;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Hex;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Shape;
import dev.shootdown.vocabulary.Word;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The JavaScript surface as TypeScript declarations, read off the words of the language. */
public final class Declarations {
    private static final String HEAD = """
            // The JavaScript surface of Shootdown. Generated from the words of the language: do not edit.

            /** As in the language: 4096, 0x1000n, '16K', '3p'. */
            type Size = number | bigint | string
            type Address = number | bigint | string
            /** A mapping, a part of one, or as in the language: '0x1000 +4K'. */
            type Range = Mapping | CallbackRange | string
            type Value = string | number | bigint

            /** Makes the machine that all else belongs to; without options, one with the defaults. */
            declare function machine(options?: MachineOptions): Machine
            declare function print(...values: unknown[]): void

            /** What the language, or the machine, has to say against a statement. */
            declare class ShootdownError extends Error {
              readonly code: string
              /** Where a call failed: EINVAL, ENOMEM ... */
              readonly errno?: string
              readonly hint?: string
              readonly didYouMean?: string[]
            }

            """;
    private static final String SCENARIO = """
            interface Describe {
              /** The same actor, whose calls are written down and not carried out. */
              <A>(actor: A): A
              /** A free choice of one of the blocks. */
              either(...blocks: (() => void)[]): void
              /** A line in the language. */
              say(line: string): void
            }
            interface Bounds { max?: number; states?: number; depth?: number; preempt?: number }
            interface Verdict extends VerdictEvent {
              /** The events of the witness. */
              readonly events: readonly TraceEvent[]
              /** One for each condition. */
              readonly verdicts: readonly Verdict[]
            }
            interface CallbackRange {
              readonly start: bigint
              readonly end: bigint
              readonly size: number | bigint
              readonly pages: number | bigint
              readonly blockable: boolean
            }
            """;

    private final StringBuilder text = new StringBuilder(HEAD);

    private Declarations() {}

    /** The text of {@code shootdown.d.ts}. */
    public static String text() {
        Declarations declarations = new Declarations();
        declarations.options();
        declarations.machine();
        declarations.actors();
        declarations.mapping();
        declarations.scenario();
        declarations.driver();
        declarations.events();
        return declarations.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(format, values)).append('\n');
    }

    private void help(String indent, String sentence) {
        line("%s/** %s */", indent, sentence.replace("*/", "* /"));
    }

    // ---------------------------------------------------------------- declarations

    private void options() {
        for (Word word : Words.declarations()) {
            List<Parameter> named = named(word);
            if (!named.isEmpty()) {
                line("interface %s {", options(word));
                named.forEach(this::option);
                line("}");
            }
        }
        line("");
    }

    private static String options(Word word) {
        return capital(Spelling.member(word.name())) + "Options";
    }

    private static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private void option(Parameter parameter) {
        help("  ", parameter.help() + (parameter.preset().isEmpty() ? "" : " [" + parameter.preset() + "]"));
        line("  %s?: %s", Spelling.member(parameter.name()), parameter.name().equals("driver") ? "string | Driver" : type(parameter));
    }

    private void machine() {
        line("interface Machine {");
        line("  iommu(name: string, options?: IommuOptions): Iommu");
        line("  process(name: string, options?: ProcessOptions): Process");
        line("  file(name: string, size: Size, options?: FileOptions): File");
        line("  driver(name: string, callbacks: Driver): unknown");
        line("  bind(device: Device, process: Process, options?: BindOptions): void");
        line("  unbind(device: Device, process: Process): void");
        line("  scenario(name: string): Scenario");
        line("  readonly kernel: Kernel");
        line("  on<K extends keyof TraceEvents>(event: K, told: (event: TraceEvents[K]) => void): Machine");
        help("  ", "A free choice.");
        line("  any(...choices: (Range | Value)[]): string");
        help("  ", "A statement in the language.");
        line("  say(statement: string): unknown");
        help("  ", "All statements so far that describe the machine and its scenarios, in the language.");
        line("  transcript(): string");
        for (Word word : MachineThing.commands()) {
            help("  ", word.help());
            line("  %s(...words: unknown[]): unknown", Spelling.member(word.name()));
        }
        conditions("Machine");
        for (Word word : Words.functions()) {
            help("  ", word.help());
            line("  %s(of: Value): number | bigint | boolean", Spelling.member(word.name()));
        }
        line("}");
    }

    private void conditions(String returned) {
        for (Word word : Words.conditions()) {
            help("  ", word.help());
            line("  %s(...conditions: string[]): %s", word.name(), returned);
        }
    }

    private void scenario() {
        text.append(SCENARIO);
        line("interface Scenario {");
        line("  readonly name: string");
        help("  ", "What stands before the race; what it returns is handed to the race.");
        line("  setup(describe: (r: Describe) => unknown): Scenario");
        line("  race(describe: (r: Describe, made: any) => void): Scenario");
        line("  run(options?: { seed?: number }): Verdict");
        line("  explore(bounds?: Bounds): Verdict");
        conditions("Scenario");
        line("}");
    }

    private void driver() {
        line("interface Asking {");
        for (Word action : Words.actions()) {
            help("  ", action.help());
            String range = action.parameters().isEmpty() ? "" : "range: CallbackRange | { start: bigint, end: bigint }";
            line("  %s(%s): void", Spelling.member(action.name()), range);
        }
        help("  ", "What the driver remembers: numbers, 0 until they are set.");
        line("  state: Record<string, any>");
        line("}");
        line("interface Driver {");
        for (Word callback : Words.callbacks()) {
            help("  ", callback.help());
            line("  %s?(this: Asking, range: CallbackRange, driver: Asking): void", Spelling.member(callback.name()));
        }
        line("}");
    }

    // ---------------------------------------------------------------- actors

    private void actors() {
        for (Map.Entry<String, String> actor : List.of(Map.entry("Thread", "thread"), Map.entry("Device", "device"), Map.entry("Iommu", "iommu"),
                Map.entry("Kernel", "kernel"))) {
            line("interface %s {", actor.getKey());
            line("  readonly name: string");
            if (actor.getValue().equals("iommu")) {
                line("  device(name: string, options?: DeviceOptions): Device");
            }
            verbs(actor.getValue());
            properties(actor.getValue());
            line("}");
        }
        line("interface ProcessProperties {");
        properties("process");
        line("}");
        line("type Process = ProcessProperties & Thread & { readonly [thread: string]: any }");
        line("interface File { readonly name: string }");
    }

    private void verbs(String subject) {
        List<String> pairs = new ArrayList<>();
        for (Verb verb : Words.verbs(subject)) {
            int space = verb.name().indexOf(' ');
            if (space < 0) {
                verb("  ", Spelling.member(verb.name()), verb);
            } else if (!pairs.contains(verb.name().substring(0, space))) {
                pairs.add(verb.name().substring(0, space));
                pair(subject, verb.name().substring(0, space));
            }
        }
    }

    private void pair(String subject, String first) {
        line("  readonly %s: {", first);
        for (Verb verb : Words.verbs(subject)) {
            if (verb.name().startsWith(first + " ")) {
                verb("    ", Spelling.member(verb.name().substring(first.length() + 1)), verb);
            }
        }
        line("  }");
    }

    /** Where a place in front may be left out, the two ways to call it are two signatures. */
    private void verb(String indent, String name, Verb verb) {
        List<Parameter> places = verb.word().parameters().stream().filter(parameter -> parameter.shape() == Shape.PLACE).toList();
        boolean firstIsOptional = places.size() > 1 && !places.getFirst().needed();
        help(indent, verb.word().help());
        signature(indent, name, verb, firstIsOptional ? places.subList(1, places.size()) : places);
        if (firstIsOptional) {
            help(indent, verb.word().help());
            signature(indent, name, verb, places);
        }
    }

    private void signature(String indent, String name, Verb verb, List<Parameter> places) {
        List<String> written = new ArrayList<>();
        boolean needed = true;
        for (Parameter place : places) {
            needed &= place.needed() || place == places.getFirst() && places.size() > 1;
            written.add(place.name().toLowerCase(java.util.Locale.ROOT) + (needed ? "" : "?") + ": " + type(place));
        }
        List<String> members = named(verb.word()).stream().map(option -> Spelling.member(option.name()) + "?: " + type(option)).collect(Collectors.toList());
        members.addAll(List.of("as?: string", "inFlight?: boolean", "at?: Record<string, (r: Describe) => void>"));
        written.add("options?: { " + String.join("; ", members) + " }");
        line("%s%s(%s): %s", indent, name, String.join(", ", written), returned(verb));
    }

    private static String returned(Verb verb) {
        if (verb.maps()) {
            return "Mapping";
        }
        if (verb.name().equals("fork") || verb.name().equals("vfork")) {
            return "Process";
        }
        return switch (verb.returns()) {
            case Call.Result.NONE -> "void";
            case Call.Result.ADDRESS -> "bigint";
            case Call.Result.NUMBER -> "number | bigint";
            case Call.Result.TEXT -> "string";
        };
    }

    private void properties(String subject) {
        for (Word word : Words.properties(subject)) {
            help("  ", word.help());
            line("  readonly %s: any", Spelling.member(word.name()));
        }
    }

    private void mapping() {
        line("interface Mapping {");
        line("  readonly name: string");
        help("  ", "The page that holds an offset, or so many bytes from there on.");
        line("  at(offset: Size, length?: Size): Mapping");
        for (Word word : Words.properties("mapping")) {
            help("  ", word.help());
            line("  readonly %s: %s", Spelling.member(word.name()), mappingType(word.name()));
        }
        line("}");
    }

    private static String mappingType(String property) {
        return switch (property) {
            case "start", "end" -> "bigint";
            case "pte" -> "readonly any[]";
            default -> "number | bigint";
        };
    }

    private static List<Parameter> named(Word word) {
        return word.parameters().stream().filter(parameter -> parameter.shape() != Shape.PLACE).toList();
    }

    private static String type(Parameter parameter) {
        if (!parameter.values().isEmpty()) {
            return parameter.values().stream().map(value -> "'" + value + "'").collect(Collectors.joining(" | "));
        }
        return switch (parameter.kind()) {
            case RANGE -> "Range";
            case SIZE -> "Size";
            case ADDRESS -> "Address";
            case NUMBER -> "number | bigint | string";
            case VALUE -> "Value | Range | Process";
            case WORD, STRING -> "string";
            case NAME -> "string | File | Process | Device";
            case NAMES -> parameter.shape() == Shape.PLACE ? "Process[]" : "string[]";
            case PRESENCE -> "boolean";
        };
    }

    // ---------------------------------------------------------------- events

    private void events() {
        line("interface TraceEvent { readonly step: number; readonly actor: string; readonly event: string }");
        line("interface TraceEvents {");
        Kind.alphabet().forEach(kind -> line("  %s: %s", kind.word(), name(kind)));
        line("}");
        for (Kind kind : Kind.alphabet()) {
            help("", kind.declaration().help());
            line("interface %s extends TraceEvent {", name(kind));
            for (RecordComponent component : kind.type().getRecordComponents()) {
                if (Records.seen(component)) {
                    boolean always = component.getType().isPrimitive();
                    line("  readonly %s%s: %s", Records.name(component), always ? "" : "?", type(component));
                }
            }
            line("}");
        }
    }

    private static String name(Kind kind) {
        return kind.type() == Event.Verdict.class ? "VerdictEvent" : capital(Spelling.member(kind.word())) + "Event";
    }

    private static String type(RecordComponent component) {
        if (component.isAnnotationPresent(Hex.class)) {
            return component.getType() == List.class ? "readonly bigint[]" : "bigint";
        }
        Type type = component.getType();
        if (type == boolean.class || type == Boolean.class) {
            return "boolean";
        }
        return type == String.class ? "string" : type == Object.class || type == Address.class ? "bigint | number | string" : "number";
    }
}
