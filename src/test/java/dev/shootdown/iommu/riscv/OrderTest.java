package dev.shootdown.iommu.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.driver.Action;
import dev.shootdown.driver.Bind;
import dev.shootdown.driver.Driver;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Explorer;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.explore.ReplayToken;
import dev.shootdown.explore.Result;
import dev.shootdown.explore.Start;
import dev.shootdown.explore.Verdict;
import dev.shootdown.explore.Witness;
import dev.shootdown.iommu.Enqueue;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Sync;
import dev.shootdown.machine.Call;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.machine.Vendor;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Touch;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Mutation;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rule of this IOMMU: invalidate it, fence, invalidate the device, fence, wait. Kept, no interleaving of munmap on
 * 6.6 with a device's writes uses a freed frame; with any one part of it missing, exploration finds one that does.
 */
class OrderTest {
    private static final long BUFFER = 0x1000_0000_0000L;
    private static final long READ_WRITE = 3;
    private static final Check FREED = Check.USE_AFTER_FREE;
    private static final List<Check> WATCHED = List.of(FREED, Check.DEVICE_FAILED, Check.DEADLOCK, Check.LOST_FAULT, Check.LEAK);

    /** What is left out. */
    enum Missing implements Mutation {
        NOTHING,
        /** No IOFENCE.C between IOTINVAL and ATS.INVAL. */
        FENCE_BETWEEN,
        /** Nobody waits behind ATS.INVAL. */
        WAIT,
        /** A fence completes although what it waits for is still in flight. */
        DRAIN,
        /** An answer that an invalidation has overtaken is used. */
        LATE_ANSWER_DROPPED;

        @Override
        public Agenda put(Step step, Step by, Agenda rest) {
            return switch (this) {
                case NOTHING, LATE_ANSWER_DROPPED -> new Agenda(step, rest);
                case FENCE_BETWEEN -> fence(step) && invalidates(rest) ? rest : new Agenda(step, rest);
                case WAIT -> step instanceof Sync && !invalidates(rest) ? rest : new Agenda(step, rest);
                case DRAIN -> new Agenda(step instanceof AwaitCommands ? new AtOnce(step) : step, rest);
            };
        }

        @Override
        public boolean perform(Step part, Step by, Turn turn) {
            boolean marks = part.getClass().getName().equals("dev.shootdown.iommu.Mark$Answer");
            return this == LATE_ANSWER_DROPPED && marks || turn.carryOut(part, true);
        }

        private static boolean fence(Step step) {
            return step instanceof Sync || step instanceof Enqueue enqueue && enqueue.command() instanceof RiscvCommand.IofenceC;
        }

        private static boolean invalidates(Agenda rest) {
            return rest != null && rest.head() instanceof Enqueue next && next.command() instanceof RiscvCommand.AtsInval;
        }
    }

    /** A step that is always ready. */
    record AtOnce(Step step) implements Step {
        @Override
        public void run(Turn turn) {
            step.run(turn);
        }
    }

    /**
     * @param waits  whether the driver waits between the two, as on 6.6, or only at the end, as others' drivers on 6.18
     * @param silent whether the device never answers an invalidation
     */
    private record Unmapping(Vendor vendor, Missing missing, boolean waits, boolean silent) implements Start {
        Unmapping(Missing missing) {
            this(Vendor.RISCV, missing, true, false);
        }

        @Override
        public Engine begin() {
            Machine machine = new Machine(Configuration.standard().kernel("6.6"), missing);
            Checkers checkers = Checkers.of(machine);
            checkers.watch(EnumSet.noneOf(Check.class), false);
            Iommu iommu = machine.iommu("iommu0", vendor, IommuOptions.DEFAULT);
            Device gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(true).pri(true).silent(silent));
            Process app = machine.process("app", List.of("main"), 0);
            int mm = app.mm(machine.kernel());
            Actor main = app.threads().getFirst().actor();
            drive(machine, machine.kernelActor(), new Bind(gpu.number(), iommu.number(), 1, mm, driver()));
            drive(machine, main, new Mmap(mm, BUFFER, Frames.PAGE_SIZE, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0));
            drive(machine, main, new Touch(mm, BUFFER, BUFFER + Frames.PAGE_SIZE, Translation.WRITE));
            machine.engine().assign(main, Call.around("app", "munmap", "buf", List.of(new Munmap(mm, BUFFER, Frames.PAGE_SIZE)), Call.Result.NONE));
            DmaAccess write = DmaAccess.write(gpu.number(), 1, BUFFER, BUFFER + Frames.PAGE_SIZE, 0xab);
            machine.engine().assign(gpu.actor(), List.of(write, write));
            checkers.watch(WATCHED, false);
            return machine.engine();
        }

        private Driver driver() {
            Action.Where here = new Action.Where.Callback();
            List<Action> flush = waits
                    ? List.of(new Action.FlushIotlb(here), new Action.Sync(), new Action.FlushAtc(here), new Action.Sync())
                    : List.of(new Action.FlushIotlb(here), new Action.FlushAtc(here), new Action.Sync());
            return Driver.of("sva", List.of(new Driver.Handler(CallbackName.RANGE, flush)));
        }

        private static void drive(Machine machine, Actor actor, Step step) {
            machine.engine().assign(actor, List.of(step));
            Schedule inOrder = new Schedule.InOrder(List.of(actor));
            for (Choice next = inOrder.next(machine.engine()); next != null; next = inOrder.next(machine.engine())) {
                machine.engine().step(next);
            }
        }
    }

    private static List<Condition> conditions() {
        return WATCHED.stream().map(check -> Condition.lasting("forbid " + check.word(), Quantifier.FORBID,
                world -> world.part(Checkers.class).happened(check))).toList();
    }

    @Test
    void theRuleIsEnough() {
        Result result = new Explorer(new Unmapping(Missing.NOTHING), conditions()).explore();
        assertThat(result.reach().complete()).isTrue();
        assertThat(result.verdicts()).extracting(Verdict::text).containsOnly("Never");
    }

    /** AMD's hardware finishes what it invalidates before it goes on; a driver that relies on that is wrong here. */
    @ParameterizedTest
    @CsvSource({"AMD, YES", "RISCV, NO"})
    void oneWaitIsEnoughOnlyWhereHardwareKeepsTheOrder(Vendor vendor, Verdict.Holds holds) {
        Result result = new Explorer(new Unmapping(vendor, Missing.NOTHING, false, false), conditions()).explore();
        assertThat(result.reach().complete()).isTrue();
        assertThat(result.verdicts().getFirst().holds()).isEqualTo(holds);
    }

    @Test
    void withoutAnyReductionToo() {
        Result result = new Explorer(new Unmapping(Missing.NOTHING), conditions()).plain(true).explore();
        assertThat(result.reach().complete()).isTrue();
        assertThat(result.verdicts()).extracting(Verdict::text).containsOnly("Never");
        assertThat(result.counts().states()).isGreaterThan(1000);
    }

    @ParameterizedTest
    @EnumSource(value = Missing.class, names = "NOTHING", mode = EnumSource.Mode.EXCLUDE)
    void withAnyPartOfItMissingAFreedFrameIsUsed(Missing missing) {
        Unmapping race = new Unmapping(missing);
        Result result = new Explorer(race, conditions()).explore();
        assertThat(result.reach().complete()).isTrue();
        Verdict freed = result.verdicts().getFirst();
        assertThat(freed.holds()).isEqualTo(Verdict.Holds.NO);
        Engine replayed = ReplayToken.parse(freed.witness().token().text()).replay(race);
        assertThat(replayed.world().part(Checkers.class).happened(FREED)).isTrue();
    }

    /** The kernel's thread clears cmd_to, the fence completes, and nobody has dropped what the device keeps. */
    @Test
    void aTimeOutThatIsOnlyClearedIsNoInvalidation() {
        Result result = new Explorer(new Unmapping(Vendor.RISCV, Missing.NOTHING, true, true), conditions()).explore();
        assertThat(result.reach().complete()).isTrue();
        assertThat(result.verdicts()).extracting(Verdict::holds).containsExactly(Verdict.Holds.NO, Verdict.Holds.YES, Verdict.Holds.YES,
                Verdict.Holds.YES, Verdict.Holds.YES);
    }

    /** What the fence is for: a translation that the device asks for is found although its own invalidation is over. */
    @Test
    void withoutTheFenceADeviceFillsItsAtcBehindItsInvalidation() {
        Unmapping race = new Unmapping(Missing.FENCE_BETWEEN);
        Witness witness = new Explorer(race, conditions()).explore().verdicts().getFirst().witness();
        Engine engine = race.begin();
        List<Event> events = new ArrayList<>();
        engine.trace().add(new Listener() {
            @Override
            public long kinds() {
                return Kind.COMMAND.bit() | Kind.ATC_INVALIDATE.bit() | Kind.TRANSLATE.bit();
            }

            @Override
            public void on(Moment moment) {
                events.add(moment.event());
            }
        });
        witness.choices().forEach(engine::step);
        assertThat(events).filteredOn(event -> event instanceof Event.Command).extracting(event -> ((Event.Command) event).name())
                .startsWith("IOTINVAL.VMA", "ATS.INVAL");
        int invalidated = events.indexOf(events.stream().filter(event -> event instanceof Event.AtcInvalidate).findFirst().orElseThrow());
        assertThat(events.subList(invalidated, events.size())).anyMatch(event -> event instanceof Event.Translate found
                && found.outcome().equals("hit") && !found.via().equals("atc"));
    }
}
