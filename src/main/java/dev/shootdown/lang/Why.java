package dev.shootdown.lang;

import dev.shootdown.lang.tree.Statement;
import dev.shootdown.sim.Actor;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * {@code why CONDITION}: walks back to the step that made it so, and to the steps that this one rests on; told in the
 * order in which they came, from the causes to the access.
 */
final class Why {
    private final Recorder recorder;
    private final Statement.Why why;
    /** By step: what it has to do with it. */
    private final TreeMap<Long, String> steps = new TreeMap<>();

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
                .map(entry -> List.of("#" + entry.getKey(), who(entry.getKey()), entry.getValue(), what(entry.getKey())))
                .toList();
        front.listing(new Listing("", List.of("step", "actor", "why", "event"), rows));
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
        steps.put(since, "made it so");
        put(call(since, actor), "in this call");
        List<Moment> moments = recorder.moments(since);
        // What a checker says of a step weighs more than what is to be seen in it.
        moments.stream().filter(moment -> moment.event() instanceof Event.Violation)
                .forEach(moment -> because((Event.Violation) moment.event(), since));
        for (Moment moment : moments) {
            switch (moment.event()) {
                case Event.Dma dma -> translation(dma, since);
                case Event.Translate walk when walk.via().equals("walk") -> put(last(since, one -> one.event() instanceof Event.Translate missed
                        && missed.device().equals(walk.device()) && Past.page(missed.addr()) == Past.page(walk.addr())), "the walk began after this");
                default -> { }
            }
        }
    }

    private long call(long step, Actor actor) {
        return last(step, moment -> moment.event().kind() == Kind.CALL && moment.actor().equals(actor.name()));
    }

    /** The step that a checker blames, the entry that was changed for it, and the flush that its actor made before. */
    private void because(Event.Violation violation, long since) {
        if (violation.addr() != null) {
            changed(violation.addr(), since);
        }
        long step = violation.because();
        if (step <= 0 || step == since) {
            return;
        }
        put(step, "because of this");
        Actor actor = recorder.actor(step);
        if (actor != null) {
            put(call(step, actor), "in this call");
            put(last(step, moment -> moment.event().kind() == Kind.CPU_FLUSH && moment.actor().equals(actor.name())), "the flush before");
        }
    }

    /** Where the page's entry was taken away, and what became of the invalidation that belongs to it. */
    private void changed(long address, long since) {
        long change = change(address, since);
        if (change == 0) {
            return;
        }
        long drop = drop(address, since);
        put(drop, drop < change ? "dropped translations of it, too early: the entry still stood" : "dropped translations of it");
        long asked = last(since, moment -> moment.event() instanceof Event.Command command && command.start() != null
                && Past.inside(address, command.start(), command.end()));
        boolean waiting = asked > drop;
        put(waiting ? asked : 0, "wants translations of it dropped; not done until the access");
        put(change, waiting || drop > change ? "took the entry away" : "took the entry away; no invalidation until the access");
    }

    private long change(long address, long since) {
        return last(since, moment -> moment.event() instanceof Event.Pte pte && Past.takesAway(pte) && Past.inside(address, pte.start(), pte.end()));
    }

    private long drop(long address, long since) {
        return last(since, moment -> Past.drops(moment.event(), address));
    }

    /** The walk that took the translation which an access used, and what dropped translations of its page. */
    private void translation(Event.Dma dma, long since) {
        long walk = last(since, moment -> moment.event() instanceof Event.Translate found && found.device().equals(dma.device())
                && Past.page(found.addr()) == Past.page(dma.addr()) && found.via().equals("walk"));
        put(walk, "took the translation");
        put(drop(dma.addr(), since), "dropped translations of it");
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
