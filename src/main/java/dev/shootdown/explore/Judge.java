package dev.shootdown.explore;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Store;
import dev.shootdown.sim.Variable;
import dev.shootdown.sim.World;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Asks the conditions of one machine. Sets of conditions are longs, a bit each. What a condition's witness is to
 * show, the condition <em>shows</em>: {@code forbid} that it is true, {@code always} and {@code expect} that it is
 * not, {@code exists} that it is.
 *
 * <p>That a run has broken {@code forbid} or {@code always} is remembered in cells, so that two runs, of which one
 * has, never count as the same state.
 */
final class Judge {
    private final Engine engine;
    private final World world;
    private final Condition[] conditions;
    private final int[] everyStep;
    private final long exists;
    private final long expected;
    private final long questions;
    private final Cells broken;
    private final Checkers checkers;
    /** What the conditions asked since the last step have read. */
    private final Footprint looked = new Footprint();
    private final Footprint reads = new Footprint();
    private boolean widened;
    private boolean readsSums;

    /** To be made at the beginning of a race. */
    Judge(Engine engine, List<Condition> conditions) {
        this.engine = engine;
        this.world = engine.world();
        this.conditions = conditions.toArray(new Condition[0]);
        this.everyStep = IntStream.range(0, conditions.size()).filter(i -> asksEveryStep(conditions.get(i))).toArray();
        this.exists = those(condition -> condition.quantifier() == Quantifier.EXISTS);
        this.expected = those(condition -> condition.quantifier() == Quantifier.EXPECT);
        this.questions = those(condition -> condition.quantifier().measures());
        this.broken = world.cells("explore.broken", Role.STATE, 0);
        this.checkers = world.find(Checkers.class);
    }

    /** A lasting {@code exists} is asked at every step too, so that its witness may end where it became true. */
    private static boolean asksEveryStep(Condition condition) {
        return condition.quantifier().everyStep() || (condition.quantifier() == Quantifier.EXISTS && condition.lasting());
    }

    private long those(Predicate<Condition> which) {
        long set = 0;
        for (int i = 0; i < conditions.length; i++) {
            set |= which.test(conditions[i]) ? 1L << i : 0;
        }
        return set;
    }

    /** Asks all of them once, so that what they read counts in the fingerprint. */
    void begin() {
        looked.clear();
        for (int i = 0; i < conditions.length; i++) {
            ask(i);
        }
        widened = false;
    }

    /** Whether since {@link #begin} a condition read something that did not count in the fingerprint, and does now. */
    boolean widened() {
        return widened;
    }

    /** The conditions that show at this step, whether or not they did before. */
    long atStep() {
        looked.clear();
        long shown = 0;
        for (int i : everyStep) {
            if (showsNow(i)) {
                shown |= 1L << i;
            }
        }
        return shown;
    }

    private boolean showsNow(int i) {
        Condition condition = conditions[i];
        if (told(condition)) {
            return condition.value().applyAsLong(world) != 0;
        }
        if (broken.get(i) != 0) {
            return true;
        }
        boolean breaks = ask(i) != 0 ^ condition.quantifier() == Quantifier.ALWAYS;
        if (breaks) {
            broken.set(i, 1);
        }
        return breaks;
    }

    /** Asks what can only be told where nobody can move; {@link #atStep}, {@link #trueAtEnd} and {@link #value} then know. */
    void atEnd() {
        if (checkers != null) {
            checkers.end();
        }
    }

    /** The same where a run is back where it was. */
    void atCycle() {
        if (checkers != null) {
            checkers.cycle();
        }
    }

    /** At an end: the conditions that count it as one where they happened. */
    long trueAtEnd(long shownNow) {
        long happened = 0;
        for (int i = 0; i < conditions.length; i++) {
            boolean counts = switch (conditions[i].quantifier()) {
                case FORBID -> (shownNow >>> i & 1) != 0;
                case ALWAYS -> (shownNow >>> i & 1) == 0;
                case EXPECT, EXISTS -> ask(i) != 0;
                case MAXIMUM, MINIMUM -> true;
            };
            happened |= counts ? 1L << i : 0;
        }
        return happened;
    }

    /** Of {@link #trueAtEnd}: the {@code expect} that are false and the {@code exists} that are true. */
    long shownAtEnd(long happened) {
        return (happened & exists) | (~happened & expected);
    }

    /** The questions among the conditions. */
    long questions() {
        return questions;
    }

    /** The value of a question now. */
    long value(int i) {
        return ask(i);
    }

    private long ask(int i) {
        if (told(conditions[i])) {
            return conditions[i].value().applyAsLong(world);
        }
        int before = looked.readCount();
        world.record(looked, true);
        long value = conditions[i].value().applyAsLong(world);
        world.record(null);
        for (int r = before; r < looked.readCount(); r++) {
            count(looked.readAt(r), conditions[i]);
        }
        long[] stretches = looked.stretches();
        for (int r = 0; r < stretches.length; r += 2) {
            count(stretches[r], conditions[i]);
        }
        return value;
    }

    /** What a condition reads tells states apart. */
    private void count(long place, Condition reader) {
        Store store = world.stores().get(Store.storeOf(place));
        readsSums |= store.role() == Role.SUMMARY && reader.quantifier().everyStep();
        if (!store.fingerprinted()) {
            store.fingerprint();
            widened = true;
        }
    }

    /** Whether the steps themselves leave in cells what the condition asks for, so that it is true at the end if ever. */
    private static boolean told(Condition condition) {
        return condition.lasting() && condition.quantifier() != Quantifier.ALWAYS;
    }

    // ---------------------------------------------------------------- what a reduction has to know

    /** Whether there are conditions that steps do not answer themselves, and that have to be asked after each. */
    boolean watches() {
        for (int i : everyStep) {
            if (!told(conditions[i])) {
                return true;
            }
        }
        return false;
    }

    /** What conditions that are asked after each step read where the machine stands; the same Footprint each time. */
    Footprint reads() {
        reads.clear();
        world.record(reads, true);
        for (int i : everyStep) {
            conditions[i].value().applyAsLong(world);
        }
        world.record(null);
        return reads;
    }

    /** The cells in which it remembers what runs have broken. */
    List<Variable> remembers() {
        return IntStream.of(everyStep).filter(i -> !told(conditions[i])).mapToObj(i -> Variable.word(broken, i)).toList();
    }

    /** What these have read when they were last asked. */
    Footprint looked() {
        return looked;
    }

    /** Whether conditions asked after each step read what footprints leave out, so that nobody knows which steps they see. */
    boolean readsSums() {
        return readsSums;
    }

    /** Whether somebody asks for cycles. */
    boolean watchesCycles() {
        return checkers != null && checkers.watches(Check.LIVELOCK);
    }

    Engine engine() {
        return engine;
    }
}
