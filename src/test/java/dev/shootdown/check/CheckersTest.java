package dev.shootdown.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.driver.Bind;
import dev.shootdown.driver.Driver;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.machine.Call;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Vendor;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Madvise;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mprotect;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Reclaim;
import dev.shootdown.mm.Touch;
import dev.shootdown.mm.Write;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What checkers report of a whole machine, with a driver that never flushes: whatever is cached stays. */
class CheckersTest {
    private static final long BUFFER = 0x1000_0000_0000L;
    private static final long PAGE = Frames.PAGE_SIZE;
    private static final long READ_WRITE = 3;

    private final Machine machine = new Machine(Configuration.standard().kernel("3.19"));
    private final Checkers checkers = Checkers.of(machine);
    private final List<Moment> moments = new ArrayList<>();
    private Device gpu;
    private Actor main;
    private int mm;

    @BeforeEach
    void compose() {
        machine.trace().add(new Listener() {
            @Override
            public long kinds() {
                return ~0L;
            }

            @Override
            public void on(Moment moment) {
                moments.add(moment);
            }
        });
        Iommu iommu = machine.iommu("amd0", Vendor.AMD, IommuOptions.DEFAULT);
        gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(true).pri(true));
        main = machine.process("app", List.of("main"), 0).threads().getFirst().actor();
        mm = machine.process("app").mm(machine.kernel());
        run(machine.kernelActor(), new Bind(gpu.number(), iommu.number(), 1, mm, Driver.of("none", List.of())));
        map(BUFFER, 2);
    }

    private void map(long address, int pages) {
        run(main, new Mmap(mm, address, pages * PAGE, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0));
        run(main, new Touch(mm, address, address + pages * PAGE, Translation.WRITE));
    }

    /** Runs a statement to its end, and whatever has to help it. */
    private void run(Actor actor, Step body) {
        machine.engine().assign(actor, Call.around("app", "test", "", List.of(body), Call.Result.NONE));
        Schedule inOrder = new Schedule.InOrder(List.of(actor));
        for (Choice next = inOrder.next(machine.engine()); next != null; next = inOrder.next(machine.engine())) {
            machine.engine().step(next);
        }
    }

    /** Lets an actor go on until an event of a kind. */
    private void until(Actor actor, Step body, Kind kind) {
        machine.engine().assign(actor, Call.around("app", "test", "", List.of(body), Call.Result.NONE));
        int before = moments.size();
        while (moments.subList(before, moments.size()).stream().noneMatch(moment -> moment.event().kind() == kind)) {
            machine.engine().step(actor, 0);
        }
    }

    private void write(long address) {
        run(gpu.actor(), DmaAccess.write(gpu.number(), 1, address, address + 8, 0xab));
    }

    private void read(long address) {
        run(gpu.actor(), DmaAccess.read(gpu.number(), 1, address, address + 8));
    }

    private List<String> violations() {
        return moments.stream().map(Moment::event).filter(Event.Violation.class::isInstance).map(event -> ((Event.Violation) event).check()).toList();
    }

    private Event.Violation violation(Check check) {
        return moments.stream().map(Moment::event).filter(Event.Violation.class::isInstance).map(Event.Violation.class::cast)
                .filter(found -> found.check().equals(check.word())).findFirst().orElseThrow();
    }

    private Moment step(long number) {
        return moments.stream().filter(moment -> moment.step() == number).findFirst().orElseThrow();
    }

    @Test
    void nothingIsReportedWhereNothingIsWrong() {
        write(BUFFER);
        read(BUFFER + PAGE);
        run(main, new Munmap(mm, BUFFER + PAGE, PAGE));
        write(BUFFER);
        checkers.end();
        assertThat(violations()).isEmpty();
        for (Check check : Check.values()) {
            assertThat(checkers.happened(check)).as(check.word()).isFalse();
        }
    }

    @Test
    void anAccessToAFreedFrameIsAUseAfterFreeAndSaysWhoFreedIt() {
        write(BUFFER);
        run(main, new Munmap(mm, BUFFER, PAGE));
        write(BUFFER);
        assertThat(violations()).containsExactly("use_after_free", "lost_write");
        Event.Violation found = violation(Check.USE_AFTER_FREE);
        assertThat(found.addr()).isEqualTo(BUFFER);
        assertThat(((Event.PageFree) step(found.because()).event()).frame()).isEqualTo(found.frame());
        assertThat(((Event.Pte) step(violation(Check.LOST_WRITE).because()).event()).change()).isEqualTo("clear");
        assertThat(checkers.happened(Check.FOREIGN_ACCESS)).isFalse();
    }

    @Test
    void aFrameThatHasBeenAllocatedAgainIsStillAUseAfterFree() {
        write(BUFFER);
        run(main, new Munmap(mm, BUFFER, PAGE));
        map(BUFFER + 16 * PAGE, 1);
        read(BUFFER);
        assertThat(violations()).containsExactly("use_after_free", "stale_read");
        assertThat(checkers.happened(Check.FOREIGN_ACCESS)).as("it is the same process's").isFalse();
    }

    @Test
    void aFrameOfSomebodyElseIsAForeignAccess() {
        write(BUFFER);
        run(main, new Munmap(mm, BUFFER, PAGE));
        machine.process("other", List.of("main"), 0);
        write(BUFFER);
        assertThat(checkers.happened(Check.FOREIGN_ACCESS)).isTrue();
        assertThat(violation(Check.FOREIGN_ACCESS).frame()).isEqualTo(violation(Check.USE_AFTER_FREE).frame());
    }

    @Test
    void aWriteIsLostOnlyOnceTheOperationHasEnded() {
        write(BUFFER);
        until(main, new Munmap(mm, BUFFER, PAGE), Kind.PTE);
        machine.engine().assign(gpu.actor(), List.of(DmaAccess.write(gpu.number(), 1, BUFFER, BUFFER + 8, 1)));
        while (machine.engine().ready(gpu.actor())) {
            machine.engine().step(gpu.actor(), 0);
        }
        assertThat(violations()).isEmpty();
        run(main, new Touch(mm, BUFFER + PAGE, BUFFER + 2 * PAGE, Translation.READ));
        write(BUFFER);
        assertThat(violations()).contains("lost_write");
    }

    @Test
    void aReadOfAnotherFrameIsStaleOnlyIfItFindsOtherBytes() {
        read(BUFFER);
        run(main, new Munmap(mm, BUFFER, PAGE));
        map(BUFFER + 16 * PAGE, 1);
        map(BUFFER, 1);
        read(BUFFER);
        assertThat(violations()).containsExactly("use_after_free");
        run(main, new Write(mm, BUFFER, BUFFER + PAGE, null, 7));
        read(BUFFER);
        assertThat(checkers.happened(Check.STALE_READ)).isTrue();
    }

    @Test
    void aWriteThroughATranslationThatMayNoLongerWriteIsAStalePermission() {
        write(BUFFER);
        run(main, new Mprotect(mm, BUFFER, PAGE, 1));
        read(BUFFER);
        assertThat(violations()).isEmpty();
        write(BUFFER);
        assertThat(violations()).containsExactly("stale_permission");
        assertThat(step(violation(Check.STALE_PERMISSION).because()).event()).isInstanceOf(Event.Pte.class);
    }

    @Test
    void onlyWhatIsWatchedIsReportedAndLatched() {
        checkers.watch(EnumSet.of(Check.LOST_WRITE), true);
        write(BUFFER);
        run(main, new Munmap(mm, BUFFER, PAGE));
        write(BUFFER);
        assertThat(violations()).containsExactly("lost_write");
        assertThat(checkers.happened(Check.USE_AFTER_FREE)).isFalse();
        checkers.watch(EnumSet.noneOf(Check.class), false);
        assertThat(checkers.kinds()).isZero();
    }

    @Test
    void aSearchIsToldOfNothingButWhatItAsksFor() {
        checkers.watch(EnumSet.of(Check.USE_AFTER_FREE), false);
        assertThat(checkers.kinds()).isEqualTo(Kind.DMA.bit() | Kind.CPU_ACCESS.bit() | Kind.TABLE_READ.bit());
        write(BUFFER);
        run(main, new Munmap(mm, BUFFER, PAGE));
        write(BUFFER);
        assertThat(checkers.happened(Check.USE_AFTER_FREE)).isTrue();
        assertThat(violations()).isEmpty();
    }

    @Test
    void whatIsRememberedGoesBackWithTime() {
        write(BUFFER);
        machine.world().journal(true);
        long fingerprint = machine.world().fingerprint();
        run(main, new Munmap(mm, BUFFER, PAGE));
        write(BUFFER);
        assertThat(checkers.happened(Check.USE_AFTER_FREE)).isTrue();
        machine.world().rewind(0);
        assertThat(checkers.happened(Check.USE_AFTER_FREE)).isFalse();
        assertThat(machine.world().fingerprint()).isEqualTo(fingerprint);
    }

    // ---------------------------------------------------------------- what is told at the end, and by events alone

    record Emit(Event event) implements Step {
        @Override
        public void run(Turn turn) {
            turn.emit(event.kind(), () -> event);
        }
    }

    record Never() implements Step {
        @Override
        public boolean ready(World world) {
            return false;
        }

        @Override
        public void run(Turn turn) {}
    }

    @Test
    void whoCanNeverGoOnIsADeadlock() {
        machine.engine().assign(main, List.of(new Never()));
        checkers.end();
        assertThat(violations()).containsExactly("deadlock");
    }

    @Test
    void aFrameThatNobodyMapsIsALeak() {
        long frame = machine.frames().allocate(Use.ANONYMOUS, mm);
        checkers.end();
        assertThat(violations()).containsExactly("leak");
        assertThat(violation(Check.LEAK).frame()).isEqualTo(frame);
    }

    /** Pages that are read ahead from swap are in its cache, and mapped by nobody yet. */
    @Test
    void aPageThatOnlyTheSwapCacheHoldsIsNone() {
        Configuration standard = Configuration.standard();
        Machine swapping = new Machine(new Configuration("6.1", 2, standard.memory(), 4, "never", 1 << 20, 1, 0, standard.lru()));
        List<String> seen = new ArrayList<>();
        swapping.trace().add(new Listener() {
            @Override
            public long kinds() {
                return Kind.VIOLATION.bit();
            }

            @Override
            public void on(Moment moment) {
                seen.add(((Event.Violation) moment.event()).check());
            }
        });
        Checkers ofIt = Checkers.of(swapping);
        Actor thread = swapping.process("app", List.of("main"), 0).threads().getFirst().actor();
        int space = swapping.process("app").mm(swapping.kernel());
        List<Step> steps = List.of(
                new Mmap(space, BUFFER, PAGE, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0), Write.fill(space, BUFFER, BUFFER + PAGE, 7),
                Reclaim.range(space, BUFFER, BUFFER + PAGE, false), new Madvise(space, BUFFER, PAGE, Advice.WILLNEED));
        for (Step step : steps) {
            swapping.engine().assign(thread, Call.around("app", "step", "", List.of(step), Call.Result.NONE));
            Schedule schedule = new Schedule.InOrder(List.of(thread));
            for (Choice choice = schedule.next(swapping.engine()); choice != null; choice = schedule.next(swapping.engine())) {
                swapping.engine().step(choice);
            }
        }
        Frames frames = swapping.frames();
        assertThat(LongStream.iterate(frames.nextInUse(0), frame -> frame != 0, frames::nextInUse))
                .anyMatch(frame -> frames.use(frame) == Use.ANONYMOUS && frames.mappings(frame) == 0 && frames.references(frame) > 0);
        ofIt.end();
        assertThat(seen).isEmpty();
    }

    @Test
    void thePageTablesOfAnAddressSpaceThatIsGoneAreALeak() {
        machine.frames().allocate(Use.TABLE, 77);
        checkers.end();
        assertThat(violations()).containsExactly("leak");
    }

    @Test
    void aRequestThatIsNeverAnsweredIsALostFault() {
        run(gpu.actor(), new Emit(new Event.PageRequest("gpu", 1, BUFFER, 4, true, "write")));
        run(gpu.actor(), new Emit(new Event.PageRequest("gpu", 1, BUFFER, 5, true, "write")));
        run(gpu.actor(), new Emit(new Event.PageResponse("gpu", 1, BUFFER, 5, true, "write", 0)));
        checkers.end();
        assertThat(violations()).containsExactly("lost_fault");
        assertThat(step(violation(Check.LOST_FAULT).because()).event()).isInstanceOf(Event.PageRequest.class);
    }

    @Test
    void aDeviceThatGivesUpIsSeen() {
        run(gpu.actor(), new Emit(new Event.DeviceFailed("gpu", "retries")));
        assertThat(violations()).containsExactly("device_failed");
    }

    @Test
    void aFrameFreedTwiceIsSeenUnlessItWasHandedOutBetween() {
        Event free = new Event.PageFree("app", 500, 0, "app");
        run(main, new Emit(free));
        run(main, new Emit(new Event.PageAlloc("app", 500, 0, "app")));
        run(main, new Emit(free));
        assertThat(violations()).isEmpty();
        run(main, new Emit(new Event.TableFree("app", 500, 1)));
        assertThat(violations()).containsExactly("double_free");
        assertThat(step(violation(Check.DOUBLE_FREE).because()).event()).isInstanceOf(Event.PageFree.class);
    }

    @Test
    void everyCheckIsAWordOfTheLanguage() {
        assertThat(Check.words()).hasSameSizeAs(Check.values()).allMatch(word -> word.sort() == Word.Sort.CHECK && !word.help().isEmpty());
        assertThat(Check.USE_AFTER_FREE.word()).isEqualTo("use_after_free");
    }
}
