package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Errno;
import org.junit.jupiter.api.Test;

/** Sealed mappings stay as they are. */
class MsealTest {
    private static final long A = 0x1000_0000_0000L;
    private static final long PAGE = 4096;

    private final Bench bench = new Bench(KernelVersion.V6_18);
    private final int mm = bench.process("app");

    private Errno errno(Step step) {
        return Outcome.errno(bench.run("app.main", step));
    }

    private void map(long protection) {
        bench.run("app.main", new Mmap(mm, A, 4 * PAGE, protection, Mmap.PRIVATE | Mmap.FIXED, 0, 0));
    }

    @Test
    void whoChangesThemIsRefused() {
        map(Vma.READ);
        assertThat(errno(new Mseal(mm, A, 8 * PAGE))).isEqualTo(Errno.ENOMEM);
        assertThat(errno(new Mseal(mm, A + 1, PAGE))).isEqualTo(Errno.EINVAL);
        assertThat(errno(new Mseal(mm, A + PAGE, PAGE))).isNull();
        assertThat(bench.kernel.vmas().count(mm)).isEqualTo(3);
        assertThat(errno(new Munmap(mm, A, 4 * PAGE))).isEqualTo(Errno.EPERM);
        assertThat(errno(new Mprotect(mm, A + PAGE, PAGE, Vma.READ | Vma.WRITE))).isEqualTo(Errno.EPERM);
        assertThat(errno(new Mremap(mm, A + PAGE, PAGE, 2 * PAGE, Mremap.MAYMOVE, 0))).isEqualTo(Errno.EPERM);
        assertThat(errno(new Mremap(mm, A, PAGE, PAGE, Mremap.MAYMOVE | Mremap.FIXED, A + PAGE))).isEqualTo(Errno.EPERM);
        assertThat(errno(new Mmap(mm, A, 4 * PAGE, Vma.READ, Mmap.PRIVATE | Mmap.FIXED, 0, 0))).isEqualTo(Errno.EPERM);
        assertThat(errno(new Madvise(mm, A + PAGE, PAGE, Advice.DONTNEED))).isEqualTo(Errno.EPERM);
        assertThat(errno(new Madvise(mm, A + PAGE, PAGE, Advice.COLD))).isNull();
        assertThat(bench.kernel.vmas().count(mm)).isEqualTo(3);
        assertThat(bench.kernel.lock(mm)).isZero();
        bench.run("app.main", new Exit(mm));
        bench.settle();
        assertThat(bench.frames.inUse()).isEqualTo(1);
    }

    /** Who may write may also discard. */
    @Test
    void whatMayBeWrittenMayBeDiscarded() {
        map(Vma.READ | Vma.WRITE);
        bench.run("app.main", new Touch(mm, A, A + 4 * PAGE, Translation.WRITE));
        assertThat(errno(new Mseal(mm, A, 4 * PAGE))).isNull();
        assertThat(errno(new Madvise(mm, A, 4 * PAGE, Advice.DONTNEED))).isNull();
        assertThat(bench.kernel.rss(mm)).isZero();
    }

    @Test
    void olderKernelsHaveNone() {
        Bench old = new Bench(KernelVersion.V6_6);
        int process = old.process("app");
        assertThat(Outcome.errno(old.run("app.main", new Mseal(process, A, PAGE)))).isEqualTo(Errno.ENOSYS);
    }
}
