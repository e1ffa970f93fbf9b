package dev.shootdown.lang;

import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The names that hold at a place of a script, with what each is declared to be. */
final class Names {
    /**
     * A bind, as far as it is known before the script runs.
     *
     * @param pasid as written; 0 where the next free one is taken
     */
    record Bound(String device, String iommu, String process, long pasid) {}

    private final Map<String, Thing> things;
    private final List<Bound> binds;
    private final Set<String> reaching;
    private Identifier actor;
    private boolean started;
    private String row = "";
    private long memory;

    Names() {
        this(new LinkedHashMap<>(), new ArrayList<>(), new LinkedHashSet<>(), null, false, 4L << 30);
    }

    private Names(Map<String, Thing> things, List<Bound> binds, Set<String> reaching, Identifier actor, boolean started, long memory) {
        this.things = things;
        this.binds = binds;
        this.reaching = reaching;
        this.actor = actor;
        this.started = started;
        this.memory = memory;
    }

    /** A copy, in which a scenario or a block may declare what ends with it. */
    Names inner() {
        Names inner = new Names(new LinkedHashMap<>(things), new ArrayList<>(binds), new LinkedHashSet<>(reaching), actor, started, memory);
        inner.row = row;
        return inner;
    }

    /** A copy, with the names of others that have no meaning here. */
    Names with(Names others) {
        Names both = inner();
        others.things.forEach(both.things::putIfAbsent);
        return both;
    }

    /** Takes over what one of several blocks declares, of which one is done: of a value what all agree on is known. */
    void join(List<Names> blocks) {
        for (Names block : blocks) {
            block.things.forEach((name, thing) -> things.put(name, blocks.stream().map(other -> other.things.get(name)).filter(Objects::nonNull)
                    .reduce(Names::either).orElse(thing)));
            block.binds.stream().filter(bound -> !binds.contains(bound)).forEach(binds::add);
            reaching.addAll(block.reaching);
            started |= block.started;
        }
    }

    private static Thing either(Thing one, Thing other) {
        return one instanceof Thing.Let let && other instanceof Thing.Let with && !one.equals(other)
                ? new Thing.Let(let.type() == with.type() ? let.type() : Type.ANY, let.length() == with.length() ? let.length() : -1, let.owner()) : one;
    }

    /** The thing of this name, or null. */
    Thing get(String name) {
        return things.get(name);
    }

    void put(String name, Thing thing) {
        things.put(name, thing);
    }

    /** Whether anything was declared or done: then it is too late to say what machine it is. */
    boolean started() {
        return started;
    }

    void start() {
        started = true;
    }

    /** How many bytes of memory the machine has: 4G unless it is declared with others. */
    long memory() {
        return memory;
    }

    void memory(long bytes) {
        memory = bytes;
    }

    /** The default actor, or null. */
    Identifier actor() {
        return actor;
    }

    void use(Identifier who) {
        actor = who;
    }

    /** Whose row of a race it is; empty elsewhere. */
    void row(String who) {
        row = who;
    }

    String row() {
        return row;
    }

    /** The binds that hold, in the order in which they were made. */
    List<Bound> binds() {
        return binds;
    }

    /** Something is mapped for a device by the DMA API. */
    void reach(String device) {
        reaching.add(device);
    }

    /** Whether a device has addresses to use: the page table of any process, or mappings of the DMA API. */
    boolean reaches(String device) {
        return reaching.contains(device) || binds.stream().anyMatch(bound -> bound.device().equals(device));
    }

    /** The names of all things of one sort. */
    <T extends Thing> List<String> of(Class<T> sort) {
        return things.entrySet().stream().filter(entry -> sort.isInstance(entry.getValue())).map(Map.Entry::getKey).toList();
    }

    /** Every name. */
    List<String> all() {
        return List.copyOf(things.keySet());
    }

    // ---------------------------------------------------------------- declaring

    /** Declares a thing whose name must be free. */
    void declare(Identifier name, Thing thing) {
        Thing there = things.get(name.text());
        if (there != null || name.text().equals("kernel")) {
            String what = there == null ? "the kernel" : there.phrase();
            throw new Refusal(Diagnostic.error("declared-twice", name.at(),
                    Quoting.quote(name.text()) + " is " + what + " already"));
        }
        things.put(name.text(), thing);
    }

    /** Names a value. A value may be named anew; a thing keeps its name. */
    void let(Identifier name, Type type, long length) {
        if (things.get(name.text()) instanceof Thing.Let) {
            things.remove(name.text());
        }
        declare(name, new Thing.Let(type, length));
    }

    /** Names a value that a row of a race gives: for the rows of the same actor behind it. */
    void give(Identifier name, Type type, long length, String owner) {
        if (things.get(name.text()) instanceof Thing.Let let && let.owner().equals(owner)) {
            things.remove(name.text());
        }
        declare(name, new Thing.Let(type, length, owner));
    }

    // ---------------------------------------------------------------- looking up

    /** The thing of this name, which must be of this sort. */
    <T extends Thing> T require(Identifier name, Class<T> sort, String phrase) {
        Thing thing = things.get(name.text());
        if (sort.isInstance(thing)) {
            return sort.cast(thing);
        }
        String quoted = Quoting.quote(name.text());
        String cause = thing == null ? "there is no " + phrase + " " + quoted : quoted + " is " + thing.phrase() + ", not " + article(phrase);
        throw new Refusal(Diagnostic.error("unknown-" + phrase.toLowerCase(java.util.Locale.ROOT), name.at(), cause)
                .didYouMean(Suggestion.nearest(name.text(), of(sort))));
    }

    private static String article(String phrase) {
        return (phrase.startsWith("I") ? "an " : "a ") + phrase;
    }

    /** Whom a statement is for, by the name that stands before the colon. */
    Who who(Identifier name) {
        String[] parts = name.text().split("\\.", 2);
        if (parts[0].equals("kernel") && parts.length == 1) {
            return new Who.Kernel();
        }
        return switch (things.get(parts[0])) {
            case Thing.Process process -> thread(name, parts, process);
            case Thing.Device device -> channel(name, parts, device);
            case Thing.Iommu iommu when parts.length == 1 -> new Who.Iommu(parts[0]);
            case null -> throw unknownActor(name);
            case Thing other -> throw new Refusal(Diagnostic.error(
                    "not-an-actor", name.at(), Quoting.quote(name.text()) + " is " + other.phrase() + ", which does nothing by itself"));
        };
    }

    private Who thread(Identifier name, String[] parts, Thing.Process process) {
        String thread = parts.length == 1 ? process.threads().getFirst() : parts[1];
        if (!process.threads().contains(thread)) {
            throw new Refusal(Diagnostic.error("unknown-thread", name.at(),
                    "process " + parts[0] + " has no thread " + Quoting.quote(thread))
                    .hint("its threads are " + String.join(", ", process.threads()))
                    .didYouMean(Suggestion.nearest(thread, process.threads()).stream().map(near -> parts[0] + "." + near).toList()));
        }
        return new Who.Thread(parts[0], thread);
    }

    /** A bare device's name stands for its first channel. */
    private Who channel(Identifier name, String[] parts, Thing.Device device) {
        if (parts.length == 1) {
            return new Who.Device(parts[0], device.channels().isEmpty() ? "" : device.channels().getFirst());
        }
        if (!device.channels().contains(parts[1])) {
            throw new Refusal(Diagnostic.error("unknown-channel", name.at(),
                    "device " + parts[0] + " has no channel " + Quoting.quote(parts[1]))
                    .hint(device.channels().isEmpty() ? "device " + parts[0] + " behind " + device.iommu() + " { channels=[a, b] }"
                            : "its channels are " + String.join(", ", device.channels()))
                    .didYouMean(Suggestion.nearest(parts[1], device.channels()).stream().map(near -> parts[0] + "." + near).toList()));
        }
        return new Who.Device(parts[0], parts[1]);
    }

    private Refusal unknownActor(Identifier name) {
        List<String> near = Suggestion.nearest(name.text(), actors());
        return new Refusal(Diagnostic.error("unknown-actor", name.at(),
                "there is nobody called " + Quoting.quote(name.text()))
                .hint(near.isEmpty() ? "declare it first: process " + name.text().split("\\.")[0] : "")
                .didYouMean(near));
    }

    /** The names of all who can be asked to do something. */
    List<String> actors() {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, Thing> entry : things.entrySet()) {
            switch (entry.getValue()) {
                case Thing.Process process -> {
                    found.add(entry.getKey());
                    process.threads().forEach(thread -> found.add(entry.getKey() + "." + thread));
                }
                case Thing.Device device -> {
                    found.add(entry.getKey());
                    device.channels().forEach(channel -> found.add(entry.getKey() + "." + channel));
                }
                case Thing.Iommu iommu -> found.add(entry.getKey());
                case Thing.File file -> { }
                case Thing.Driver driver -> { }
                case Thing.Scenario scenario -> { }
                case Thing.Let let -> { }
            }
        }
        found.add("kernel");
        return found;
    }
}
