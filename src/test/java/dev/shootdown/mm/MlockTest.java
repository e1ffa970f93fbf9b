package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** mlock, msync, clear_refs and writes through /proc/PID/mem. */
class MlockTest {
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

    private Errno errno(Step step) {
        return Outcome.errno(bench.run("app.main", step));
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void whatIsLockedIsPresent(KernelVersion version) {
        begin(version);
        assertThat(errno(new Mlock(mm, A + PAGE + 5, PAGE, Vma.LOCKED))).isNull();
        assertThat(bench.kernel.rss(mm)).isEqualTo(2);
        assertThat(bench.kernel.vmas().count(mm)).isEqualTo(3);
        assertThat(errno(new Madvise(mm, A, 4 * PAGE, Advice.DONTNEED))).isEqualTo(Errno.EINVAL);
        bench.run("app.main", new Mremap(mm, A + PAGE, 2 * PAGE, 3 * PAGE, Mremap.MAYMOVE, 0));
        assertThat(bench.kernel.rss(mm)).isEqualTo(3);
        bench.settle();
        bench.check(mm);
    }

    /** DONTUNMAP unlocks the whole old mapping, but what it counted stays counted: more than the part that moved. */
    @Test
    void whatAPartLeavesBehindStaysCounted() {
        begin(KernelVersion.V6_18);
        bench.kernel.lockable(mm, 8);
        assertThat(errno(new Mlock(mm, A, 4 * PAGE, Vma.LOCKED))).isNull();
        assertThat(errno(new Mremap(mm, A, PAGE, PAGE, Mremap.MAYMOVE | Mremap.DONTUNMAP, 0))).isNull();
        assertThat(bench.kernel.vmas().at(mm, A + PAGE).has(Vma.LOCKED)).isFalse();
        assertThat(errno(new Mlock(mm, A, 4 * PAGE, Vma.LOCKED | Vma.LOCKONFAULT))).as("5 pages count, and 4 more").isEqualTo(Errno.ENOMEM);
        assertThat(errno(new Mlock(mm, A, 3 * PAGE, Vma.LOCKED | Vma.LOCKONFAULT))).isNull();
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void aHoleEndsIt(KernelVersion version) {
        begin(version);
        assertThat(errno(new Mlock(mm, A, 8 * PAGE, Vma.LOCKED))).isEqualTo(Errno.ENOMEM);
        assertThat(bench.kernel.vmas().at(mm, A).has(Vma.LOCKED)).isTrue();
        assertThat(errno(new Mlock(mm, A, 4 * PAGE, 0))).isNull();
        assertThat(bench.kernel.vmas().at(mm, A).has(Vma.LOCKED)).isFalse();
        bench.run("app.main", new Mprotect(mm, A, 4 * PAGE, 0));
        assertThat(errno(new Mlock(mm, A, PAGE, Vma.LOCKED))).isEqualTo(Errno.ENOMEM);
        assertThat(bench.kernel.lock(mm)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"V3_16, ENOSYS", "V4_15, ", "V6_18, "})
    void onfaultBringsNothingIn(KernelVersion version, Errno expected) {
        begin(version);
        assertThat(errno(new Mlock(mm, A, 4 * PAGE, Vma.LOCKED | Vma.LOCKONFAULT))).isEqualTo(expected);
        assertThat(bench.kernel.rss(mm)).isZero();
    }

    @Test
    void whatIsSyncedIsWriteProtected() {
        begin(KernelVersion.V6_1);
        int file = bench.kernel.files().create("f", 4 * PAGE, false);
        bench.run("app.main", new Mmap(mm, A + 8 * PAGE, 4 * PAGE, Vma.READ | Vma.WRITE, Mmap.SHARED | Mmap.FIXED, file, 0));
        bench.run("app.main", new Touch(mm, A + 8 * PAGE, A + 10 * PAGE, Translation.WRITE));
        assertThat(errno(new Msync(mm, A, 12 * PAGE, Msync.SYNC))).isEqualTo(Errno.ENOMEM);
        assertThat(Entry.writable(bench.kernel.pte(mm, A + 9 * PAGE))).isFalse();
        assertThat(errno(new Msync(mm, A + 8 * PAGE, 4 * PAGE, Msync.SYNC))).isNull();
        assertThat(errno(new Msync(mm, A + 1, PAGE, Msync.SYNC))).isEqualTo(Errno.EINVAL);
        assertThat(bench.kernel.lock(mm)).isZero();
    }

    /** Accessed bits go without a word on newer kernels; soft-dirty bits with a range, and a flush behind it. */
    @ParameterizedTest
    @CsvSource({"V3_16, 1, 0, 1", "V3_16, 4, 1, 1", "V4_15, 2, 0, 1", "V6_1, 1, 0, 0", "V6_1, 4, 1, 1", "V6_18, 4, 1, 1", "V6_18, 5, 0, 0"})
    void bitsAreForgotten(KernelVersion version, int type, int ranges, int flushes) {
        begin(version);
        bench.run("app.main", new Touch(mm, A, A + PAGE, Translation.WRITE));
        bench.moments.clear();
        assertThat(errno(new ClearRefs(mm, type))).isNull();
        assertThat(bench.events()).filteredOn(Event.NotifyStart.class::isInstance).hasSize(ranges);
        assertThat(bench.events()).filteredOn(Event.CpuFlush.class::isInstance).hasSize(flushes);
        long lost = type == 4 ? Entry.SOFT_DIRTY | Entry.WRITE : type == 5 ? 0 : Entry.ACCESSED;
        assertThat(bench.kernel.pte(mm, A) & lost).isZero();
        assertThat(errno(new ClearRefs(mm, 6))).isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void pokesGoRoundPermissions(KernelVersion version) {
        begin(version);
        bench.run("app.main", new Touch(mm, A, A + PAGE, Translation.WRITE));
        bench.run("app.main", new Touch(mm, A + PAGE, A + 2 * PAGE, Translation.READ));
        bench.run("app.main", new Mprotect(mm, A, 4 * PAGE, Vma.READ));
        assertThat(bench.run("app.main", Poke.fill(mm, A + 5, A + 3 * PAGE, 7))).isEqualTo(3 * PAGE - 5);
        assertThat(bench.run("app.main", new Read(mm, A + 2 * PAGE, A + 2 * PAGE + 1))).isEqualTo(7);
        assertThat(Entry.writable(bench.kernel.pte(mm, A))).isFalse();
        int file = bench.kernel.files().create("f", PAGE, true);
        long shared = bench.run("app.main", new Mmap(mm, 0, PAGE, Vma.READ, Mmap.SHARED, file, 0));
        assertThat(errno(Poke.fill(mm, shared, shared + 1, 7))).isEqualTo(Errno.EIO);
        assertThat(bench.run("app.main", Poke.fill(mm, A + 3 * PAGE, A + 5 * PAGE, 7))).isEqualTo(PAGE);
        assertThat(bench.kernel.lock(mm)).isZero();
        bench.check(mm);
    }
}
