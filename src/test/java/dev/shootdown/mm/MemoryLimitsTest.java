package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.sim.Outcome;
import dev.shootdown.vocabulary.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What may not be mapped because it is too much, or because of the file: each errno, and which comes first. */
class MemoryLimitsTest {
    private static final long A = 0x1000_0000_0000L;
    private static final long PAGE = 4096;
    private static final long RW = Vma.READ | Vma.WRITE;
    private static final long HEAP = 0x5555_0000_0000L;

    private Bench bench;
    private int mm;

    private void begin(KernelVersion version) {
        bench = new Bench(version, 4, 1 << 13);
        mm = bench.process("app");
        bench.kernel.heap(mm, HEAP);
    }

    private Errno mmap(long at, long pages, long protection, long flags, int file) {
        return Outcome.errno(bench.run("app.main", new Mmap(mm, at, pages * PAGE, protection, flags | Mmap.FIXED, file, 0)));
    }

    private Errno mprotect(long at, long pages, long protection) {
        return Outcome.errno(bench.run("app.main", new Mprotect(mm, at, pages * PAGE, protection)));
    }

    /** Shared memory, what nobody writes to, and stacks are no data; a mapping becomes data when it may be written to. */
    @ParameterizedTest
    @CsvSource({"V3_19, ", "V4_15, ENOMEM", "V6_1, ENOMEM", "V6_6, ENOMEM", "V6_18, ENOMEM"})
    void dataIsLimited(KernelVersion version, Errno more) {
        begin(version);
        bench.kernel.limits().data(mm, 4 * PAGE);
        assertThat(mmap(A, 4, RW, Mmap.PRIVATE, 0)).isNull();
        assertThat(mmap(A + 16 * PAGE, 1, RW, Mmap.PRIVATE, 0)).isEqualTo(more);
        assertThat(mmap(A + 32 * PAGE, 8, RW, Mmap.SHARED, 0)).isNull();
        assertThat(mmap(A + 64 * PAGE, 8, Vma.READ, Mmap.PRIVATE, 0)).isNull();
        assertThat(mmap(A + 1024 * PAGE, 8, RW, Mmap.PRIVATE | Mmap.GROWSDOWN, 0)).isNull();
        assertThat(mprotect(A + 64 * PAGE, 1, RW)).isEqualTo(more);
        assertThat(Outcome.errno(bench.run("app.main", new Mremap(mm, A, 4 * PAGE, 5 * PAGE, Mremap.MAYMOVE, 0)))).isEqualTo(more);
        assertThat(mmap(A, 4, RW, Mmap.PRIVATE, 0)).as("what it replaces does not count").isNull();
        assertThat(mprotect(A, 2, Vma.READ)).isNull();
        assertThat(mprotect(A + 64 * PAGE, 2, RW)).isNull();
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void theHeapIsData(KernelVersion version) {
        begin(version);
        bench.kernel.limits().data(mm, 4 * PAGE);
        assertThat(bench.run("app.main", new Brk(mm, HEAP + 5 * PAGE))).isEqualTo(HEAP);
        assertThat(bench.run("app.main", new Brk(mm, HEAP + 4 * PAGE))).isEqualTo(HEAP + 4 * PAGE);
        int child = bench.kernel.reserve("child");
        bench.thread("child.main", child, 1);
        bench.run("app.main", new Fork(mm, child));
        assertThat(bench.run("child.main", new Brk(child, HEAP + 5 * PAGE))).as("the limit is inherited").isEqualTo(HEAP + 4 * PAGE);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void whatIsObviouslyTooMuch(KernelVersion version) {
        begin(version);
        long all = bench.frames.count();
        assertThat(mmap(A, 4 * all, RW, Mmap.PRIVATE, 0)).isNull();
        bench.run("app.main", new Munmap(mm, A, 4 * all * PAGE));
        bench.kernel.limits().heuristic();
        assertThat(mmap(A, all + 1, RW, Mmap.PRIVATE, 0)).isEqualTo(Errno.ENOMEM);
        assertThat(mmap(A, all + 1, RW, Mmap.PRIVATE | Mmap.NORESERVE, 0)).isNull();
        assertThat(mmap(A, all + 1, Vma.READ, Mmap.PRIVATE, 0)).isNull();
        assertThat(mprotect(A, all + 1, RW)).isEqualTo(Errno.ENOMEM);
        assertThat(mmap(A + 8 * all * PAGE, all / 2, RW, Mmap.PRIVATE, 0)).isNull();
        assertThat(mmap(A + 16 * all * PAGE, all / 2, RW, Mmap.PRIVATE, 0)).as("each call is looked at by itself").isNull();
    }

    @Test
    void newerKernelsCountSwapAndWhatIsInUse() {
        begin(KernelVersion.V6_18);
        long all = bench.frames.count();
        bench.kernel.limits().heuristic();
        bench.kernel.swapOn(16);
        assertThat(mmap(A, all + 17, RW, Mmap.PRIVATE, 0)).isEqualTo(Errno.ENOMEM);
        assertThat(mmap(A, all + 16, RW, Mmap.PRIVATE, 0)).isNull();
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void noexec(KernelVersion version) {
        begin(version);
        int file = bench.kernel.files().create("f", 4 * PAGE, true);
        bench.kernel.files().mountNoexec(file);
        assertThat(mmap(A, 1, Vma.READ | Vma.EXEC, Mmap.PRIVATE, file)).isEqualTo(Errno.EPERM);
        assertThat(mmap(A, 1, RW | Vma.EXEC, Mmap.SHARED | Mmap.OPENED_READ_ONLY, file)).as("the way it was opened comes first").isEqualTo(Errno.EACCES);
        assertThat(mmap(A, 1, Vma.READ, Mmap.PRIVATE, file)).isNull();
        assertThat(mprotect(A, 1, Vma.READ | Vma.EXEC)).isEqualTo(Errno.EACCES);
    }

    @ParameterizedTest
    @CsvSource({
        "V3_16, false, , , ", "V3_19, false, EPERM, EPERM, EPERM", "V4_15, true, , , ", "V6_1, false, EPERM, EPERM, EPERM",
        "V6_1, true, EPERM, , EPERM", "V6_6, false, EPERM, EPERM, EPERM", "V6_6, true, EPERM, , EPERM", "V6_18, false, EPERM, , EPERM",
        "V6_18, true, EPERM, , EPERM"})
    void seals(KernelVersion version, boolean future, Errno writable, Errno readable, Errno pwrite) {
        begin(version);
        int file = bench.kernel.files().create("f", 4 * PAGE, true);
        bench.kernel.files().seal(file, future);
        assertThat(mmap(A, 1, RW, Mmap.SHARED, file)).isEqualTo(writable);
        assertThat(mmap(A, 1, Vma.READ, Mmap.SHARED, file)).isEqualTo(readable);
        if (readable == null && writable != null) {
            assertThat(mprotect(A, 1, RW)).isEqualTo(Errno.EACCES);
        }
        assertThat(mmap(A + PAGE, 1, RW, Mmap.PRIVATE, file)).as("a copy is no write").isNull();
        assertThat(Outcome.errno(bench.run("app.main", new Pwrite(mm, file, 0, "x")))).isEqualTo(pwrite);
        assertThat(Outcome.errno(bench.run("app.main", new Punch(file, 0, PAGE)))).isEqualTo(pwrite);
    }

    /** Until the file system is asked the place is free already; 6.18 asks before. */
    @ParameterizedTest
    @CsvSource({"V6_6, false", "V6_18, true"})
    void whatIsReplacedThen(KernelVersion version, boolean stays) {
        begin(version);
        int file = bench.kernel.files().create("f", 4 * PAGE, true);
        bench.kernel.files().seal(file, false);
        assertThat(mmap(A, 1, RW, Mmap.PRIVATE, 0)).isNull();
        assertThat(mmap(A, 1, RW, Mmap.SHARED, file)).isEqualTo(Errno.EPERM);
        assertThat(bench.kernel.vmas().at(mm, A) != null).isEqualTo(stays);
    }
}
