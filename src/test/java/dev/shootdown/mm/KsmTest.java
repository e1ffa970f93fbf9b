package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Equal pages become one, of several processes too, and part again when they are written to; on every version. */
class KsmTest {
    private static final long PAGE = Frames.PAGE_SIZE;

    private final long[] at = new long[2];
    private final int[] mm = new int[2];

    /** Two processes with four mergeable pages each: three equal ones and another. */
    private Bench bench(KernelVersion version) {
        Bench bench = new Bench(version).listen();
        for (int i = 0; i < 2; i++) {
            String name = i == 0 ? "app" : "other";
            mm[i] = bench.process(name);
            at[i] = bench.map(name + ".main", mm[i], 4);
            bench.run(name + ".main", Write.fill(mm[i], at[i], at[i] + 3 * PAGE, 0x5a));
            bench.run(name + ".main", Write.fill(mm[i], at[i] + 3 * PAGE, at[i] + 4 * PAGE, i + 1));
            assertThat(bench.run(name + ".main", new Madvise(mm[i], at[i], 4 * PAGE, Advice.MERGEABLE))).isZero();
        }
        bench.moments.clear();
        bench.run("app.main", new Ksm(List.of(mm[0], mm[1])));
        return bench;
    }

    private long frame(Bench bench, int who, int page) {
        return Entry.frame(bench.kernel.pte(mm[who], at[who] + page * PAGE));
    }

    @ParameterizedTest
    @EnumSource
    void equalPagesAreOne(KernelVersion version) {
        Bench bench = bench(version);
        assertThat(List.of(frame(bench, 0, 0), frame(bench, 0, 2), frame(bench, 1, 0), frame(bench, 1, 2))).containsOnly(frame(bench, 0, 1));
        assertThat(frame(bench, 0, 3)).isNotEqualTo(frame(bench, 1, 3));
        assertThat(bench.events().stream().filter(Event.PageFree.class::isInstance)).hasSize(5);
        bench.check(mm);
    }

    @ParameterizedTest
    @EnumSource
    void aWriteCopies(KernelVersion version) {
        Bench bench = bench(version);
        bench.run("app.main", Write.fill(mm[0], at[0], at[0] + PAGE, 7));
        assertThat(bench.run("app.main", new Read(mm[0], at[0], at[0] + 1))).isEqualTo(7);
        assertThat(bench.run("other.main", new Read(mm[1], at[1], at[1] + 1))).isEqualTo(0x5a);
        bench.check(mm);
    }

    @ParameterizedTest
    @EnumSource
    void unmergeableTakesThemApart(KernelVersion version) {
        Bench bench = bench(version);
        bench.run("app.main", new Madvise(mm[0], at[0], 4 * PAGE, Advice.UNMERGEABLE));
        assertThat(frame(bench, 0, 0)).isNotEqualTo(frame(bench, 0, 1));
        assertThat(frame(bench, 0, 0)).isNotEqualTo(frame(bench, 1, 0));
        assertThat(bench.run("app.main", new Read(mm[0], at[0], at[0] + 1))).isEqualTo(0x5a);
        bench.run("app.main", new Exit(mm[0]));
        bench.run("other.main", new Exit(mm[1]));
        bench.settle();
        bench.check();
    }
}
