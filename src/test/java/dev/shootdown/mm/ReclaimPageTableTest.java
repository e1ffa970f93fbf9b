package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Schedule;
import dev.shootdown.trace.Event;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MADV_DONTNEED of what a whole page table covers: on 6.18 the table goes too, behind the flush, and may come back huge. */
class ReclaimPageTableTest {
    private static final long A = 0x1000_0000_0000L;
    private static final long PAGE = 4096;

    private Bench bench;
    private int mm;

    private void begin(KernelVersion version) {
        bench = new Bench(version).listen();
        mm = bench.process("app");
        bench.notifier.subscribe(mm, new Observer("observer"));
        bench.kernel.thp().policy(Thp.Policy.NEVER);
        assertThat(Outcome.failed(bench.run("app.main", new Mmap(mm, A, 2 * Thp.SIZE, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.FIXED, 0, 0)))).isFalse();
    }

    private void dontneed(long address, long end) {
        assertThat(bench.run("app.main", new Madvise(mm, address, end - address, Advice.DONTNEED))).isZero();
        bench.settle();
        bench.check(mm);
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void onlyNewKernelsFreeTheTable(KernelVersion version) {
        begin(version);
        bench.run("app.main", new Touch(mm, A + Thp.SIZE - 2 * PAGE, A + Thp.SIZE + 2 * PAGE, Translation.WRITE));
        long first = bench.kernel.pteTable(mm, A);
        long second = bench.kernel.pteTable(mm, A + Thp.SIZE);
        bench.moments.clear();
        dontneed(A, A + Thp.SIZE + PAGE);
        assertThat(bench.kernel.pteTable(mm, A)).isEqualTo(version == KernelVersion.V6_18 ? 0 : first);
        assertThat(bench.kernel.pteTable(mm, A + Thp.SIZE)).as("only a part of it was cleared").isEqualTo(second);
        List<Event> freed = bench.events().stream().filter(Event.TableFree.class::isInstance).toList();
        assertThat(freed).hasSize(version == KernelVersion.V6_18 ? 1 : 0);
    }

    @Test
    void theFlushIsOfTablesAndComesFirst() {
        begin(KernelVersion.V6_18);
        bench.run("app.main", new Touch(mm, A, A + PAGE, Translation.WRITE));
        bench.moments.clear();
        dontneed(A, A + Thp.SIZE);
        List<Class<?>> order = bench.events().stream().<Class<?>>map(Object::getClass)
                .filter(kind -> List.of(Event.NotifyStart.class, Event.CpuFlush.class, Event.PageFree.class, Event.TableFree.class, Event.NotifyEnd.class).contains(kind))
                .toList();
        assertThat(order).containsSubsequence(Event.NotifyStart.class, Event.CpuFlush.class, Event.PageFree.class, Event.TableFree.class);
        assertThat(bench.events()).filteredOn(Event.CpuFlush.class::isInstance).singleElement()
                .satisfies(flush -> assertThat(((Event.CpuFlush) flush).tables()).isTrue());
    }

    @Test
    void aTableThatIsEmptyAlreadyGoesToo() {
        begin(KernelVersion.V6_18);
        bench.run("app.main", new Touch(mm, A, A + PAGE, Translation.WRITE));
        dontneed(A, A + PAGE);
        assertThat(bench.kernel.pteTable(mm, A)).isNotZero();
        dontneed(A, A + 2 * Thp.SIZE);
        assertThat(bench.kernel.pteTable(mm, A)).isZero();
    }

    @Test
    void aGuardMarkerKeepsItsTable() {
        begin(KernelVersion.V6_18);
        bench.run("app.main", new Touch(mm, A, A + PAGE, Translation.WRITE));
        bench.run("app.main", new Madvise(mm, A + PAGE, PAGE, Advice.GUARD_INSTALL));
        dontneed(A, A + Thp.SIZE);
        assertThat(bench.kernel.pteTable(mm, A)).isNotZero();
        assertThat(SwapEntry.guard(bench.kernel.pte(mm, A + PAGE))).isTrue();
        assertThat(bench.kernel.pte(mm, A)).isZero();
    }

    @Test
    void aFileAsWell() {
        begin(KernelVersion.V6_18);
        int file = bench.kernel.files().create("f", 4 * PAGE, true);
        bench.run("app.main", new Truncate(file, Thp.SIZE));
        bench.run("app.main", new Mmap(mm, A, Thp.SIZE, Vma.READ | Vma.WRITE, Mmap.SHARED | Mmap.FIXED, file, 0));
        bench.run("app.main", new Touch(mm, A, A + 3 * PAGE, Translation.WRITE));
        bench.moments.clear();
        dontneed(A, A + Thp.SIZE);
        assertThat(bench.kernel.pteTable(mm, A)).isZero();
        assertThat(bench.events()).filteredOn(Event.CpuFlush.class::isInstance)
                .as("dirty pages under the lock, then the table").hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_1", "V6_6", "V6_18"})
    void aHugePageComesBack(KernelVersion version) {
        begin(version);
        bench.kernel.thp().policy(Thp.Policy.MADVISE);
        bench.run("app.main", new Touch(mm, A, A + PAGE, Translation.WRITE), new Madvise(mm, A, 2 * Thp.SIZE, Advice.HUGEPAGE));
        dontneed(A, A + Thp.SIZE);
        bench.run("app.main", new Touch(mm, A, A + PAGE, Translation.WRITE));
        assertThat(bench.kernel.thp().at(mm, A) != 0).isEqualTo(version == KernelVersion.V6_18);
        bench.check(mm);
    }

    /** Faults, copies and other advice of a second thread, in any order with the table's going: nothing is lost, nobody is lost. */
    @Test
    void othersMayBeOnTheirWayIntoTheTable() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            begin(KernelVersion.V6_18);
            Actor main = bench.thread("app.main");
            Actor worker = bench.thread("app.worker", mm, 1);
            int child = bench.kernel.reserve("child");
            Actor other = bench.thread("child.main", child, 1);
            bench.run(main, new Touch(mm, A, A + 3 * PAGE, Translation.WRITE), new Fork(mm, child));
            bench.engine.assign(main, List.of(new Madvise(mm, A, Thp.SIZE, Advice.DONTNEED)));
            bench.engine.assign(worker, List.of(switch (random.nextInt(6)) {
                case 0 -> new Touch(mm, A + 5 * PAGE, A + 6 * PAGE, Translation.WRITE);
                case 1 -> new Touch(mm, A + 5 * PAGE, A + 6 * PAGE, Translation.READ);
                case 2 -> new Touch(mm, A, A + 3 * PAGE, Translation.WRITE);
                case 3 -> new Madvise(mm, A, Thp.SIZE, Advice.FREE);
                case 4 -> new Madvise(mm, A, Thp.SIZE, Advice.DONTNEED);
                default -> Reclaim.range(mm, A, A + 3 * PAGE, false);
            }));
            Schedule schedule = new Schedule.Seeded(seed);
            for (Choice choice = schedule.next(bench.engine); choice != null; choice = schedule.next(bench.engine)) {
                bench.engine.step(choice);
            }
            assertThat(bench.engine.deadlocked()).as("seed %d", seed).isFalse();
            bench.check(mm, child);
        }
    }
}
