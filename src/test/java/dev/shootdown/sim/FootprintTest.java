package dev.shootdown.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Footprints: who does not meet the other commutes with it. */
class FootprintTest {
    /** What random steps work on. */
    private static final class Memory {
        final Engine engine = new Engine(new World(), new Trace());
        final Cell cell = engine.world().cell("cell");
        final Cells cells = engine.world().cells("cells");
        final Cells grouped = engine.world().cells("grouped", Role.STATE, 2);
        final Ref<Object> ref = engine.world().ref("ref");
        final Table<Integer, Object> table = engine.world().table("table");

        Memory(List<? extends Step> one, List<? extends Step> other) {
            engine.world().install(this);
            engine.assign(engine.actor("a"), one);
            engine.assign(engine.actor("b"), other);
        }

        Footprint step(int actor) {
            Footprint footprint = new Footprint();
            engine.world().record(footprint);
            engine.step(engine.actors().get(actor), 0);
            engine.world().record(null);
            return footprint;
        }
    }

    /** One of many small things to do, each of which depends on what it reads. */
    record Any(int kind, int place, int value) implements Step {
        @Override
        public void run(Turn turn) {
            Memory m = turn.part(Memory.class);
            switch (kind) {
                case 0 -> m.cell.set(value);
                case 1 -> turn.result(m.cell.get());
                case 2 -> m.cells.set(place, value);
                case 3 -> m.cells.set(place, m.cells.get(place + 1) + value);
                case 4 -> m.cells.clear(place, 3);
                case 5 -> turn.result(m.cells.get(place));
                case 6 -> m.grouped.add(place, 1);
                case 7 -> turn.result(m.grouped.get(place + 4));
                case 8 -> m.ref.set(value == 0 ? null : "v" + value);
                case 9 -> turn.remark(String.valueOf(m.ref.get()));
                case 10 -> m.table.put(place, value == 0 ? null : "v" + value);
                case 11 -> turn.result(m.table.get(place) == null ? 1 : 2);
                case 12 -> turn.result(m.table.ceiling(place) == null ? 1 : m.table.ceiling(place).getKey());
                case 13 -> turn.result(m.table.size());
                default -> turn.remark(m.table.between(place, place + 3).toString());
            }
        }

        static Any random(SplittableRandom random) {
            return new Any(random.nextInt(15), random.nextInt(4), random.nextInt(3));
        }
    }

    @Test
    void stepsThatDoNotMeetCommute() {
        SplittableRandom random = new SplittableRandom(2);
        int disjoint = 0;
        for (int i = 0; i < 40_000; i++) {
            List<Any> before = List.of(Any.random(random), Any.random(random), Any.random(random));
            Any one = Any.random(random);
            Any other = Any.random(random);
            List<Any> rows = new ArrayList<>(before);
            rows.add(one);
            Memory forth = new Memory(rows, List.of(other));
            Memory back = new Memory(rows, List.of(other));
            before.forEach(step -> forth.step(0));
            before.forEach(step -> back.step(0));
            Footprint first = forth.step(0);
            boolean meets = first.conflicts(forth.step(1));
            back.step(1);
            Footprint second = back.step(0);
            if (!meets) {
                disjoint++;
                assertThat(forth.engine.world().recounted()).as("%s then %s and %s", before, one, other).isEqualTo(back.engine.world().recounted());
                assertThat(sorted(second.reads())).isEqualTo(sorted(first.reads()));
                assertThat(sorted(second.writes())).isEqualTo(sorted(first.writes()));
            }
        }
        assertThat(disjoint).isBetween(10_000, 39_000);
    }

    private static long[] sorted(long[] places) {
        Arrays.sort(places);
        return places;
    }

    @Test
    void conflictingIsMutual() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 5_000; i++) {
            Memory memory = new Memory(List.of(Any.random(random)), List.of(Any.random(random)));
            Footprint one = memory.step(0);
            Footprint other = memory.step(1);
            assertThat(one.conflicts(other)).isEqualTo(other.conflicts(one));
        }
    }

    @Test
    void writingWhatIsThereIsARead() {
        Memory memory = new Memory(List.of(new Any(0, 0, 0)), List.of(new Any(10, 1, 0)));
        assertThat(Arrays.stream(memory.step(0).writes())).noneMatch(place -> Store.storeOf(place) == store(memory, "cell"));
        Footprint table = memory.step(1);
        assertThat(Arrays.stream(table.writes())).noneMatch(place -> Store.storeOf(place) == store(memory, "table"));
        assertThat(Arrays.stream(table.reads())).anyMatch(place -> Store.storeOf(place) == store(memory, "table"));
    }

    @Test
    void clearingWhatIsClearReadsIt() {
        Memory memory = new Memory(List.of(new Any(4, 0, 0)), List.of(new Any(2, 1, 1)));
        assertThat(memory.step(0).conflicts(memory.step(1))).isTrue();
    }

    @Test
    void neighboursOfOneGroupAreOnePlace() {
        Memory memory = new Memory(List.of(new Any(6, 0, 0)), List.of(new Any(6, 3, 0)));
        assertThat(memory.step(0).conflicts(memory.step(1))).isTrue();
        Memory apart = new Memory(List.of(new Any(6, 0, 0)), List.of(new Any(7, 0, 0)));
        assertThat(apart.step(0).conflicts(apart.step(1))).isFalse();
    }

    @Test
    void summariesAndRemarksAreNotNoted() {
        for (Role role : Role.values()) {
            World world = new World();
            Cells cells = world.cells("cells", role, 0);
            Footprint footprint = new Footprint();
            world.record(footprint);
            cells.set(1, cells.get(2) + 1);
            boolean noted = role != Role.SUMMARY && role != Role.REMARK;
            assertThat(footprint.reads().length + footprint.writes().length > 0).as(role.toString()).isEqualTo(noted);
        }
    }

    private static int store(Memory memory, String name) {
        return memory.engine.world().stores().stream().map(Store::name).toList().indexOf(name);
    }
}
