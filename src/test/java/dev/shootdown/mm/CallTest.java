package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What calls return, where mappings go and merge, and who is interrupted. */
class CallTest {
    private static final long RW = Vma.READ | Vma.WRITE;

    private final Bench bench = new Bench(KernelVersion.V6_1).listen();
    private final int mm = bench.process("app");

    private Errno errno(Step step) {
        return Outcome.errno(bench.run("app.main", step));
    }

    private Signal signal(Step step) {
        return Outcome.signal(bench.run("app.main", step));
    }

    private Mmap mmap(long address, long length, long protection, long flags) {
        return new Mmap(mm, address, length, protection, Mmap.PRIVATE | flags, 0, 0);
    }

    @Test
    void callsAreRefusedByTheKernelsRules() {
        assertThat(errno(mmap(0, 0, RW, 0))).isEqualTo(Errno.EINVAL);
        assertThat(errno(mmap(0, -1, RW, 0))).isEqualTo(Errno.ENOMEM);
        assertThat(errno(mmap(0, 1L << 47, RW, 0))).isEqualTo(Errno.ENOMEM);
        assertThat(errno(mmap(0x10_0001, 4096, RW, Mmap.FIXED))).isEqualTo(Errno.EINVAL);
        assertThat(errno(mmap(0x1000, 4096, RW, Mmap.FIXED))).isEqualTo(Errno.EPERM);
        long at = bench.map("app.main", mm, 4);
        assertThat(errno(mmap(at, 4096, RW, Mmap.FIXED_NOREPLACE))).isEqualTo(Errno.EEXIST);
        assertThat(errno(new Munmap(mm, at + 1, 4096))).isEqualTo(Errno.EINVAL);
        assertThat(errno(new Munmap(mm, at, 0))).isEqualTo(Errno.EINVAL);
        assertThat(errno(new Munmap(mm, 1L << 50, 4096))).isEqualTo(Errno.EINVAL);
        assertThat(errno(new Munmap(mm, 0x10_0000, 4096))).isNull();
        assertThat(errno(new Mprotect(mm, at + 1, 4096, RW))).isEqualTo(Errno.EINVAL);
        assertThat(errno(new Mprotect(mm, 0x10_0000, 4096, RW))).isEqualTo(Errno.ENOMEM);
        assertThat(errno(new Mprotect(mm, at, 8 << 12, Vma.READ))).isEqualTo(Errno.ENOMEM);
        // What came before the hole stays changed.
        assertThat(bench.kernel.vmas().at(mm, at).prot()).isEqualTo("r");
        assertThat(errno(new Madvise(mm, at, 8 << 12, Advice.DONTNEED))).isEqualTo(Errno.ENOMEM);
    }

    /** What the language has no words for: kinds of mappings, files that are not open, bits that mean nothing. */
    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void whatOnlyAProgramCanSayIsRefusedToo(KernelVersion version) {
        Bench own = new Bench(version);
        int app = own.process("app");
        int file = own.kernel.files().create("f", 16 << 12, false);
        long at = own.map("app.main", app, 4);
        boolean validates = version != KernelVersion.V3_16 && version != KernelVersion.V3_19;
        long unknown = 0x0800_0000;
        assertThat(refused(own, new Mmap(app, 0, 4096, RW, Mmap.ANONYMOUS, 0, 0))).as("no type").isEqualTo(Errno.EINVAL);
        assertThat(refused(own, new Mmap(app, 0, 4096, RW, Mmap.SHARED_VALIDATE | Mmap.ANONYMOUS, 0, 0))).isEqualTo(Errno.EINVAL);
        assertThat(refused(own, new Mmap(app, 0, 4096, RW, Mmap.SHARED_VALIDATE, file, 0))).isEqualTo(validates ? null : Errno.EINVAL);
        assertThat(refused(own, new Mmap(app, 0, 4096, RW, Mmap.SHARED_VALIDATE | unknown, file, 0)))
                .isEqualTo(validates ? Errno.EOPNOTSUPP : Errno.EINVAL);
        assertThat(refused(own, new Mmap(app, 0, 4096, RW, Mmap.SHARED | unknown, file, 0))).as("unknown flags of MAP_SHARED mean nothing").isNull();
        assertThat(refused(own, new Mmap(app, 0, 4096, RW, Mmap.DROPPABLE | Mmap.ANONYMOUS, 0, 0)))
                .isEqualTo(version == KernelVersion.V6_18 ? null : Errno.EINVAL);
        assertThat(refused(own, new Mmap(app, 0, 0, RW, Mmap.SHARED, Mmap.NO_FILE, 0))).as("before the length is looked at").isEqualTo(Errno.EBADF);
        assertThat(refused(own, new Mprotect(app, at, 4096, RW | 1L << 30))).isEqualTo(Errno.EINVAL);
        assertThat(refused(own, new Mprotect(app, at, 4096, RW | 0x0300_0000))).as("down and up").isEqualTo(Errno.EINVAL);
        assertThat(refused(own, new Mprotect(app, at, 4096, RW | 0x0100_0000))).as("a mapping that does not grow").isEqualTo(Errno.EINVAL);
        assertThat(refused(own, new Mprotect(app, at, -at, RW))).as("wraps around").isEqualTo(Errno.ENOMEM);
        assertThat(refused(own, new Madvise(app, at, -at + 4096, Advice.DONTNEED))).as("wraps around").isEqualTo(Errno.EINVAL);
        assertThat(refused(own, new Madvise(app, at, -1, Advice.DONTNEED))).as("nothing, rounded up").isEqualTo(Errno.EINVAL);
        assertThat(own.kernel.vmas().at(app, at).prot()).as("nothing has changed").isEqualTo("rw");
    }

    private static Errno refused(Bench own, Step step) {
        return Outcome.errno(own.run("app.main", step));
    }

    @Test
    void accessesEndInSignals() {
        long at = bench.run("app.main", mmap(0, 4096, Vma.READ, 0));
        assertThat(signal(new Touch(mm, 0x10_0000, 0x10_0001, Translation.READ))).isEqualTo(Signal.SEGV_MAPERR);
        assertThat(signal(new Touch(mm, at, at + 1, Translation.WRITE))).isEqualTo(Signal.SEGV_ACCERR);
        assertThat(signal(new Touch(mm, at, at + 1, Translation.EXECUTE))).isEqualTo(Signal.SEGV_ACCERR);
        assertThat(signal(new Touch(mm, at, at + 1, Translation.READ))).isNull();
        int file = bench.kernel.files().create("f", 4096, false);
        long mapped = bench.run("app.main", new Mmap(mm, 0, 2 << 12, Vma.READ, Mmap.SHARED, file, 0));
        assertThat(signal(new Touch(mm, mapped, mapped + (2 << 12), Translation.READ))).isEqualTo(Signal.BUS_ADRERR);
        assertThat(bench.events().getLast()).isEqualTo(new Event.CpuFault("app", mapped + 4096, "read", "SIGBUS"));
        assertThat(bench.kernel.lock(mm)).isZero();
    }

    @Test
    void whatIsWrittenIsRead() {
        long at = bench.map("app.main", mm, 2);
        bench.run("app.main", Write.text(mm, at + 4090, at + (2 << 12), "payload across pages"));
        bench.engine.assign(bench.thread("app.main"), List.of(new Read(mm, at + 4090, at + (2 << 12))));
        while (bench.thread("app.main").agenda() != null) {
            bench.engine.step(bench.thread("app.main"), 0);
        }
        assertThat(bench.thread("app.main").remark()).isEqualTo("payload across pages");
        bench.run("app.main", Write.fill(mm, at, at + (2 << 12), 0xab));
        assertThat(bench.run("app.main", new Read(mm, at + 5000, at + 5001))).isEqualTo(0xab);
    }

    @Test
    void mappingsGoTopDownAndMerge() {
        long first = bench.map("app.main", mm, 4);
        assertThat(first + (4 << 12)).isEqualTo(Placement.DEFAULT_MMAP_BASE).isEqualTo(0x7fff_f7ff_f000L);
        long second = bench.map("app.main", mm, 2);
        assertThat(second).isEqualTo(first - (2 << 12));
        assertThat(bench.kernel.vmas().all(mm)).hasSize(1);
        bench.run("app.main", new Mprotect(mm, second, 1 << 12, Vma.READ));
        assertThat(bench.kernel.vmas().all(mm)).hasSize(2);
        bench.run("app.main", new Mprotect(mm, second, 1 << 12, RW));
        assertThat(bench.kernel.vmas().all(mm)).hasSize(1);
        bench.run("app.main", new Munmap(mm, second + 4096, 4096));
        assertThat(bench.map("app.main", mm, 1)).isEqualTo(second + 4096);
        assertThat(bench.kernel.vmas().all(mm)).hasSize(1);
    }

    @Test
    void aHintBeyondUserSpaceIsNone() {
        long first = bench.map("app.main", mm, 4);
        assertThat(bench.run("app.main", mmap(0xdee3_1876_c000L, 4096, Vma.READ, 0))).isEqualTo(first - 4096);
        assertThat(bench.run("app.main", mmap(0xcc89_7dac_d088_77e4L, 4096, Vma.READ, 0))).isEqualTo(first - 2 * 4096);
    }

    /** It would have been a copy, and needs an anon_vma before the page is looked for. */
    @Test
    void aWriteBeyondTheEndOfAPrivateFileLeavesAnAnonVma() {
        int file = bench.kernel.files().create("f", 4096, true);
        long at = bench.run("app.main", new Mmap(mm, 0, 4 << 12, RW, Mmap.PRIVATE, file, 0));
        assertThat(signal(new Touch(mm, at + 8192, at + 8193, Translation.READ))).isEqualTo(Signal.BUS_ADRERR);
        assertThat(bench.kernel.vmas().at(mm, at).anon()).isZero();
        assertThat(signal(new Touch(mm, at + 8192, at + 8193, Translation.WRITE))).isEqualTo(Signal.BUS_ADRERR);
        assertThat(bench.kernel.vmas().at(mm, at).anon()).isNotZero();
    }

    @Test
    void aMappingForThirtyTwoBitsGoesUpwardsThroughTheSecondGigabyte() {
        assertThat(bench.run("app.main", mmap(0, 4096, RW, Mmap.LOW_ADDRESS))).isEqualTo(0x4000_0000L);
        assertThat(bench.run("app.main", mmap(0, 4096, RW, Mmap.LOW_ADDRESS))).isEqualTo(0x4000_1000L);
        assertThat(bench.run("app.main", mmap(0x5000_0000L, 4096, RW, Mmap.LOW_ADDRESS))).isEqualTo(0x5000_0000L);
        assertThat(bench.run("app.main", mmap(0x5000_0000L, 4096, RW, Mmap.LOW_ADDRESS))).isEqualTo(0x4000_2000L);
        assertThat(errno(mmap(0, 0x4000_0000L, RW, Mmap.LOW_ADDRESS))).isEqualTo(Errno.ENOMEM);
    }

    @Test
    void nothingIsMadePresentThatMustNotBeWaitedFor() {
        bench.run("app.main", mmap(0, 4096, RW, Mmap.POPULATE | Mmap.NONBLOCK));
        assertThat(bench.kernel.rss(mm)).isZero();
        bench.run("app.main", mmap(0, 4096, RW, Mmap.POPULATE | Mmap.NONBLOCK | Mmap.LOCKED));
        assertThat(bench.kernel.rss(mm)).isEqualTo(1);
    }

    @Test
    void anUntouchedTerabyteCostsNothing() {
        long at = bench.map("app.main", mm, 1L << 28);
        long before = bench.engine.steps();
        bench.run("app.main", new Munmap(mm, at, 1L << 40));
        assertThat(bench.engine.steps() - before).isLessThan(30);
    }

    @Test
    void otherCpusAreInterruptedAndWaitedFor() {
        bench.thread("app.worker", mm, 1);
        long at = bench.map("app.main", mm, 1);
        bench.run("app.main", new Touch(mm, at, at + 1, Translation.WRITE));
        bench.run("app.worker", new Touch(mm, at, at + 1, Translation.READ));
        assertThat(bench.cpus.tlb(1).size(mm)).isEqualTo(1);
        bench.engine.assign(bench.thread("app.main"), List.of(new Munmap(mm, at, 4096)));
        int number = bench.thread("app.main").number();
        while (bench.engine.ready(bench.thread("app.main"))) {
            bench.engine.step(new Choice(number, 0));
        }
        // It waits: this CPU has dropped the page, the other one has not, and the frame is not free yet.
        assertThat(bench.cpus.tlb(0).size(mm)).isZero();
        assertThat(bench.cpus.tlb(1).size(mm)).isEqualTo(1);
        assertThat(bench.events()).noneMatch(Event.PageFree.class::isInstance);
        bench.settle();
        assertThat(bench.cpus.tlb(1).size(mm)).isZero();
        bench.run("app.main");
        assertThat(bench.events()).anyMatch(Event.PageFree.class::isInstance);
    }

    @Test
    void aPinnedAddressSpaceOutlivesItsProcess() {
        long at = bench.map("app.main", mm, 1);
        bench.run("app.main", new Touch(mm, at, at + 1, Translation.WRITE));
        bench.kernel.get(mm);
        bench.run("app.main", new Exit(mm));
        assertThat(bench.kernel.alive(mm)).isTrue();
        bench.run("app.main", new Mmput(mm));
        assertThat(bench.kernel.alive(mm)).isFalse();
        assertThat(bench.frames.inUse()).isEqualTo(1);
    }
}
