package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages leave memory and come back, or move, and whoever reads them finds what was written; on every version. */
class SwapTest {
    private static final long PAGE = Frames.PAGE_SIZE;

    private static Bench bench(KernelVersion version) {
        Bench bench = new Bench(version);
        bench.kernel.swapOn(64);
        return bench;
    }

    private static String read(Bench bench, String actor, int mm, long address, long length) {
        StringBuilder text = new StringBuilder();
        for (long at = address; at < address + length; at++) {
            text.append((char) bench.run(actor, new Read(mm, at, at + 1)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSwappedOutComesBack(KernelVersion version) {
        Bench bench = bench(version);
        int mm = bench.process("app");
        long at = bench.map("app.main", mm, 4);
        bench.run("app.main", Write.text(mm, at, at + 4 * PAGE, "payload"));
        bench.run("app.main", Write.fill(mm, at + PAGE, at + 4 * PAGE, 7));
        bench.run("app.main", Reclaim.range(mm, at, at + 4 * PAGE, false));
        assertThat(bench.kernel.rss(mm)).isZero();
        assertThat(bench.kernel.rss(mm, Rss.SWAP)).isEqualTo(4);
        bench.check(mm);
        assertThat(read(bench, "app.main", mm, at, 7)).isEqualTo("payload");
        assertThat(bench.run("app.main", new Read(mm, at + 3 * PAGE, at + 3 * PAGE + 1))).isEqualTo(7);
        assertThat(bench.kernel.rss(mm, Rss.SWAP)).isEqualTo(2);
        bench.check(mm);
        bench.run("app.main", new Munmap(mm, at, 4 * PAGE));
        bench.settle();
        bench.check(mm);
        assertThat(bench.kernel.rss(mm, Rss.SWAP)).isZero();
    }

    /** 3.16 tells of the page when it is unmapped, 4.15 to 6.5 of a range with the secondary TLBs inside, 6.6 with the flush. */
    @ParameterizedTest
    @EnumSource
    void subscribersAreToldAsTheVersionDoes(KernelVersion version) {
        Bench bench = bench(version).listen();
        int mm = bench.process("app");
        bench.notifier.subscribe(mm, new Observer("observer"));
        long at = bench.map("app.main", mm, 1);
        bench.run("app.main", Write.fill(mm, at, at + PAGE, 7));
        bench.moments.clear();
        bench.run("app.main", Reclaim.range(mm, at, at + PAGE, false));
        assertThat(hooks(bench)).isEqualTo(switch (version) {
            case V3_16, V3_19 -> List.of("ClearFlushYoung", "ClearFlushYoung", "ClearFlushYoung", "CpuFlush", "InvalidatePage", "PageFree");
            case V4_15 -> List.of("ClearFlushYoung", "ClearFlushYoung", "NotifyStart", "ClearFlushYoung", "CpuFlush", "InvalidateRange",
                    "NotifyEnd", "PageFree");
            case V6_1 -> List.of("ClearFlushYoung", "ClearFlushYoung", "NotifyStart", "CpuFlush", "InvalidateRange", "NotifyEnd", "PageFree");
            case V6_6, V6_18 -> List.of("ClearFlushYoung", "ClearFlushYoung", "NotifyStart", "CpuFlush", "InvalidateRange", "NotifyEnd",
                    "PageFree");
        });
    }

    private static List<String> hooks(Bench bench) {
        return bench.events().stream()
                .filter(event -> !(event instanceof Event.Pte) && !(event instanceof Event.Callback))
                .map(event -> event.getClass().getSimpleName()).collect(Collectors.toList());
    }

    /** With a second CPU the flush comes before the page is written out, and not before. */
    @Test
    void theFlushIsPutOffUntilThePageIsWritten() {
        Bench bench = bench(KernelVersion.V6_18).listen();
        int mm = bench.process("app");
        bench.thread("app.worker", mm, 1);
        bench.notifier.subscribe(mm, new Observer("observer"));
        long at = bench.map("app.main", mm, 2);
        bench.run("app.main", Write.fill(mm, at, at + 2 * PAGE, 7));
        bench.run("app.worker", new Touch(mm, at, at + 2 * PAGE, Translation.READ));
        bench.moments.clear();
        bench.run("app.main", Reclaim.range(mm, at, at + 2 * PAGE, false));
        assertThat(bench.events().stream().filter(Event.CpuFlush.class::isInstance).map(Event.CpuFlush.class::cast))
                .hasSize(2).allMatch(flush -> Boolean.TRUE.equals(flush.batch()));
        assertThat(bench.events()).contains(new Event.InvalidateRange("app", 0, -1));
        bench.check(mm);
    }

    @ParameterizedTest
    @EnumSource
    void aChildHasWhatWasSwappedOut(KernelVersion version) {
        Bench bench = bench(version);
        int mm = bench.process("app");
        long at = bench.map("app.main", mm, 1);
        bench.run("app.main", Write.text(mm, at, at + PAGE, "parent"));
        bench.run("app.main", Reclaim.range(mm, at, at + PAGE, false));
        int child = bench.kernel.reserve("child");
        bench.run("app.main", new Fork(mm, child));
        bench.thread("child.main", child, 1);
        bench.run("child.main", Write.text(child, at, at + PAGE, "child!"));
        assertThat(read(bench, "app.main", mm, at, 6)).isEqualTo("parent");
        assertThat(read(bench, "child.main", child, at, 6)).isEqualTo("child!");
        bench.check(mm, child);
    }

    @ParameterizedTest
    @EnumSource
    void whatMovesKeepsItsContents(KernelVersion version) {
        Bench bench = bench(version);
        bench.kernel.nodes(2);
        int mm = bench.process("app");
        long at = bench.map("app.main", mm, 3);
        bench.run("app.main", Write.text(mm, at, at + PAGE, "payload"));
        bench.run("app.main", new Touch(mm, at + PAGE, at + 3 * PAGE, Translation.READ));
        long pte = bench.kernel.pte(mm, at);
        assertThat(bench.run("app.main", new MovePages(mm, at, at + 3 * PAGE, 1, false))).isZero();
        assertThat(bench.kernel.pte(mm, at)).isNotEqualTo(pte);
        assertThat(read(bench, "app.main", mm, at, 7)).isEqualTo("payload");
        bench.check(mm);
        long moved = bench.kernel.pte(mm, at);
        bench.run("app.main", new MovePages(mm, at, at + 3 * PAGE, 1, false));
        assertThat(bench.kernel.pte(mm, at)).isEqualTo(moved);
    }

    /** Clean pages of a file go to its disk and come back; what is cut off a file reads as zeros when it grows again. */
    @ParameterizedTest
    @EnumSource
    void aFileKeepsItsContents(KernelVersion version) {
        Bench bench = bench(version);
        int mm = bench.process("app");
        int file = bench.kernel.files().create("f", 4 * PAGE, false);
        long at = bench.run("app.main", new Mmap(mm, 0, 4 * PAGE, Vma.READ | Vma.WRITE, Mmap.SHARED, file, 0));
        bench.run("app.main", Write.text(mm, at + 3 * PAGE, at + 4 * PAGE, "payload"));
        bench.run("app.main", new Fsync(file));
        bench.run("app.main", Reclaim.range(mm, at, at + 4 * PAGE, false));
        assertThat(bench.kernel.files().frame(file, 3)).isZero();
        assertThat(read(bench, "app.main", mm, at + 3 * PAGE, 7)).isEqualTo("payload");
        bench.run("app.main", new Truncate(file, PAGE));
        bench.run("app.main", new Truncate(file, 4 * PAGE));
        assertThat(bench.run("app.main", new Read(mm, at + 3 * PAGE, at + 3 * PAGE + 1))).isZero();
        bench.check(mm);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostInAnyOrder(KernelVersion version) {
        Random random = new Random(version.ordinal());
        Bench bench = bench(version);
        bench.kernel.nodes(2);
        int mm = bench.process("app");
        int child = bench.kernel.reserve("child");
        long at = bench.map("app.main", mm, 8);
        int[][] bytes = new int[2][8];
        bench.run("app.main", new Touch(mm, at, at + 8 * PAGE, Translation.WRITE));
        bench.run("app.main", new Fork(mm, child));
        bench.thread("child.main", child, 1);
        for (int i = 0; i < 400; i++) {
            int who = random.nextInt(2);
            int space = who == 0 ? mm : child;
            String actor = who == 0 ? "app.main" : "child.main";
            int page = random.nextInt(8);
            long from = at + page * PAGE;
            long end = Math.min(from + (1 + random.nextInt(4)) * PAGE, at + 8 * PAGE);
            switch (random.nextInt(5)) {
                case 0 -> bench.run(actor, Reclaim.range(space, from, end, false));
                case 1 -> bench.run(actor, new MovePages(space, from, end, random.nextInt(2), random.nextBoolean()));
                case 2 -> bench.run(actor, new SwapIn(space, from, end));
                case 3 -> {
                    bytes[who][page] = 1 + random.nextInt(255);
                    bench.run(actor, Write.fill(space, from, from + PAGE, bytes[who][page]));
                }
                default -> assertThat(bench.run(actor, new Read(space, from, from + 1))).isEqualTo(bytes[who][page]);
            }
            bench.check(mm, child);
        }
        bench.run("child.main", new Exit(child));
        bench.run("app.main", new Munmap(mm, at, 8 * PAGE));
        bench.settle();
        bench.check(mm);
        assertThat(bench.kernel.rss(mm, Rss.SWAP)).isZero();
    }
}
