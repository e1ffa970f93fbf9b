package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Outcome;
import dev.shootdown.vocabulary.Errno;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A breakpoint is found where it was set, and only there, on every version; what the reaper takes is gone. */
class UprobeTest {
    private static final long AT = 0x1000_0000_0000L;

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void aBreakpointComesAndGoes(KernelVersion version) {
        Bench bench = new Bench(version);
        int mm = bench.process("app");
        int file = bench.kernel.files().create("prog", 2 << 12, false);
        bench.run("app.main", new Mmap(mm, AT, 2 << 12, Vma.READ | Vma.EXEC, Mmap.PRIVATE | Mmap.FIXED, file, 0));
        bench.run("app.main", new Uprobe(mm, AT + 0x123, false));
        assertThat(bench.run("app.main", new Read(mm, AT + 0x123, AT + 0x124))).isEqualTo(0xcc);
        assertThat(bench.frames.byteAt(bench.kernel.files().frame(file, 0), 0x123)).isZero();
        bench.check(mm);
        bench.run("app.main", new Uprobe(mm, AT + 0x123, true));
        assertThat(bench.run("app.main", new Read(mm, AT + 0x123, AT + 0x124))).isZero();
        Use left = bench.frames.use(Entry.frame(bench.kernel.pte(mm, AT)));
        assertThat(left).isEqualTo(version.uprobeRestoresFilePage() ? Use.FILE : Use.ANONYMOUS);
        bench.check(mm);
        assertThat(Outcome.errno(bench.run("app.main", new Uprobe(mm, AT + (2 << 12), false)))).isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void theReaperTakesPrivateMappings(KernelVersion version) {
        Bench bench = new Bench(version);
        int mm = bench.process("app");
        long at = bench.map("app.main", mm, 4);
        bench.run("app.main", new Touch(mm, at, at + (4 << 12), Translation.WRITE));
        long result = bench.run("app.main", new OomReap(mm));
        assertThat(Outcome.errno(result)).isEqualTo(version.hasOomReaper() ? null : Errno.ENOSYS);
        assertThat(bench.kernel.rss(mm)).isEqualTo(version.hasOomReaper() ? 0 : 4);
        assertThat(bench.kernel.lock(mm)).isZero();
        bench.check(mm);
    }
}
