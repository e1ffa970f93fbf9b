package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Outcome;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Errno;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** madvise: which version knows what, what it refuses, and what it changes. */
class MadviseTest {
    private static final long A = 0x1000_0000_0000L;
    private static final long PAGE = 4096;

    private Bench bench;
    private int mm;

    private void begin(KernelVersion version) {
        bench = new Bench(version).listen();
        mm = bench.process("app");
        bench.notifier.subscribe(mm, new Observer("observer"));
        bench.run("app.main", new Mmap(mm, A, 4 * PAGE, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.FIXED, 0, 0));
    }

    private Errno madvise(long address, long pages, Advice advice) {
        return Outcome.errno(bench.run("app.main", new Madvise(mm, address, pages * PAGE, advice)));
    }

    private void touch(int access) {
        bench.run("app.main", new Touch(mm, A, A + 4 * PAGE, access));
    }

    @ParameterizedTest
    @CsvSource({
        "V3_16, FREE, EINVAL", "V3_19, FREE, EINVAL", "V4_15, FREE, ", "V3_19, WIPEONFORK, EINVAL", "V4_15, WIPEONFORK, ", "V4_15, COLD, EINVAL",
        "V6_1, COLD, ", "V4_15, POPULATE_READ, EINVAL", "V6_6, POPULATE_READ, ", "V4_15, DONTNEED_LOCKED, EINVAL", "V3_16, DONTFORK, "})
    void adviceByVersion(KernelVersion version, Advice advice, Errno expected) {
        begin(version);
        assertThat(madvise(A, 4, advice)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_1", "V6_6", "V6_18"})
    void holesAndRefusals(KernelVersion version) {
        begin(version);
        for (Advice advice : List.of(Advice.FREE, Advice.COLD, Advice.DONTFORK, Advice.POPULATE_WRITE, Advice.SEQUENTIAL)) {
            assertThat(madvise(A, 8, advice)).as(advice.word()).isEqualTo(Errno.ENOMEM);
            assertThat(madvise(A + 1, 1, advice)).as(advice.word()).isEqualTo(Errno.EINVAL);
            assertThat(madvise(A, 0, advice)).as(advice.word()).isNull();
        }
        bench.run("app.main", new Mprotect(mm, A, 4 * PAGE, Vma.READ));
        assertThat(madvise(A, 4, Advice.POPULATE_WRITE)).isEqualTo(Errno.EINVAL);
        bench.run("app.main", new Mlock(mm, A, 4 * PAGE, Vma.LOCKED));
        assertThat(madvise(A, 4, Advice.FREE)).isEqualTo(Errno.EINVAL);
        assertThat(madvise(A, 4, Advice.COLD)).isEqualTo(Errno.EINVAL);
        int file = bench.kernel.files().create("f", 4 * PAGE, true);
        long mapped = bench.run("app.main", new Mmap(mm, 0, 4 * PAGE, Vma.READ, Mmap.SHARED, file, 0));
        assertThat(madvise(mapped, 4, Advice.FREE)).isEqualTo(Errno.EINVAL);
        assertThat(madvise(mapped, 4, Advice.WIPEONFORK)).isEqualTo(Errno.EINVAL);
        bench.run("app.main", new Truncate(file, PAGE));
        assertThat(madvise(mapped, 4, Advice.POPULATE_READ)).isEqualTo(Errno.EFAULT);
        assertThat(bench.kernel.lock(mm)).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V4_15", "V6_1", "V6_6", "V6_18"})
    void whatIsFreeIsCleanAndOld(KernelVersion version) {
        begin(version);
        touch(Translation.WRITE);
        bench.moments.clear();
        assertThat(madvise(A, 4, Advice.FREE)).isNull();
        assertThat(bench.kernel.pte(mm, A) & (Entry.DIRTY | Entry.ACCESSED)).isZero();
        assertThat(bench.events()).filteredOn(Event.NotifyStart.class::isInstance).hasSize(1);
        assertThat(bench.events()).filteredOn(Event.CpuFlush.class::isInstance).hasSize(1);
        bench.run("app.main", new Write(mm, A, A + 1, null, 1));
        assertThat(bench.kernel.pte(mm, A) & Entry.DIRTY).isNotZero();
        bench.check(mm);
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_1", "V6_6", "V6_18"})
    void whatIsColdIsFlushedWithoutARange(KernelVersion version) {
        begin(version);
        touch(Translation.WRITE);
        bench.moments.clear();
        madvise(A, 4, Advice.COLD);
        assertThat(bench.events()).noneMatch(Event.NotifyStart.class::isInstance);
        assertThat(bench.events()).filteredOn(Event.InvalidateRange.class::isInstance).hasSize(1);
        assertThat(bench.kernel.pte(mm, A) & Entry.ACCESSED).isZero();
        assertThat(bench.kernel.pte(mm, A) & Entry.DIRTY).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void forksFollowTheAdvice(KernelVersion version) {
        begin(version);
        touch(Translation.WRITE);
        assertThat(madvise(A + PAGE, 1, Advice.DONTFORK)).isNull();
        assertThat(bench.kernel.vmas().count(mm)).isEqualTo(3);
        int child = bench.kernel.reserve("child");
        bench.run("app.main", new Fork(mm, child));
        assertThat(bench.kernel.vmas().at(child, A + PAGE)).isNull();
        assertThat(bench.kernel.rss(child)).isEqualTo(3);
        assertThat(madvise(A + PAGE, 1, Advice.DOFORK)).isNull();
        assertThat(bench.kernel.vmas().count(mm)).isEqualTo(1);
        bench.check(mm, child);
    }

    private long huge(long flags, int file, long protection) {
        return bench.run("app.main", new Mmap(mm, A + 16 * Thp.SIZE, 2 * Thp.SIZE, protection, flags | Mmap.FIXED, file, 0));
    }

    /** What is to collapse is the whole huge pages in the range; where the range ends before the first one begins, none were. */
    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_1", "V6_6", "V6_18"})
    void aCollapseIsOfTheWholeHugePagesInTheRange(KernelVersion version) {
        begin(version);
        long at = huge(Mmap.PRIVATE, 0, Vma.READ | Vma.WRITE);
        bench.run("app.main", new Touch(mm, at, at + 1, Translation.WRITE));
        assertThat(madvise(at + PAGE, 4, Advice.COLLAPSE)).isEqualTo(Errno.EINVAL);
        assertThat(madvise(at + PAGE, 511, Advice.COLLAPSE)).as("ends where the next begins").isNull();
        assertThat(madvise(at, 512, Advice.COLLAPSE)).isNull();
        assertThat(bench.kernel.thp().at(mm, at)).isNotZero();
        at = huge(Mmap.SHARED, 0, Vma.READ);
        assertThat(madvise(at + PAGE, 511, Advice.COLLAPSE)).isNull();
        assertThat(madvise(at, 512, Advice.COLLAPSE)).as("there is nothing yet").isEqualTo(Errno.EINVAL);
        bench.run("app.main", new Munmap(mm, at, Thp.SIZE));
        at = huge(Mmap.PRIVATE, bench.kernel.files().create("f", 3 * Thp.SIZE, false), Vma.READ);
        assertThat(madvise(at + PAGE, 511, Advice.COLLAPSE)).as("a disk's file").isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"V6_1, EINVAL", "V6_6, EINVAL", "V6_18, "})
    void newerKernelsCollapseWhatNobodyMayWriteTo(KernelVersion version, Errno expected) {
        begin(version);
        long at = huge(Mmap.PRIVATE, 0, Vma.READ | Vma.WRITE);
        bench.run("app.main", new Touch(mm, at, at + 1, Translation.WRITE));
        bench.run("app.main", new Mprotect(mm, at, 2 * Thp.SIZE, Vma.READ));
        assertThat(madvise(at, 512, Advice.COLLAPSE)).isEqualTo(expected);
    }
}
