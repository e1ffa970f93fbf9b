package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Outcome;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hugetlb pool: what is reserved, taken and given back, on every version. */
class HugetlbTest {
    private static final long AT = 0x1000_0000_0000L;
    private static final long RW = Vma.READ | Vma.WRITE;

    private static Bench bench(KernelVersion version) {
        Bench bench = new Bench(version, 4, 1 << 13);
        bench.kernel.hugetlb().pool(4);
        bench.process("app");
        bench.kernel.reserve("child");
        bench.thread("child.main", bench.kernel.reserve("child"), 1);
        return bench;
    }

    private static Mmap map(int mm, long at, int pages) {
        return new Mmap(mm, at, pages * Thp.SIZE, RW, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.HUGETLB | Mmap.FIXED, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void whatIsReservedIsThere(KernelVersion version) {
        Bench bench = bench(version);
        int mm = bench.kernel.mm("app");
        assertThat(bench.run("app.main", map(mm, AT, 3))).isEqualTo(AT);
        assertThat(Outcome.errno(bench.run("app.main", map(mm, AT + 8 * Thp.SIZE, 2)))).isEqualTo(Errno.ENOMEM);
        bench.run("app.main", new Touch(mm, AT, AT + 3 * Thp.SIZE, Translation.WRITE));
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(1);
        assertThat(bench.kernel.rss(mm)).isZero();
        assertThat(Outcome.errno(bench.run("app.main", new Munmap(mm, AT + 4096, Thp.SIZE)))).isEqualTo(Errno.EINVAL);
        bench.run("app.main", new Munmap(mm, AT, 3 * Thp.SIZE));
        bench.settle();
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(4);
        assertThat(bench.run("app.main", map(mm, AT, 4))).isEqualTo(AT);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void aWriteAfterForkCopiesAndAllComesBack(KernelVersion version) {
        Bench bench = bench(version);
        int mm = bench.kernel.mm("app");
        int child = bench.kernel.reserve("child");
        bench.run("app.main", map(mm, AT, 2));
        bench.run("app.main", Write.fill(mm, AT, AT + 1, 7));
        bench.run("app.main", new Fork(mm, child));
        bench.run("app.main", Write.fill(mm, AT + 4096, AT + 4097, 8));
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(2);
        assertThat(bench.run("child.main", new Read(child, AT, AT + 1))).isEqualTo(7);
        assertThat(bench.run("child.main", new Read(child, AT + 4096, AT + 4097))).isZero();
        bench.run("child.main", new Touch(child, AT + Thp.SIZE, AT + Thp.SIZE + 1, Translation.WRITE));
        bench.run("child.main", new Exit(child));
        bench.run("app.main", new Exit(mm));
        bench.settle();
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(4);
        for (long frame = bench.frames.nextInUse(0); frame != 0; frame = bench.frames.nextInUse(frame)) {
            assertThat(bench.frames.use(frame)).isIn(Use.KERNEL, Use.HUGETLB);
            assertThat(bench.frames.owner(frame)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void anEmptyPoolEndsInASignal(KernelVersion version) {
        Bench bench = bench(version);
        int mm = bench.kernel.mm("app");
        int child = bench.kernel.reserve("child");
        bench.run("app.main", map(mm, AT, 4));
        bench.run("app.main", new Touch(mm, AT, AT + 4 * Thp.SIZE, Translation.WRITE));
        bench.run("app.main", new Fork(mm, child));
        long touched = bench.run("child.main", new Touch(child, AT, AT + 1, Translation.WRITE));
        assertThat(Outcome.signal(touched)).isEqualTo(Signal.BUS_ADRERR);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void sharedPagesAreTheSameForAll(KernelVersion version) {
        Bench bench = bench(version).listen();
        int mm = bench.kernel.mm("app");
        int child = bench.kernel.reserve("child");
        long flags = Mmap.SHARED | Mmap.ANONYMOUS | Mmap.HUGETLB | Mmap.FIXED;
        bench.run("app.main", new Mmap(mm, AT, 3 * Thp.SIZE, RW, flags, 0, 0));
        assertThat(Outcome.errno(bench.run("app.main", new Mmap(mm, AT + 8 * Thp.SIZE, 2 * Thp.SIZE, RW, flags, 0, 0)))).isEqualTo(Errno.ENOMEM);
        bench.run("app.main", Write.fill(mm, AT, AT + 1, 7));
        bench.moments.clear();
        bench.run("app.main", new Fork(mm, child));
        assertThat(bench.events()).filteredOn(Event.NotifyStart.class::isInstance).isEmpty();
        bench.run("app.main", Write.fill(mm, AT + 4096, AT + 4097, 8));
        assertThat(bench.run("child.main", new Read(child, AT + 4096, AT + 4097))).isEqualTo(8);
        bench.run("child.main", Write.fill(child, AT + Thp.SIZE, AT + Thp.SIZE + 1, 9));
        assertThat(bench.run("app.main", new Read(mm, AT + Thp.SIZE, AT + Thp.SIZE + 1))).isEqualTo(9);
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(2);
        bench.run("app.main", new Mprotect(mm, AT, Thp.SIZE, Vma.READ));
        bench.run("app.main", new Mprotect(mm, AT, Thp.SIZE, RW));
        bench.run("app.main", Write.fill(mm, AT, AT + 1, 6));
        assertThat(bench.run("child.main", new Read(child, AT, AT + 1))).isEqualTo(6);
        assertThat(bench.kernel.rss(mm)).isZero();
        bench.run("child.main", new Exit(child));
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(2);
        bench.run("app.main", new Munmap(mm, AT, 3 * Thp.SIZE));
        bench.settle();
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(4);
        assertThat(bench.run("app.main", map(mm, AT, 4))).isEqualTo(AT);
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_1", "V6_6", "V6_18"})
    void othersMayShareTheTableOfAGigabyte(KernelVersion version) {
        Bench bench = bench(version).listen();
        int mm = bench.kernel.mm("app");
        bench.notifier.subscribe(mm, new Observer("observer"));
        bench.run("app.main", new Mmap(mm, AT, 2L << 30, RW, Mmap.SHARED | Mmap.ANONYMOUS | Mmap.HUGETLB | Mmap.FIXED | Mmap.NORESERVE, 0, 0));
        bench.run("app.main", new Touch(mm, AT + Thp.SIZE, AT + Thp.SIZE + 1, Translation.WRITE));
        bench.moments.clear();
        bench.run("app.main", new Madvise(mm, AT + Thp.SIZE, Thp.SIZE, Advice.DONTNEED));
        assertThat(bench.events()).filteredOn(Event.NotifyStart.class::isInstance).isNotEmpty().first()
                .satisfies(event -> assertThat(((Event.NotifyStart) event).start()).isEqualTo(AT))
                .satisfies(event -> assertThat(((Event.NotifyStart) event).end()).isEqualTo(AT + (1L << 30)));
        assertThat(bench.kernel.pte(mm, AT + Thp.SIZE)).isZero();
        assertThat(bench.kernel.hugetlb().free()).isEqualTo(3);
    }
}
