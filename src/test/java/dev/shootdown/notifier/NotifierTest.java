package dev.shootdown.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Owners;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.trace.Trace;
import dev.shootdown.vocabulary.Errno;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is told, in which order, and what a refusal leads to. */
class NotifierTest {
    /** Has some callbacks; refuses a start that may not block, if it is told to. */
    private record Listed(String driver, Set<CallbackName> names, boolean refuses) implements Subscriber {
        @Override
        public boolean has(CallbackName name) {
            return names.contains(name);
        }

        @Override
        public List<Step> on(Turn turn, CallbackName name, int mm, long start, long end, boolean blockable) {
            return refuses && name == CallbackName.START && !blockable ? List.of(new Refuse()) : List.of();
        }
    }

    private record Refuse() implements Step {
        @Override
        public void run(Turn turn) {
            turn.fail(Errno.EAGAIN, "has to wait");
        }
    }

    private final List<String> told = new ArrayList<>();
    private final World world = new World();
    private final Trace trace = new Trace();
    private final Engine engine = new Engine(world, trace);
    private final Contract contract =
            new Contract(EnumSet.complementOf(EnumSet.of(CallbackName.PAGE)), true, true, true, false);
    private final Notifier notifier = new Notifier(world, contract, new Owners(world));
    private final Actor actor = engine.actor("kernel");

    NotifierTest() {
        trace.add(new Listener() {
            @Override
            public long kinds() {
                return Kind.CALLBACK.bit();
            }

            @Override
            public void on(Moment moment) {
                Event.Callback call = (Event.Callback) moment.event();
                told.add(call.driver() + " " + call.name());
            }
        });
    }

    private long run(Step step) {
        engine.assign(actor, List.of(step));
        while (actor.agenda() != null) {
            engine.step(actor, 0);
        }
        return actor.result();
    }

    private static Listed listed(String driver, CallbackName... names) {
        return new Listed(driver, Set.of(names), false);
    }

    @Test
    void theLatestIsToldFirstAndIntervalsBeforeAll() {
        notifier.subscribe(1, listed("first", CallbackName.START, CallbackName.END, CallbackName.RANGE));
        notifier.subscribe(1, listed("second", CallbackName.START, CallbackName.RANGE));
        notifier.subscribe(1, listed("interval", CallbackName.INVALIDATE));
        run(new NotifyStart(1, 0, 4096, Reason.UNMAP, true));
        assertThat(told).containsExactly("interval invalidate", "second start", "first start");
        told.clear();
        run(new NotifyEnd(1, 0, 4096, Reason.UNMAP, true, false));
        assertThat(told).containsExactly("second range", "first range", "first end");
        told.clear();
        run(new NotifyEnd(1, 0, 4096, Reason.CLEAR, true, true));
        assertThat(told).containsExactly("first end");
    }

    @Test
    void theSequenceIsOddWhileRangesAreInvalidated() {
        notifier.subscribe(1, listed("interval", CallbackName.INVALIDATE));
        long before = notifier.sequence().value(1);
        run(new NotifyStart(1, 0, 4096, Reason.UNMAP, true));
        run(new NotifyStart(1, 0, 8192, Reason.CLEAR, true));
        run(new NotifyEnd(1, 0, 8192, Reason.CLEAR, true, false));
        assertThat(notifier.sequence().invalidating(1)).isTrue();
        run(new NotifyEnd(1, 0, 4096, Reason.UNMAP, true, false));
        assertThat(notifier.sequence().invalidating(1)).isFalse();
        assertThat(notifier.sequence().value(1)).isNotEqualTo(before);
    }

    @Test
    void aRefusedStartIsEndedForWhoHasAnEnd() {
        notifier.subscribe(1, new Listed("refuses", Set.of(CallbackName.START), true));
        notifier.subscribe(1, listed("pairs", CallbackName.START, CallbackName.END));
        assertThat(run(new NotifyStart(1, 0, 4096, Reason.UNMAP, false))).isEqualTo(-Errno.EAGAIN.number());
        assertThat(told).containsExactly("pairs start", "refuses start", "pairs end");
    }

    @Test
    void releaseEmptiesTheListAndHooksStayOn() {
        notifier.subscribe(1, listed("driver", CallbackName.RELEASE, CallbackName.START));
        run(new Release(1));
        run(new NotifyStart(1, 0, 4096, Reason.UNMAP, true));
        assertThat(told).containsExactly("driver release");
        assertThat(notifier.active(1)).isTrue();
        assertThat(notifier.subscribers(1)).isEmpty();
    }
}
