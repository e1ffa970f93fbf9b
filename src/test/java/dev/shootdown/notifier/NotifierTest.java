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

    /** Is about [start, end) only; refuses what may not block, if it is told to. */
    private record Interval(String driver, int number, long start, long end, boolean refuses) implements Subscriber {
        @Override
        public boolean has(CallbackName name) {
            return name == CallbackName.INVALIDATE;
        }

        @Override
        public List<Step> on(Turn turn, CallbackName name, int mm, long start, long end, boolean blockable) {
            return refuses && !blockable ? List.of(new Refuse()) : List.of();
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

    private static Interval interval(String driver, int number, long start, long end) {
        return new Interval(driver, number, start, end, false);
    }

    @Test
    void intervalsAreToldOfWhatTheyAreAboutInTheOrderOfAddresses() {
        notifier.subscribe(1, interval("high", 1, 0x5000, 0x9000));
        notifier.subscribe(1, interval("low", 2, 0x1000, 0x3000));
        notifier.subscribe(1, interval("other", 3, 0x9000, 0xa000));
        run(new NotifyStart(1, 0x2000, 0x9000, Reason.UNMAP, true));
        assertThat(told).containsExactly("low invalidate", "high invalidate");
    }

    @Test
    void aRangeThatNobodyIsAboutKeepsTheSequenceEven() {
        notifier.subscribe(1, interval("low", 1, 0x1000, 0x3000));
        run(new NotifyStart(1, 0x3000, 0x4000, Reason.UNMAP, true));
        assertThat(notifier.sequence().invalidating(1)).isFalse();
        assertThat(notifier.sequence().ranges(1)).isEqualTo(1);
        run(new NotifyStart(1, 0x2000, 0x4000, Reason.UNMAP, true));
        run(new NotifyEnd(1, 0x2000, 0x4000, Reason.UNMAP, true, false));
        assertThat(notifier.sequence().invalidating(1)).as("while another range is under way").isTrue();
        run(new NotifyEnd(1, 0x3000, 0x4000, Reason.UNMAP, true, false));
        assertThat(notifier.sequence().invalidating(1)).isFalse();
        assertThat(notifier.sequence().value(1)).isEqualTo(4);
    }

    @Test
    void aSubscriptionInTheMiddleOfARangeBeginsBehindIt() {
        notifier.subscribe(1, interval("first", 1, 0, -1));
        assertThat(notifier.sequence().remembered(1, 1)).as("idle: the one before").isEqualTo(1);
        run(new NotifyStart(1, 0x1000, 0x2000, Reason.UNMAP, true));
        notifier.subscribe(1, interval("second", 2, 0, -1));
        assertThat(notifier.sequence().remembered(1, 2)).as("has to wait").isEqualTo(notifier.sequence().value(1)).isEqualTo(3);
        told.clear();
        run(new NotifyStart(1, 0x3000, 0x4000, Reason.UNMAP, true));
        assertThat(told).containsExactly("first invalidate");
        run(new NotifyEnd(1, 0x3000, 0x4000, Reason.UNMAP, true, false));
        run(new NotifyEnd(1, 0x1000, 0x2000, Reason.UNMAP, true, false));
        told.clear();
        run(new NotifyStart(1, 0x3000, 0x4000, Reason.UNMAP, true));
        assertThat(told).containsExactlyInAnyOrder("first invalidate", "second invalidate");
    }

    /** Where a range is under way that nobody was about, a new subscription has to wait all the same. */
    @Test
    void aSubscriptionWhileOthersAreToldOfNothingMakesTheSequenceOdd() {
        notifier.subscribe(1, interval("low", 1, 0, 0x1000));
        run(new NotifyStart(1, 0x3000, 0x4000, Reason.UNMAP, true));
        notifier.subscribe(1, interval("high", 2, 0x3000, 0x4000));
        assertThat(notifier.sequence().invalidating(1)).isTrue();
        run(new NotifyEnd(1, 0x3000, 0x4000, Reason.UNMAP, true, false));
        assertThat(notifier.sequence().value(1)).isNotEqualTo(notifier.sequence().remembered(1, 2)).isEqualTo(4);
    }

    @Test
    void anIntervalThatRefusesEndsTheRangeAndTheListIsNotTold() {
        notifier.subscribe(1, listed("list", CallbackName.START, CallbackName.END));
        notifier.subscribe(1, new Interval("refuses", 1, 0x1000, 0x2000, true));
        notifier.subscribe(1, interval("behind", 2, 0x1800, 0x2000));
        assertThat(run(new NotifyStart(1, 0x1000, 0x2000, Reason.UNMAP, false))).isEqualTo(-Errno.EAGAIN.number());
        assertThat(told).containsExactly("refuses invalidate");
        assertThat(notifier.sequence().invalidating(1)).isFalse();
        assertThat(notifier.sequence().ranges(1)).isZero();
    }

    /** mm/mmu_notifier.c: __mmu_notifier_invalidate_range_start returns what the list says, with the range still open. */
    @Test
    void aRefusalOfTheListLeavesWhatIntervalsCountOpen() {
        notifier.subscribe(1, new Listed("refuses", Set.of(CallbackName.START), true));
        notifier.subscribe(1, interval("interval", 1, 0, -1));
        assertThat(run(new NotifyStart(1, 0, 4096, Reason.UNMAP, false))).isEqualTo(-Errno.EAGAIN.number());
        assertThat(notifier.sequence().invalidating(1)).isTrue();
        assertThat(notifier.sequence().ranges(1)).isEqualTo(1);
    }

    @Test
    void releaseTellsIntervalsOfEverythingBeforeTheList() {
        notifier.subscribe(1, interval("interval", 1, 0x1000, 0x2000));
        notifier.subscribe(1, listed("list", CallbackName.RELEASE));
        run(new Release(1));
        assertThat(told).containsExactly("interval invalidate", "list release");
        assertThat(notifier.sequence().invalidating(1)).isFalse();
        assertThat(notifier.sequence().value(1)).isEqualTo(4);
    }

    @Test
    void whoUnsubscribesInTheMiddleIsNotToldAnyMore() {
        Subscriber second = listed("second", CallbackName.END);
        notifier.subscribe(1, listed("first", CallbackName.START, CallbackName.END));
        notifier.subscribe(1, second);
        run(new NotifyStart(1, 0, 4096, Reason.UNMAP, true));
        notifier.unsubscribe(1, second);
        run(new NotifyEnd(1, 0, 4096, Reason.UNMAP, true, true));
        assertThat(told).containsExactly("first start", "first end");
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
