package dev.shootdown.lang;

import dev.shootdown.lang.tree.Statement;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Actor;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** {@code why CONDITION}: walks back to the step that made it so, and to the steps that this one rests on. */
final class Why {
    private final Recorder recorder;
    private final Statement.Why why;
    /** By step, the last one first: what it has to do with it. */
    private final TreeMap<Long, String> steps = new TreeMap<>(Comparator.reverseOrder());

    Why(Recorder recorder, Statement.Why why) {
        this.recorder = recorder;
        this.why = why;
    }

    void tell(Front front) {
        if (!holds()) {
            throw new Refusal(Diagnostic.error("does-not-hold", why.condition().at(), "this does not hold at #" + recorder.number()));
        }
        long since = since();
        if (since == recorder.first()) {
            front.listing(Listing.lines("", List.of("it holds since the history begins, at #" + since)));
            return;
        }
        explain(since);
        List<List<String>> rows = steps.entrySet().stream()
                .map(entry -> List.of("#" + entry.getKey(), who(entry.getKey()), what(entry.getKey()), entry.getValue()))
                .toList();
        front.listing(new Listing("", List.of("step", "actor", "event", ""), rows));
    }

    /** What cannot be asked yet does not hold yet. */
    private boolean holds() {
        try {
            return recorder.play().evaluator().holds(why.condition());
        } catch (Refusal gone) {
            return false;
        }
    }

    /** The position from which on it holds up to here. */
    private long since() {
        long here = recorder.number();
        long since = here;
        while (since > recorder.first()) {
            recorder.go(since - 1);
            if (!holds()) {
                break;
            }
            since--;
        }
        recorder.go(here);
        return since;
    }

    private String who(long step) {
        Actor actor = recorder.actor(step);
        return actor == null ? "" : actor.name();
    }

    private String what(long step) {
        return step <= recorder.first() ? "before the race" : Where.event(recorder, step);
    }

    // ---------------------------------------------------------------- what it rests on

    private void explain(long since) {
        Actor actor = recorder.actor(since);
        long call = last(since, moment -> moment.event().kind() == Kind.CALL && moment.actor().equals(actor.name()));
        put(call, "in this call");
        for (Moment moment : recorder.moments(since)) {
            switch (moment.event()) {
                case Event.Violation violation -> because(violation, since);
                case Event.Dma dma -> translation(dma, since);
                case Event.Translate walk when walk.via().equals("walk") -> put(last(since, one -> one.event() instanceof Event.Translate missed
                        && missed.device().equals(walk.device()) && page(missed.addr()) == page(walk.addr())), "the walk began behind this");
                default -> { }
            }
        }
        steps.put(since, "made it so");
    }

    /** The step that a checker blames, and the flush that its actor made before. */
    private void because(Event.Violation violation, long since) {
        long step = violation.because();
        if (step <= 0 || step == since) {
            return;
        }
        put(step, "because of this");
        Actor actor = recorder.actor(step);
        if (actor != null) {
            put(last(step, moment -> moment.event().kind() == Kind.CALL && moment.actor().equals(actor.name())), "in this call");
            put(last(step, moment -> moment.event().kind() == Kind.CPU_FLUSH && moment.actor().equals(actor.name())), "the flush before");
        }
    }

    /** The walk that took the translation which an access used, and what dropped translations of its page since. */
    private void translation(Event.Dma dma, long since) {
        long walk = last(since, moment -> moment.event() instanceof Event.Translate found && found.device().equals(dma.device())
                && page(found.addr()) == page(dma.addr()) && found.via().equals("walk"));
        put(walk, "took the translation");
        put(last(since, moment -> covers(moment.event(), dma.addr())), "dropped translations of it");
    }

    private static boolean covers(Event event, long address) {
        return switch (event) {
            case Event.IotlbInvalidate dropped -> Long.compareUnsigned(dropped.start(), address) <= 0 && Long.compareUnsigned(address, dropped.end()) < 0;
            case Event.AtcInvalidate dropped -> Long.compareUnsigned(dropped.start(), address) <= 0 && Long.compareUnsigned(address, dropped.end()) < 0;
            default -> false;
        };
    }

    private static long page(long address) {
        return address >>> Frames.PAGE_SHIFT;
    }

    private void put(long step, String role) {
        if (step > 0) {
            steps.merge(step, role, (first, second) -> first);
        }
    }

    /** The last step before one that has an event of this sort; 0 where there is none. */
    private long last(long step, Predicate<Moment> sort) {
        return Math.max(0, recorder.before(step, one -> recorder.moments(one).stream().anyMatch(sort)));
    }
}
