package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.driver.Action;
import dev.shootdown.driver.Bind;
import dev.shootdown.driver.Driver;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
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
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Mutant;
import dev.shootdown.sim.Mutation;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Site;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rule that IOTLB, ATC and the freeing of a page come in this order, behind each vendor's hardware: what is enough, and
 * that exploration finds each part of it that is missing.
 */
class VendorRaceTest {
    private static final long BUFFER = 0x1000_0000_0000L;
    private static final long LENGTH = Frames.PAGE_SIZE;
    private static final long READ_WRITE = 3;

    /** Munmap of one page against one DMA write of it; the driver does this in the call-back of 6.6. */
    private record OnePage(Vendor vendor, List<Action> flush, Mutation mutation) implements Start {
        @Override
        public Engine begin() {
            Machine machine = new Machine(Configuration.standard().kernel("6.6"), mutation);
            Checkers checkers = Checkers.of(machine);
            checkers.watch(EnumSet.noneOf(Check.class), false);
            Iommu iommu = machine.iommu("iommu0", vendor, IommuOptions.DEFAULT);
            Device gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(true).pri(true));
            Process app = machine.process("app", List.of("main"), 0);
            int mm = app.mm(machine.kernel());
            Driver driver = Driver.of("order", List.of(new Driver.Handler(CallbackName.RANGE, flush)));
            drive(machine, machine.kernelActor(), new Bind(gpu.number(), iommu.number(), 1, mm, driver));
            Actor main = app.threads().getFirst().actor();
            drive(machine, main, new Mmap(mm, BUFFER, LENGTH, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0));
            drive(machine, main, new Touch(mm, BUFFER, BUFFER + LENGTH, Translation.WRITE));
            machine.engine().assign(main, Call.around("app", "munmap", "buf", List.of(new Munmap(mm, BUFFER, LENGTH)), Call.Result.NONE));
            machine.engine().assign(gpu.actor(), List.of(DmaAccess.write(gpu.number(), 1, BUFFER, BUFFER + LENGTH, 0xab)));
            checkers.watch(List.of(Check.USE_AFTER_FREE), false);
            return machine.engine();
        }

        private static void drive(Machine machine, Actor actor, Step step) {
            machine.engine().assign(actor, List.of(step));
            Schedule inOrder = new Schedule.InOrder(List.of(actor));
            for (Choice next = inOrder.next(machine.engine()); next != null; next = inOrder.next(machine.engine())) {
                machine.engine().step(next);
            }
        }
    }

    private static List<Action> actions(String written) {
        Action.Where here = new Action.Where.Callback();
        List<Action> actions = new ArrayList<>();
        for (String word : written.split(" ")) {
            actions.add(switch (word) {
                case "iotlb" -> new Action.FlushIotlb(here);
                case "atc" -> new Action.FlushAtc(here);
                case "sync" -> new Action.Sync();
                default -> throw new IllegalArgumentException(word);
            });
        }
        return actions;
    }

    private static boolean safe(Vendor vendor, String flush, Mutation mutation) {
        Condition freed = Condition.lasting("forbid use_after_free", Quantifier.FORBID,
                world -> world.part(Checkers.class).happened(Check.USE_AFTER_FREE));
        Result result = new Explorer(new OnePage(vendor, actions(flush), mutation), List.of(freed)).explore();
        assertThat(result.reach().complete()).isTrue();
        return result.verdicts().getFirst().holds() == Verdict.Holds.YES;
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void aWaitBehindEachIsEnoughForEveryVendor(Vendor vendor) {
        assertThat(safe(vendor, "iotlb sync atc sync", null)).isTrue();
    }

    /** Where the hardware keeps the order by itself, one wait is enough. */
    @ParameterizedTest
    @CsvSource({"AMD, true", "INTEL, true", "ARM, false", "RISCV, false"})
    void oneWaitIsEnoughWhereTheHardwareKeepsTheOrder(Vendor vendor, boolean enough) {
        assertThat(safe(vendor, "iotlb atc sync", null)).isEqualTo(enough);
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void withoutAnyWaitAPageIsUsedThatWasFreed(Vendor vendor) {
        assertThat(safe(vendor, "iotlb atc", null)).isFalse();
    }

    /** The device takes the stale translation from the IOMMU once more. Arm's driver did so until 2019 (353e3cf8590c). */
    @ParameterizedTest
    @EnumSource(Vendor.class)
    void theDeviceBeforeTheIommuIsTheWrongOrder(Vendor vendor) {
        assertThat(safe(vendor, "atc sync iotlb sync", null)).isFalse();
    }

    private static Mutation hurried(String step, String in) throws ClassNotFoundException {
        return new Mutant(new Site(Class.forName("dev.shootdown." + step).asSubclass(Step.class), Class.forName("dev.shootdown." + in)), Manner.HURRY);
    }

    /** A completion that does not wait for accesses in flight. */
    @ParameterizedTest
    @CsvSource({"AMD, iommu.amd.Complete", "INTEL, iommu.intel.Complete"})
    void aCompletionWithoutADrainIsFound(Vendor vendor, String complete) throws ClassNotFoundException {
        assertThat(safe(vendor, "iotlb sync atc sync", hurried(complete, "iommu.Serve"))).isFalse();
    }

    /** A device that uses an answer that an invalidation has overtaken. */
    @ParameterizedTest
    @EnumSource(Vendor.class)
    void aLateAnswerThatIsKeptIsFound(Vendor vendor) throws ClassNotFoundException {
        assertThat(safe(vendor, "iotlb sync atc sync", hurried("device.FillAtc", "device.Answered"))).isFalse();
    }
}
