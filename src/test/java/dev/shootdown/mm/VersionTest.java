package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of notifier calls, flushes and frees, operation by operation and version by version. */
class VersionTest {
    private static final long PLACE = 0x1000_0000_0000L;

    private final StringBuilder line = new StringBuilder();

    /** Two touched pages with neighbours' tables kept, and what an operation on them does. */
    private Bench bench(KernelVersion version) {
        Bench bench = new Bench(version);
        int mm = bench.process("app");
        bench.notifier.subscribe(mm, new Observer("observer"));
        bench.run("app.main", new Mmap(mm, PLACE, 4 << 12, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.FIXED, 0, 0));
        bench.run("app.main", new Touch(mm, PLACE, PLACE + (4 << 12), Translation.WRITE));
        bench.listen();
        return bench;
    }

    private String said(Bench bench) {
        bench.settle();
        line.setLength(0);
        bench.events().forEach(this::say);
        return line.toString().strip();
    }

    private void say(Event event) {
        switch (event) {
            case Event.NotifyStart e -> line.append("S[").append(pages(e.start(), e.end())).append("] ");
            case Event.NotifyEnd e -> line.append(e.onlyEnd() ? "Eo " : "E ");
            case Event.Callback e when e.name().equals("range") -> line.append("r ");
            case Event.InvalidateRange e -> line.append("I[").append(pages(e.start(), e.end())).append("] ");
            case Event.CpuFlush e -> line.append("F[").append(pages(e.start(), e.end())).append("] ");
            case Event.Pte e when e.change().equals("clear") -> line.append("- ");
            case Event.ChangePte e -> line.append("C ");
            case Event.Release e -> line.append("R ");
            case Event.PageFree e -> line.append("p ");
            case Event.TableFree e -> line.append("t").append(e.level()).append(' ');
            default -> { }
        }
    }

    private static String pages(long start, long end) {
        return start == 0 && end == -1 ? "all" : Long.toString((end - start) >>> 12);
    }

    @ParameterizedTest
    @CsvSource({
        "V3_16, S[2] - - E F[2] p p",
        "V3_19, S[2] - - E r F[2] I[2] r p p",
        "V4_15, S[2] - - E r F[2] I[2] r p p",
        "V6_1, S[2] - - E r F[2] I[2] r p p",
        "V6_6, S[2] - - E F[2] I[2] r p p",
        "V6_18, S[2] - - E F[2] I[2] r p p"})
    void munmapOfTheMiddle(KernelVersion version, String expected) {
        Bench bench = bench(version);
        bench.run("app.main", new Munmap(1, PLACE + (1 << 12), 2 << 12));
        assertThat(said(bench)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "V3_16, S[4] - - - - E F[4] p p p p t1 t2 t3",
        "V3_19, S[4] - - - - E r F[4] I[4] r p p p p t1 t2 t3",
        "V6_1, S[4] - - - - E r F[4] I[4] r p p p p t1 t2 t3",
        "V6_6, S[4] - - - - E F[4] I[4] r p p p p t1 t2 t3"})
    void pageTablesAreFreedAfterTheEndOfTheRange(KernelVersion version, String expected) {
        Bench bench = bench(version);
        bench.run("app.main", new Munmap(1, PLACE, 4 << 12));
        assertThat(said(bench)).isEqualTo(expected);
    }

    @Test
    void newKernelsFreePageTablesAfterAGracePeriod() {
        Bench bench = bench(KernelVersion.V6_18);
        bench.run("app.main", new Munmap(1, PLACE, 4 << 12));
        assertThat(bench.events()).noneMatch(Event.TableFree.class::isInstance);
        assertThat(said(bench)).isEqualTo("S[4] - - - - E F[4] I[4] r p p p p t3 t2 t1");
        assertThat(bench.moments).filteredOn(m -> m.event() instanceof Event.TableFree).allMatch(m -> m.actor().equals("kernel.rcu"));
    }

    @ParameterizedTest
    @CsvSource({
        "V3_16, S[1] - F[1] C E",
        "V3_19, S[1] - F[1] I[1] r C E r",
        "V4_15, S[1] - F[1] I[1] r C Eo",
        "V6_1, S[1] - F[1] I[1] r C Eo",
        "V6_6, S[1] - F[1] I[1] r C E",
        "V6_18, S[1] - F[1] I[1] r E"})
    void writeToTheZeroPage(KernelVersion version, String expected) {
        Bench bench = bench(version);
        bench.run("app.main", new Madvise(1, PLACE, 4 << 12, Advice.DONTNEED), new Touch(1, PLACE, PLACE + 1, Translation.READ));
        bench.moments.clear();
        bench.run("app.main", new Touch(1, PLACE, PLACE + 1, Translation.WRITE));
        assertThat(said(bench)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "V3_16, S[4] E F[4]",
        "V3_19, S[4] E r F[4]",
        "V4_15, S[4] E r F[4]",
        "V6_1, S[4] E r F[4] I[4] r",
        "V6_6, S[4] E F[4] I[4] r",
        "V6_18, S[4] E F[4] I[4] r"})
    void mprotectToReadOnly(KernelVersion version, String expected) {
        Bench bench = bench(version);
        bench.run("app.main", new Mprotect(1, PLACE, 4 << 12, Vma.READ));
        assertThat(said(bench)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "V3_16, S[4] E F[all]",
        "V3_19, S[4] E r F[all]",
        "V4_15, S[4] E r F[all]",
        "V6_1, S[4] E r F[all]",
        "V6_6, S[4] E F[all] I[all] r",
        "V6_18, S[4] E F[all] I[all] r"})
    void forkProtectsTheParent(KernelVersion version, String expected) {
        Bench bench = bench(version);
        bench.run("app.main", new Fork(1, bench.kernel.reserve("child")));
        assertThat(said(bench)).isEqualTo(expected);
    }

    @Test
    void wideFlushesInvalidateEverythingOn66Only() {
        for (KernelVersion version : List.of(KernelVersion.V6_6, KernelVersion.V6_18)) {
            Bench bench = new Bench(version).listen();
            int mm = bench.process("app");
            bench.notifier.subscribe(mm, new Observer("observer"));
            long at = bench.map("app.main", mm, 40);
            bench.run("app.main", new Touch(mm, at, at + (40 << 12), Translation.WRITE));
            bench.moments.clear();
            bench.run("app.main", new Mprotect(mm, at, 40 << 12, Vma.READ));
            assertThat(said(bench)).isEqualTo(version == KernelVersion.V6_6 ? "S[40] E F[40] I[all] r" : "S[40] E F[40] I[40] r");
        }
    }

    @Test
    void fullGathersFlushEarly() {
        for (KernelVersion version : KernelVersion.values()) {
            Bench bench = new Bench(version).listen();
            int mm = bench.process("app");
            long at = bench.map("app.main", mm, 9700);
            bench.run("app.main", new Touch(mm, at, at + (9700L << 12), Translation.WRITE));
            bench.moments.clear();
            bench.run("app.main", new Munmap(mm, at, 9700L << 12));
            List<Event> events = bench.events();
            int end = events.stream().filter(Event.CpuFlush.class::isInstance).map(events::indexOf).findFirst().orElseThrow();
            long cleared = events.subList(0, end).stream().filter(Event.Pte.class::isInstance).count();
            assertThat(cleared).isEqualTo(version == KernelVersion.V6_18 ? 9678 : 9698);
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void hooksAreSilentWithoutASubscriber(KernelVersion version) {
        Bench bench = new Bench(version).listen();
        int mm = bench.process("app");
        long at = bench.map("app.main", mm, 4);
        bench.run("app.main", new Touch(mm, at, at + 4096, Translation.WRITE), new Munmap(mm, at, 4 << 12), new Exit(mm));
        assertThat(bench.events()).noneMatch(e -> e instanceof Event.NotifyStart || e instanceof Event.NotifyEnd
                || e instanceof Event.InvalidateRange || e instanceof Event.Release);
    }
}
