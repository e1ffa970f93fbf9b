package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Schedule;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Errno;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** mremap: what it refuses, what it moves, and where each version flushes. */
class MremapTest {
    private static final long A = 0x1000_0000_0000L;
    private static final long B = 0x1100_0000_0000L;
    private static final long PAGE = 4096;
    private static final long MOVE = Mremap.MAYMOVE | Mremap.FIXED;

    private Bench bench;
    private int mm;

    private void begin(KernelVersion version) {
        bench = new Bench(version).listen();
        mm = bench.process("app");
        bench.notifier.subscribe(mm, new Observer("observer"));
    }

    private void map(long at, long pages) {
        bench.run("app.main", new Mmap(mm, at, pages * PAGE, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.FIXED, 0, 0));
    }

    private void touch(long at, long pages) {
        bench.run("app.main", new Touch(mm, at, at + pages * PAGE, Translation.WRITE));
    }

    private long mremap(long address, long old, long pages, long flags, long target) {
        return bench.run("app.main", new Mremap(mm, address, old * PAGE, pages * PAGE, flags, target));
    }

    private Errno refused(long address, long old, long pages, long flags, long target) {
        return Outcome.errno(mremap(address, old, pages, flags, target));
    }

    private <E extends Event> List<E> found(Class<E> type, Predicate<E> which) {
        return bench.events().stream().filter(type::isInstance).map(type::cast).filter(which).toList();
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void bytesAndSpaceAreWhereTheyMovedTo(KernelVersion version) {
        begin(version);
        map(A, 8);
        bench.run("app.main", Write.text(mm, A + 3 * PAGE, A + 4 * PAGE, "payload"));
        touch(A + 5 * PAGE, 2);
        assertThat(mremap(A, 8, 16, MOVE, B)).isEqualTo(B);
        assertThat(bench.kernel.vmas().at(mm, A)).isNull();
        assertThat(bench.kernel.vmas().at(mm, B).pages()).isEqualTo(16);
        assertThat(bench.kernel.rss(mm)).isEqualTo(3);
        assertThat(bench.run("app.main", new Read(mm, B + 3 * PAGE, B + 4 * PAGE))).isEqualTo('p');
        bench.settle();
        bench.check(mm);
        bench.run("app.main", new Exit(mm));
        bench.settle();
        assertThat(bench.frames.inUse()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void refusals(KernelVersion version) {
        begin(version);
        map(A, 4);
        map(A + 4 * PAGE, 4);
        bench.run("app.main", new Mprotect(mm, A, 4 * PAGE, Vma.READ));
        assertThat(refused(A, 4, 4, 8, 0)).isEqualTo(Errno.EINVAL);
        assertThat(refused(A + 1, 4, 4, 0, 0)).isEqualTo(Errno.EINVAL);
        assertThat(refused(A, 4, 0, 0, 0)).isEqualTo(Errno.EINVAL);
        assertThat(refused(A, 4, 4, Mremap.FIXED, B)).isEqualTo(Errno.EINVAL);
        assertThat(refused(A, 4, 4, MOVE, B + 1)).isEqualTo(Errno.EINVAL);
        assertThat(refused(A, 4, 4, MOVE, A + PAGE)).isEqualTo(Errno.EINVAL);
        assertThat(refused(A, 4, 4, MOVE, KernelVersion.TASK_SIZE - PAGE)).isEqualTo(Errno.EINVAL);
        assertThat(refused(A, 4, 5, Mremap.MAYMOVE | Mremap.DONTUNMAP, 0)).isEqualTo(Errno.EINVAL);
        assertThat(refused(B, 4, 8, 0, 0)).isEqualTo(Errno.EFAULT);
        assertThat(refused(A, 6, 8, Mremap.MAYMOVE, 0)).isEqualTo(Errno.EFAULT);
        assertThat(refused(A, 4, 8, 0, 0)).isEqualTo(Errno.ENOMEM);
        assertThat(bench.kernel.lock(mm)).isZero();
    }

    /** Older kernels look at the mapping only where they have to. */
    @ParameterizedTest
    @CsvSource({"V3_16, ", "V4_15, ", "V6_1, EFAULT", "V6_18, EFAULT"})
    void nothingMappedIsShrunk(KernelVersion version, Errno expected) {
        begin(version);
        assertThat(refused(A, 4, 2, 0, 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"V3_16, ", "V3_19, ", "V4_15, EINVAL", "V6_1, EINVAL", "V6_18, EINVAL"})
    void aPrivateMappingTwice(KernelVersion version, Errno expected) {
        begin(version);
        map(A, 4);
        assertThat(refused(A, 0, 4, Mremap.MAYMOVE, 0)).isEqualTo(expected);
    }

    /** The destination is gone, although the call fails; newer kernels look first. */
    @ParameterizedTest
    @CsvSource({"V3_16, true", "V4_15, true", "V6_1, true", "V6_6, true", "V6_18, false"})
    void theDestinationGoesBeforeTheSourceIsLookedAt(KernelVersion version, boolean gone) {
        begin(version);
        map(A, 4);
        map(B, 8);
        assertThat(refused(A, 6, 8, MOVE, B)).isEqualTo(Errno.EFAULT);
        assertThat(bench.kernel.vmas().at(mm, B) == null).isEqualTo(gone);
    }

    /** 128 pages that do not fit table on table: moved in extents, flushed each for itself, or all at the end. */
    @ParameterizedTest
    @CsvSource({"V3_16, 1, 128", "V3_19, 1, 128", "V4_15, 2, 64", "V6_1, 1, 128", "V6_6, 1, 128", "V6_18, 1, 128"})
    void flushes(KernelVersion version, int count, long pages) {
        begin(version);
        map(A, 129);
        touch(A, 129);
        bench.moments.clear();
        mremap(A, 128, 128, MOVE, B + PAGE);
        List<Event.CpuFlush> flushes = found(Event.CpuFlush.class, flush -> flush.pages() != null && flush.pages() > 1);
        assertThat(flushes).hasSize(count).allMatch(flush -> flush.pages() == pages);
        assertThat(found(Event.NotifyStart.class, start -> start.start() == A && start.end() == A + 128 * PAGE)).hasSize(2);
    }

    /** A whole table moves by its pointer; 6.18 goes down to a table's edge for that, where nothing else is there. */
    @ParameterizedTest
    @CsvSource({"V4_15, 0, 512", "V6_1, 0, 1", "V6_1, 1, 512", "V6_6, 1, 512", "V6_18, 0, 1", "V6_18, 1, 1"})
    void tables(KernelVersion version, long offset, int entries) {
        begin(version);
        map(A + offset * PAGE, 512 - offset);
        touch(A + offset * PAGE, 512 - offset);
        bench.moments.clear();
        mremap(A + offset * PAGE, 512 - offset, 512 - offset, MOVE, B + offset * PAGE);
        assertThat(found(Event.Pte.class, pte -> pte.change().equals("set"))).hasSize((int) (entries == 1 ? 1 : 512 - offset));
        boolean fromEdge = version == KernelVersion.V6_18;
        assertThat(found(Event.NotifyStart.class, start -> true).getFirst().start()).isEqualTo(A + (fromEdge ? 0 : offset * PAGE));
        bench.settle();
        bench.check(mm);
    }

    @ParameterizedTest
    @CsvSource({"V6_6, EFAULT", "V6_18, "})
    void severalMappingsMoveWithTheirGaps(KernelVersion version, Errno expected) {
        begin(version);
        map(A, 2);
        map(A + 4 * PAGE, 2);
        assertThat(refused(A, 6, 6, MOVE, B)).isEqualTo(expected);
        if (expected == null) {
            assertThat(bench.kernel.vmas().all(mm).stream().map(Vma::start)).containsExactly(B, B + 4 * PAGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"V6_1", "V6_6", "V6_18"})
    void whatStaysIsEmpty(KernelVersion version) {
        begin(version);
        map(A, 4);
        touch(A, 4);
        long far = mremap(A, 4, 4, Mremap.MAYMOVE | Mremap.DONTUNMAP, 0);
        assertThat(bench.kernel.rss(mm)).isEqualTo(4);
        assertThat(bench.kernel.vmas().at(mm, A)).isNotNull();
        assertThat(bench.kernel.pte(mm, A)).isZero();
        assertThat(bench.run("app.main", new Read(mm, A, A + 1))).isZero();
        assertThat(far).isNotEqualTo(A);
        bench.settle();
        bench.check(mm);
    }

    /** What grows in place is one with the next mapping on newer kernels, if it can be. */
    @ParameterizedTest
    @CsvSource({"V3_16, 2", "V4_15, 2", "V6_1, 1", "V6_18, 1"})
    void growth(KernelVersion version, int mappings) {
        begin(version);
        map(A, 2);
        map(A + 4 * PAGE, 2);
        assertThat(mremap(A, 2, 4, 0, 0)).isEqualTo(A);
        assertThat(bench.kernel.vmas().count(mm)).isEqualTo(mappings);
    }

    /** Whoever writes a file back finds its pages, however the mapping moves meanwhile: table by table or page by page, up or down. */
    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void aWritebackFindsWhatMoves(KernelVersion version) {
        for (long seed = 0; seed < 80; seed++) {
            begin(version);
            long pages = seed % 2 == 0 ? 512 : 5;
            long from = seed % 4 < 2 ? A : B;
            long to = from == A ? B : A;
            int file = bench.kernel.files().create("f", pages * PAGE, false);
            bench.run("app.main", new Mmap(mm, from, pages * PAGE, Vma.READ | Vma.WRITE, Mmap.FIXED | Mmap.SHARED, file, 0));
            bench.run("app.main", new Touch(mm, from, from + 3 * PAGE, Translation.WRITE));
            bench.engine.assign(bench.thread("app.main"), List.of(new Mremap(mm, from, pages * PAGE, pages * PAGE, MOVE, to)));
            bench.engine.assign(bench.thread("app.worker", mm, 1), List.of(new Fsync(file)));
            Schedule schedule = new Schedule.Seeded(seed);
            for (Choice choice = schedule.next(bench.engine); choice != null; choice = schedule.next(bench.engine)) {
                bench.engine.step(choice);
            }
            for (long page = 0; page < 3; page++) {
                assertThat(bench.kernel.pte(mm, to + page * PAGE) & (Entry.WRITE | Entry.DIRTY)).as("seed " + seed).isZero();
            }
            bench.check(mm);
        }
    }
}
