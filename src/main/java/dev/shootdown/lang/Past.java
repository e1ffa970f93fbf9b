package dev.shootdown.lang;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Actor;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The steps that lead to where one stands, with what was to be seen in them: what {@code why} and {@code why not} read. */
final class Past {
    /** Something that was seen at a step. */
    record Seen(long step, Moment moment) {
        Event event() {
            return moment.event();
        }

        String actor() {
            return moment.actor();
        }
    }

    private final Recorder recorder;
    private final List<Seen> all;

    Past(Recorder recorder) {
        this.recorder = recorder;
        this.all = LongStream.rangeClosed(recorder.first() + 1, recorder.number())
                .boxed()
                .flatMap(step -> recorder.moments(step).stream().map(moment -> new Seen(step, moment)))
                .toList();
    }

    Recorder recorder() {
        return recorder;
    }

    /** All of one type, in order. */
    <E extends Event> List<Seen> of(Class<E> type) {
        return stream(type, event -> true).toList();
    }

    private <E extends Event> Stream<Seen> stream(Class<E> type, Predicate<E> which) {
        return all.stream().filter(seen -> type.isInstance(seen.event()) && which.test(type.cast(seen.event())));
    }

    /** Those between two steps, both excluded. */
    <E extends Event> List<Seen> between(long after, long before, Class<E> type, Predicate<E> which) {
        return stream(type, which).filter(seen -> seen.step() > after && seen.step() < before).toList();
    }

    /** The step of an actor's call that goes on at a step, or the first of the history. */
    long callAt(long step, String actor) {
        return stream(Event.Call.class, call -> true).filter(seen -> seen.actor().equals(actor) && seen.step() <= step)
                .mapToLong(Seen::step).max().orElse(recorder.first());
    }

    /** The step at which it ended; behind where one stands if it goes on. */
    long endAt(long step, String actor) {
        return stream(Event.Return.class, end -> true).filter(seen -> seen.actor().equals(actor) && seen.step() >= step)
                .mapToLong(Seen::step).min().orElse(recorder.number() + 1);
    }

    /** The devices that anything is seen of. */
    List<String> devices() {
        List<String> names = new ArrayList<>();
        stream(Event.Translate.class, event -> true).forEach(seen -> names.add(((Event.Translate) seen.event()).device()));
        return names.stream().distinct().toList();
    }

    String who(long step) {
        Actor actor = recorder.actor(step);
        return actor == null ? "" : actor.name();
    }

    String what(long step) {
        return step <= recorder.first() ? "before the race" : Where.event(recorder, step);
    }

    // ---------------------------------------------------------------- addresses

    /** Whether a step took entries away, or rights of them. */
    static boolean takesAway(Event.Pte pte) {
        return switch (pte.change()) {
            case "set", "young", "dirty" -> false;
            default -> true;
        };
    }

    /** Whether an event dropped translations of an address. */
    static boolean drops(Event event, long address) {
        return switch (event) {
            case Event.IotlbInvalidate dropped -> inside(address, dropped.start(), dropped.end());
            case Event.AtcInvalidate dropped -> inside(address, dropped.start(), dropped.end());
            default -> false;
        };
    }

    static boolean inside(long address, long start, long end) {
        return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
    }

    static long page(long address) {
        return address >>> Frames.PAGE_SHIFT;
    }
}
