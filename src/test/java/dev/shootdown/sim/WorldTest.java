package dev.shootdown.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Undo, fingerprints and copies, under random writes to every kind of store. */
class WorldTest {
    private static final int RUNS = 200;
    private static final int WRITES = 120;
    private static final List<Role> ROLES = List.of(Role.STATE, Role.OUTSIDE, Role.SUMMARY, Role.REMARK);

    record Pair(int a, long b) {}

    /** A World with one store of each kind in each role, and random writes to them. */
    private static final class Subject {
        final World world = new World();
        final List<Cell> cells = new ArrayList<>();
        final List<Cells> arrays = new ArrayList<>();
        final List<Ref<Object>> refs = new ArrayList<>();
        final List<Table<Integer, Object>> tables = new ArrayList<>();

        Subject() {
            for (Role role : ROLES) {
                cells.add(world.cell("cell." + role, role));
                arrays.add(world.cells("cells." + role, role, 1));
                refs.add(world.ref("ref." + role, role));
                tables.add(world.table("table." + role, role));
            }
        }

        void write(SplittableRandom random) {
            int which = random.nextInt(ROLES.size());
            switch (random.nextInt(6)) {
                case 0 -> cells.get(which).set(random.nextInt(4));
                case 1 -> arrays.get(which).set(index(random), random.nextInt(3));
                case 2 -> arrays.get(which).clear(index(random), random.nextInt(2000));
                case 3 -> refs.get(which).set(value(random));
                case 4 -> tables.get(which).put(random.nextInt(5), value(random));
                default -> cells.get(which).add(random.nextInt(3) - 1);
            }
        }

        private static long index(SplittableRandom random) {
            return random.nextBoolean() ? random.nextInt(8) : random.nextInt(1_000_000);
        }

        private static Object value(SplittableRandom random) {
            return switch (random.nextInt(5)) {
                case 0 -> null;
                case 1 -> new Pair(random.nextInt(2), random.nextInt(2));
                case 2 -> "text " + random.nextInt(2);
                case 3 -> List.of((long) random.nextInt(2));
                default -> random.nextInt(2) == 1;
            };
        }

        /** Everything that it holds, to compare; the arrays by what reads as 0 or not. */
        List<Object> contents() {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < ROLES.size(); i++) {
                all.add(cells.get(i).get());
                all.add(List.of(refs.get(i).get() == null ? "null" : refs.get(i).get()));
                all.add(tables.get(i).values());
                all.add(tables.get(i).size());
                all.add(arrays.get(i).sum(0));
            }
            return all;
        }
    }

    @Test
    void rewindingToAnyMarkRestoresEveryCellAndTheFingerprint() {
        for (int run = 0; run < RUNS; run++) {
            SplittableRandom random = new SplittableRandom(run);
            Subject subject = new Subject();
            writes(subject, random);
            subject.world.journal(true);
            List<Integer> marks = new ArrayList<>();
            List<List<Object>> contents = new ArrayList<>();
            List<Long> fingerprints = new ArrayList<>();
            for (int i = 0; i < WRITES; i++) {
                marks.add(subject.world.mark());
                contents.add(subject.contents());
                fingerprints.add(subject.world.fingerprint());
                subject.write(random);
                assertThat(subject.world.fingerprint()).isEqualTo(subject.world.recounted());
            }
            for (int to = WRITES - 1; to >= 0; to -= 1 + random.nextInt(10)) {
                subject.world.rewind(marks.get(to));
                assertThat(subject.contents()).isEqualTo(contents.get(to));
                assertThat(subject.world.fingerprint()).isEqualTo(fingerprints.get(to)).isEqualTo(subject.world.recounted());
                assertThat(subject.world.mark()).isEqualTo(marks.get(to));
            }
        }
    }

    @Test
    void goingForwardAgainAfterRewindingIsLikeNeverHavingBeenBack() {
        Subject subject = new Subject();
        subject.world.journal(true);
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 2000; i++) {
            int mark = subject.world.mark();
            long before = subject.world.fingerprint();
            subject.write(random);
            if (random.nextInt(3) > 0) {
                subject.world.rewind(mark);
                assertThat(subject.world.fingerprint()).isEqualTo(before);
            }
        }
        assertThat(subject.world.fingerprint()).isEqualTo(subject.world.recounted());
        subject.world.rewind(0);
        assertThat(subject.contents()).isEqualTo(new Subject().contents());
    }

    @Test
    void whatIsMadeToCountInTheMiddleCountsBeforeToo() {
        Subject subject = new Subject();
        subject.world.journal(true);
        Cells outside = subject.arrays.get(ROLES.indexOf(Role.OUTSIDE));
        outside.set(3, 1);
        int mark = subject.world.mark();
        outside.set(3, 2);
        subject.cells.getFirst().set(5);
        outside.fingerprint();
        int later = subject.world.mark();
        long fingerprint = subject.world.fingerprint();
        outside.set(3, 9);
        assertThat(subject.world.fingerprint()).isNotEqualTo(fingerprint).isEqualTo(subject.world.recounted());
        subject.world.rewind(later);
        assertThat(subject.world.fingerprint()).isEqualTo(fingerprint);
        subject.world.rewind(mark);
        assertThat(subject.world.fingerprint()).isEqualTo(subject.world.recounted()).isNotZero();
        subject.world.rewind(0);
        assertThat(subject.world.fingerprint()).isZero();
    }

    @Test
    void equalStatesHaveEqualFingerprintsWhateverTheWay() {
        for (int run = 0; run < RUNS; run++) {
            SplittableRandom random = new SplittableRandom(run);
            Subject one = new Subject();
            Subject other = new Subject();
            one.world.journal(true);
            writes(one, random);
            writes(other, random);
            other.world.journal(true);
            writes(other, random);
            settle(one);
            settle(other);
            assertThat(one.contents()).isEqualTo(other.contents());
            assertThat(one.world.fingerprint()).isEqualTo(other.world.fingerprint());
        }
    }

    /** Writes the same last values everywhere. */
    private static void settle(Subject subject) {
        for (int i = 0; i < ROLES.size(); i++) {
            subject.cells.get(i).set(7);
            subject.refs.get(i).set(new Pair(1, 2));
            subject.arrays.get(i).clear(0, 1_000_000);
            subject.arrays.get(i).set(6, 6);
            for (int key = 0; key < 5; key++) {
                subject.tables.get(i).put(key, key == 3 ? "three" : null);
            }
        }
    }

    @Test
    void onlyStateAndSummariesCountInFingerprints() {
        for (Role role : ROLES) {
            World world = new World();
            Cell cell = world.cell("cell", role);
            Cells cells = world.cells("cells", role, 0);
            Ref<Object> ref = world.ref("ref", role);
            Table<Integer, Object> table = world.table("table", role);
            world.journal(true);
            List<Runnable> writes = List.of(() -> cell.set(1), () -> cells.set(1, 1), () -> ref.set("x"), () -> table.put(1, "x"));
            for (Runnable write : writes) {
                long before = world.fingerprint();
                write.run();
                boolean counts = role == Role.STATE || role == Role.SUMMARY;
                assertThat(world.fingerprint() != before).as(role.toString()).isEqualTo(counts);
            }
        }
    }

    @Test
    void aCopyHoldsTheSameAndGoesItsOwnWay() {
        SplittableRandom random = new SplittableRandom(7);
        Subject one = new Subject();
        one.world.journal(true);
        writes(one, random);
        Subject copy = new Subject();
        copy.world.journal(true);
        writes(copy, random);
        copy.world.copy(one.world);
        assertThat(copy.contents()).isEqualTo(one.contents());
        assertThat(copy.world.fingerprint()).isEqualTo(one.world.fingerprint());
        assertThat(copy.world.mark()).isZero();
        List<Object> before = one.contents();
        writes(copy, random);
        assertThat(one.contents()).isEqualTo(before);
        assertThat(copy.contents()).isNotEqualTo(before);
    }

    @Test
    void aFingerprintByNamesDoesNotDependOnWhatElseThereIs() {
        World one = new World();
        World other = new World();
        other.cells("something.else").set(3, 3);
        one.cells("words").set(3, 4);
        other.cells("words").set(3, 4);
        one.<String>ref("text").set("x");
        other.<String>ref("text").set("x");
        assertThat(one.fingerprint()).isNotEqualTo(other.fingerprint());
        assertThat(one.fingerprint(store -> store.name().equals("words") || store.name().equals("text")))
                .isEqualTo(other.fingerprint(store -> !store.name().startsWith("something")))
                .isNotZero();
    }

    @Test
    void nothingIsJournaledWhereNobodyAsks() {
        Subject subject = new Subject();
        writes(subject, new SplittableRandom(1));
        assertThat(subject.world.mark()).isZero();
        assertThat(subject.world.fingerprint()).isEqualTo(subject.world.recounted());
    }

    private static void writes(Subject subject, SplittableRandom random) {
        for (int i = 0; i < WRITES; i++) {
            subject.write(random);
        }
    }
}
