package dev.shootdown.iommu.riscv;

import static dev.shootdown.iommu.riscv.RiscvRig.ATS;
import static dev.shootdown.iommu.riscv.RiscvRig.BUFFER;
import static dev.shootdown.iommu.riscv.RiscvRig.GPU;
import static dev.shootdown.iommu.riscv.RiscvRig.PAGE;
import static dev.shootdown.iommu.riscv.RiscvRig.PASID;
import static dev.shootdown.iommu.riscv.RiscvRig.PLAIN;
import static dev.shootdown.iommu.riscv.RiscvRig.PRI;
import static dev.shootdown.iommu.riscv.RiscvRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What commands do, what a fence waits for, and what stops the queue. The reference model's tests 13 (IOFENCE), 16
 * (IOTINVAL.GVMA), 19 (IOTINVAL.VMA), 22 (ATS.PRGR), 24 (ATS.INVAL), 27 (illegal commands, command queue faults).
 */
class CommandQueueTest {
    private static final PageSpan FIRST = new PageSpan(BUFFER, false);
    private static final PageSpan NOWHERE = new PageSpan(0, false);
    private static final RiscvCommand FENCE = new RiscvCommand.IofenceC(false, false, false, false, 0, 0);
    private static final int OTHER = 2;

    private final RiscvRig rig = new RiscvRig(ATS);

    private static RiscvCommand vma(boolean av, int pscid, boolean pscv, boolean gv, boolean nl, PageSpan address) {
        return new RiscvCommand.IotinvalVma(av, pscid, pscv, gv, nl, gv ? 3 : 0, address);
    }

    private static RiscvCommand atsInval(int pid, boolean pv, int rid, PageSpan address) {
        return new RiscvCommand.AtsInval(pid, pv, false, rid, 0, false, address);
    }

    /** Two address spaces of one table; four pages of each are in the IOTLB. */
    private RiscvRig filled(Capabilities capabilities) {
        RiscvRig some = new RiscvRig(PLAIN, IommuOptions.DEFAULT, capabilities);
        some.iommu.table(some.gpu, OTHER, some.root);
        for (int i = 0; i < 8; i++) {
            some.map(BUFFER + i * PAGE, RW);
        }
        some.run(some.gpu.actor(), DmaAccess.read(0, PASID, BUFFER, BUFFER + 4 * PAGE));
        some.run(some.gpu.actor(), DmaAccess.read(0, OTHER, BUFFER + 4 * PAGE, BUFFER + 8 * PAGE));
        assertThat(some.iommu.iotlb().size(-1)).isEqualTo(8);
        return some;
    }

    // ---------------------------------------------------------------- IOTINVAL

    /** The table of IOTINVAL.VMA's operands: what is left of four translations of address space 1, and of four of 2. */
    @ParameterizedTest
    @CsvSource({
        "false, false, false, 0, 0",
        "false, false, true, 0, 4",
        "false, true, false, 3, 4",
        "false, true, true, 3, 4",
        "true, false, false, 4, 4",
        "true, false, true, 4, 4",
        "true, true, false, 4, 4",
        "true, true, true, 4, 4",
    })
    void iotinvalVmaDropsWhatItsOperandsName(boolean gv, boolean av, boolean pscv, int ours, int others) {
        RiscvRig some = filled(Capabilities.DEFAULT);
        some.send(vma(av, PASID, pscv, gv, false, FIRST));
        assertThat(some.iommu.iotlb().size(PASID)).isEqualTo(ours);
        assertThat(some.iommu.iotlb().size(OTHER)).isEqualTo(others);
    }

    @Test
    void anAddressOfEverySpaceIsDroppedWithoutPscv() {
        RiscvRig some = filled(Capabilities.DEFAULT);
        some.send(vma(true, 0, false, false, false, new PageSpan(BUFFER + 5 * PAGE, false)));
        assertThat(some.iommu.iotlb().size(PASID)).isEqualTo(4);
        assertThat(some.iommu.iotlb().size(OTHER)).isEqualTo(3);
        assertThat(some.last(Event.IotlbInvalidate.class).pasid()).isNull();
    }

    @Test
    void pointersToTablesStayWithoutNlAndGoWithItOrWithoutAv() {
        RiscvRig some = filled(Capabilities.DEFAULT);
        int pointers = some.iommu.caches().walkCache().size(OTHER);
        assertThat(pointers).isPositive();
        some.send(vma(true, OTHER, true, false, false, FIRST), vma(true, PASID, true, false, true, FIRST), vma(false, PASID, true, false, false, NOWHERE));
        assertThat(some.iommu.caches().walkCache().size(OTHER)).isEqualTo(pointers);
        some.send(vma(true, OTHER, true, false, true, FIRST));
        assertThat(some.iommu.caches().walkCache().size(OTHER)).isZero();
        some.run(some.gpu.actor(), DmaAccess.read(0, OTHER, BUFFER, BUFFER + PAGE));
        assertThat(some.iommu.caches().walkCache().size(OTHER)).isEqualTo(pointers);
        some.send(vma(false, OTHER, true, false, false, NOWHERE));
        assertThat(some.iommu.caches().walkCache().size(OTHER)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0x0, 2", "0x1000, 0", "0x7fffffff000, 0", "0x7ffffffffffff000, 0", "0xfffffffffffff000, 0"})
    void aRangeIsAnAlignedPowerOfTwo(String ones, int left) {
        RiscvRig some = filled(Capabilities.DEFAULT.ranges(true));
        some.send(vma(true, PASID, true, false, false, new PageSpan(BUFFER | Long.parseUnsignedLong(ones.substring(2), 16), true)));
        assertThat(some.iommu.iotlb().size(PASID)).isEqualTo(left);
        assertThat(some.iommu.iotlb().size(OTHER)).isEqualTo(4);
    }

    @Test
    void iotinvalGvmaDropsNothingWhereThereIsNoSecondStage() {
        RiscvRig some = filled(Capabilities.DEFAULT);
        some.send(new RiscvCommand.IotinvalGvma(false, 0, false, false, 0, NOWHERE), new RiscvCommand.IotinvalGvma(true, 0, true, true, 3, FIRST));
        assertThat(some.iommu.iotlb().size(-1)).isEqualTo(8);
        assertThat(some.iommu.commands().size()).isZero();
    }

    // ---------------------------------------------------------------- IOFENCE.C

    @Test
    void aFenceStoresFourBytes() {
        long place = rig.frames.allocate(dev.shootdown.memory.Use.KERNEL, 0) << 12;
        rig.word(place, 0x1111_2222_3333_4444L);
        rig.send(new RiscvCommand.IofenceC(true, false, false, false, 0xdead_beef, place));
        assertThat(rig.word(place)).isEqualTo(0x1111_2222_dead_beefL);
        rig.send(new RiscvCommand.IofenceC(true, false, false, false, 0x8000_0001, place + 4));
        assertThat(rig.word(place)).isEqualTo(0x8000_0001_dead_beefL);
        rig.send(new RiscvCommand.IofenceC(false, false, false, false, 7, place));
        assertThat(rig.word(place)).as("AV is 0").isEqualTo(0x8000_0001_dead_beefL);
    }

    @Test
    void aFenceMayRaiseItsWire() {
        rig.send(new RiscvCommand.IofenceC(false, true, false, false, 0, 0));
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.FENCE_W_IP);
        assertThat(rig.iommu.ipsr()).isEqualTo(1);
        assertThat(rig.iommu.stopped()).as("that is no error").isFalse();
        rig.run(rig.app, rig.iommu.acknowledge());
        assertThat(rig.iommu.cqcsr()).isZero();
        assertThat(rig.log()).containsExactly("Queue #0 error; fault:0 timeout:0 illegal:0 fence_w_ip:1");
    }

    /** The head stays at a fence until walks that used what was dropped are over; it has passed the command before. */
    @Test
    void aFenceWaitsForWalks() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 4);
        rig.assign(rig.app, rig.iommu.command(RiscvCommand.IotinvalVma.range(PASID, true, FIRST)), rig.iommu.command(FENCE),
                rig.iommu.command(RiscvCommand.IotinvalVma.space(OTHER)));
        rig.exhaust(rig.app);
        rig.exhaust(rig.iommu.hardware());
        assertThat(rig.iommu.commands().headAddress()).isEqualTo(rig.iommu.commands().base() + 16);
        assertThat(rig.all(Event.IotlbInvalidate.class)).as("nothing behind the fence").hasSize(1);
        rig.step(rig.gpu.actor());
        rig.exhaust(rig.iommu.hardware());
        assertThat(rig.iommu.commands().size()).isZero();
        assertThat(rig.all(Event.IotlbInvalidate.class)).hasSize(2);
    }

    @Test
    void commandsBehindAnInvalidationDoNotWaitForIt() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 4);
        rig.assign(rig.app, rig.iommu.command(RiscvCommand.IotinvalVma.range(PASID, true, FIRST)),
                rig.iommu.command(atsInval(PASID, true, GPU, FIRST)));
        rig.exhaust(rig.app);
        rig.exhaust(rig.iommu.hardware());
        assertThat(rig.iommu.commands().size()).as("the head has passed both, and the walk goes on").isZero();
        assertThat(rig.gpu.walk().stale()).isTrue();
        rig.step(rig.gpu.actor());
        assertThat(rig.gpu.answer().stale()).as("an answer behind the device's invalidation is kept: what the fence is for").isFalse();
    }

    @Test
    void aFenceWaitsForDevicesToCompleteTheirInvalidations() {
        rig.map(BUFFER, RW);
        rig.writes(BUFFER);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.step(rig.gpu.actor());
        List<Step> steps = new ArrayList<>(rig.iommu.flushAtc(0, PASID, BUFFER, BUFFER + PAGE));
        steps.addAll(rig.iommu.sync());
        rig.assign(rig.app, steps);
        rig.exhaust(rig.app);
        rig.exhaust(rig.iommu.hardware());
        assertThat(rig.all(Event.AtcInvalidate.class)).hasSize(1);
        assertThat(rig.done(rig.app)).isFalse();
        rig.step(rig.gpu.actor());
        rig.exhaust(rig.iommu.hardware());
        rig.exhaust(rig.app);
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.last(Event.Completion.class).waited()).isEqualTo("app.main");
    }

    /** PR orders reads, PW writes: an untranslated access of the other kind may land behind the fence. */
    @ParameterizedTest
    @CsvSource({"true, false, false, true", "true, true, false, true", "true, false, true, false", "true, true, true, false",
        "false, false, false, true", "false, true, false, false", "false, false, true, true", "false, true, true, false"})
    void prAndPwOrderWhatTheIommuHasTranslated(boolean write, boolean pr, boolean pw, boolean passes) {
        RiscvRig plain = new RiscvRig(PLAIN);
        plain.map(BUFFER, RW);
        plain.writes(BUFFER);
        plain.assign(plain.gpu.actor(), write ? plain.write(BUFFER) : plain.read(BUFFER));
        plain.step(plain.gpu.actor());
        assertThat(plain.gpu.access().busy()).isTrue();
        plain.assign(plain.app, plain.iommu.command(RiscvCommand.IotinvalVma.space(PASID)),
                plain.iommu.command(new RiscvCommand.IofenceC(false, false, pr, pw, 0, 0)));
        plain.exhaust(plain.app);
        plain.exhaust(plain.iommu.hardware());
        assertThat(plain.iommu.commands().size() == 0).isEqualTo(passes);
        plain.run();
        assertThat(plain.iommu.commands().size()).isZero();
        assertThat(plain.all(Event.Dma.class)).hasSize(2);
    }

    // ---------------------------------------------------------------- the order of commands

    @Test
    void commandsMayChangePlacesUpToAFence() {
        rig.assign(rig.app, rig.iommu.command(RiscvCommand.IotinvalVma.space(PASID)), rig.iommu.command(atsInval(PASID, true, GPU, FIRST)),
                rig.iommu.command(FENCE), rig.iommu.command(RiscvCommand.IotinvalVma.space(OTHER)));
        rig.step(rig.app);
        assertThat(rig.engine.choices(rig.iommu.hardware())).as("there is only one").isEqualTo(1);
        rig.exhaust(rig.app);
        assertThat(rig.engine.choices(rig.iommu.hardware())).isEqualTo(2);
        rig.step(rig.iommu.hardware(), 1);
        assertThat(rig.all(Event.AtcInvalidate.class)).hasSize(1);
        assertThat(rig.all(Event.IotlbInvalidate.class)).isEmpty();
        assertThat(rig.iommu.commands().headAddress()).as("both have been fetched").isEqualTo(rig.iommu.commands().base() + 32);
        assertThat(rig.engine.choices(rig.iommu.hardware())).as("no fence before what is held back").isEqualTo(1);
        rig.step(rig.iommu.hardware());
        assertThat(rig.last(Event.IotlbInvalidate.class).pasid()).isEqualTo(PASID);
        rig.exhaust(rig.iommu.hardware());
        assertThat(rig.last(Event.IotlbInvalidate.class).pasid()).isEqualTo(OTHER);
    }

    @Test
    void aCommandMayFallBehindManyOthers() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            steps.add(rig.iommu.command(RiscvCommand.IotinvalVma.space(i)));
        }
        rig.assign(rig.app, steps);
        rig.exhaust(rig.app);
        for (int i = 0; i < 3; i++) {
            rig.step(rig.iommu.hardware(), 1);
        }
        rig.step(rig.iommu.hardware());
        assertThat(rig.all(Event.IotlbInvalidate.class)).extracting(Event.IotlbInvalidate::pasid).containsExactly(1, 2, 3, 0);
        assertThat(rig.engine.ready(rig.iommu.hardware())).isFalse();
    }

    @Test
    void nothingIsLostOfACommandThatIsHeldBack() {
        rig.map(BUFFER, RW);
        rig.world.journal(true);
        rig.assign(rig.app, rig.iommu.command(atsInval(PASID, true, GPU, FIRST)), rig.iommu.command(RiscvCommand.IotinvalVma.space(PASID)));
        rig.exhaust(rig.app);
        int mark = rig.world.mark();
        long before = rig.world.fingerprint();
        rig.step(rig.iommu.hardware(), 1);
        rig.step(rig.iommu.hardware());
        long overtaken = rig.world.fingerprint();
        assertThat(overtaken).isEqualTo(rig.world.recounted());
        rig.world.rewind(mark);
        assertThat(rig.world.fingerprint()).isEqualTo(before);
        rig.exhaust(rig.iommu.hardware());
        assertThat(rig.world.fingerprint()).as("in either order").isEqualTo(overtaken);
    }

    // ---------------------------------------------------------------- ATS.INVAL

    @Test
    void atsInvalDropsWhatItsPayloadNames() {
        for (int i = 0; i < 4; i++) {
            rig.map(BUFFER + i * PAGE, RW);
        }
        rig.run(rig.gpu.actor(), DmaAccess.read(0, PASID, BUFFER, BUFFER + 4 * PAGE));
        rig.send(atsInval(OTHER, true, GPU, PageSpan.EVERYTHING));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(4);
        rig.send(atsInval(PASID, true, GPU, FIRST));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(3);
        rig.send(atsInval(PASID, true, GPU, new PageSpan(BUFFER + 2 * PAGE, true)));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
        rig.send(atsInval(0, false, GPU, NOWHERE));
        assertThat(rig.gpu.atc().size(PASID)).as("without a PASID: of all PASIDs, everywhere").isZero();
    }

    @Test
    void globalIsForEveryPasid() {
        rig.map(BUFFER, RW);
        rig.writes(BUFFER);
        rig.send(new RiscvCommand.AtsInval(OTHER, true, true, GPU, 0, true, FIRST));
        assertThat(rig.gpu.atc().size(PASID)).isZero();
        assertThat(rig.last(Event.AtcInvalidate.class).pasid()).isNull();
    }

    // ---------------------------------------------------------------- time-outs

    /** cmd_to at the fence, where the head stays; once cleared the fence is fetched again, and completes. */
    @Test
    void aDeviceThatNeverAnswersIsReportedAtTheFence() {
        RiscvRig silent = new RiscvRig(ATS.silent(true));
        silent.map(BUFFER, RW);
        silent.writes(BUFFER);
        List<Step> steps = new ArrayList<>(silent.iommu.flushAtc(0, PASID, BUFFER, BUFFER + PAGE));
        steps.addAll(silent.iommu.sync());
        silent.run(silent.app, steps);
        assertThat(silent.iommu.cqcsr()).isEqualTo(CommandStatus.CMD_TO);
        assertThat(silent.iommu.stopped()).isTrue();
        assertThat(silent.iommu.ipsr()).isEqualTo(1);
        assertThat(silent.iommu.commands().headAddress()).isEqualTo(silent.iommu.commands().base() + 16);
        assertThat(silent.gpu.atc().size(PASID)).isEqualTo(1);
        assertThat(silent.done(silent.app)).isFalse();
        silent.run(silent.gpu.actor(), silent.iommu.recover());
        assertThat(silent.log()).containsExactly("Queue #0 error; fault:0 timeout:1 illegal:0 fence_w_ip:0");
        assertThat(silent.iommu.cqcsr()).isZero();
        assertThat(silent.done(silent.app)).as("nobody tells the driver").isTrue();
        assertThat(silent.gpu.atc().size(PASID)).as("and the device keeps what it has").isEqualTo(1);
    }

    @Test
    void withoutAFenceATimeOutIsNotReported() {
        RiscvRig silent = new RiscvRig(ATS.silent(true));
        silent.send(atsInval(PASID, true, GPU, FIRST), RiscvCommand.IotinvalVma.space(PASID));
        assertThat(silent.iommu.cqcsr()).isZero();
        assertThat(silent.iommu.commands().size()).as("what follows is fetched").isZero();
    }

    @ParameterizedTest
    @CsvSource({"0x100, false, 0", "0x08, true, 3"})
    void aRequestToADeviceThatThereIsNotIsNeverCompleted(String rid, boolean dsv, int dseg) {
        rig.send(new RiscvCommand.AtsInval(PASID, true, dsv, Integer.decode(rid), dseg, false, FIRST), FENCE);
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.CMD_TO);
        RiscvRig plain = new RiscvRig(PLAIN);
        plain.send(atsInval(PASID, true, GPU, FIRST), FENCE);
        assertThat(plain.iommu.cqcsr()).as("nor by one without ATS").isEqualTo(CommandStatus.CMD_TO);
    }

    // ---------------------------------------------------------------- illegal commands, memory that is not there

    @Test
    void anIllegalCommandStopsTheQueueUntilItIsReplacedAndTheBitCleared() {
        rig.send(RiscvCommand.IotinvalVma.space(PASID));
        rig.assign(rig.app, rig.iommu.command(new RiscvCommand.Illegal(0x7f, 0)));
        rig.assign(rig.app, rig.iommu.sync());
        rig.run();
        long head = rig.iommu.commands().base() + 16;
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.CMD_ILL);
        assertThat(rig.iommu.ipsr()).isEqualTo(1);
        assertThat(rig.iommu.commands().headAddress()).isEqualTo(head);
        assertThat(rig.engine.deadlocked()).isTrue();
        rig.run(rig.gpu.actor(), rig.iommu.recover());
        assertThat(rig.log()).containsExactly("Queue #0 error; fault:0 timeout:0 illegal:1 fence_w_ip:0");
        assertThat(rig.iommu.stopped()).isTrue();
        rig.iommu.cqcsr(CommandStatus.CMD_ILL);
        rig.run();
        assertThat(rig.iommu.cqcsr()).as("the command is still there").isEqualTo(CommandStatus.CMD_ILL);
        rig.word(head, FENCE.low());
        rig.iommu.cqcsr(CommandStatus.CMD_ILL);
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.iommu.cqcsr()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0x0000000000000881, 0", "0x0000000100000081, 0", "0x0000000000000183, 0", "0x0000000000000083, 0", "0x0000000200001003, 0",
        "0x0000000000004002, 0", "0x0000000000000104, 0", "0x0000000000000005, 0", "0x0000000000000001, 1", "0x0000000000000001, 0x200",
        "0x0000000000000003, 1", "0x0000000000000404, 0"})
    void eachKindOfIllegalCommandStopsTheQueue(String low, String high) {
        rig.send(new RiscvCommand.Illegal(Long.decode(low), Long.decode(high)));
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.CMD_ILL);
        assertThat(rig.iommu.commands().size()).isEqualTo(1);
    }

    @Test
    void aFenceIntoNoMemoryIsAMemoryFault() {
        rig.send(new RiscvCommand.IofenceC(true, false, false, false, 1, 1L << 40), RiscvCommand.IotinvalVma.space(PASID));
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.CQMF);
        assertThat(rig.iommu.commands().headAddress()).isEqualTo(rig.iommu.commands().base());
        assertThat(rig.all(Event.IotlbInvalidate.class)).isEmpty();
        rig.run(rig.app, rig.iommu.recover());
        assertThat(rig.log()).containsExactly("Queue #0 error; fault:1 timeout:0 illegal:0 fence_w_ip:0");
        rig.word(rig.iommu.commands().base(), FENCE.low());
        rig.iommu.cqcsr(CommandStatus.CQMF);
        rig.run();
        assertThat(rig.iommu.commands().size()).isZero();
        assertThat(rig.all(Event.IotlbInvalidate.class)).hasSize(1);
    }

    @Test
    void aQueueInNoMemoryIsAMemoryFault() {
        long ring = rig.iommu.commands().base();
        rig.iommu.commands().base(1L << 42);
        rig.send(RiscvCommand.IotinvalVma.space(PASID), FENCE);
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.CQMF);
        rig.run(rig.app, rig.iommu.recover());
        assertThat(rig.log()).containsExactly("Queue #0 error; fault:1 timeout:0 illegal:0 fence_w_ip:0");
        rig.iommu.commands().base(ring);
        rig.iommu.cqcsr(CommandStatus.CQMF);
        rig.run();
        assertThat(rig.all(Event.IotlbInvalidate.class)).hasSize(1);
    }

    @Test
    void aClearedBitLeavesTheOthers() {
        rig.send(new RiscvCommand.IofenceC(false, true, false, false, 0, 0), new RiscvCommand.Illegal(0x7f, 0));
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.CMD_ILL | CommandStatus.FENCE_W_IP);
        rig.iommu.cqcsr(CommandStatus.FENCE_W_IP);
        assertThat(rig.iommu.cqcsr()).isEqualTo(CommandStatus.CMD_ILL);
        assertThat(rig.iommu.stopped()).isTrue();
    }

    // ---------------------------------------------------------------- the ring

    @Test
    void aFullRingMakesTheDriverWait() {
        RiscvRig small = new RiscvRig(ATS, IommuOptions.DEFAULT.commands(8), Capabilities.DEFAULT);
        List<Step> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.addAll(small.iommu.flushIotlb(PASID, BUFFER + i * PAGE, BUFFER + (i + 1) * PAGE));
        }
        many.addAll(small.iommu.sync());
        small.assign(small.app, many);
        small.exhaust(small.app);
        assertThat(small.iommu.commands().size()).as("full is when the tail is one behind the head").isEqualTo(7);
        small.step(small.iommu.hardware());
        small.exhaust(small.app);
        assertThat(small.iommu.commandCount().get()).isEqualTo(8);
        small.run();
        assertThat(small.done(small.app)).isTrue();
        assertThat(small.iommu.commandCount().get()).isEqualTo(21);
        assertThat(small.all(Event.IotlbInvalidate.class)).hasSize(20);
    }

    @Test
    void commandsAreWordsInMemory() {
        rig.assign(rig.app, rig.iommu.flushAtc(0, PASID, BUFFER, BUFFER + PAGE));
        rig.step(rig.app);
        assertThat(rig.word(rig.iommu.commands().base())).isEqualTo(0x0000_0801_0000_1004L);
        assertThat(rig.word(rig.iommu.commands().base() + 8)).isEqualTo(BUFFER);
        rig.word(rig.iommu.commands().base() + 8, BUFFER + PAGE);
        rig.run();
        assertThat(rig.last(Event.AtcInvalidate.class).start()).as("what is in memory counts").isEqualTo(BUFFER + PAGE);
    }

    // ---------------------------------------------------------------- ATS.PRGR

    @Test
    void aResponseToAGroupThatThereIsNotIsIgnored() {
        rig.send(new RiscvCommand.AtsPrgr(PASID, true, false, GPU, 0, 5, 0), new RiscvCommand.AtsPrgr(PASID, true, false, 0x100, 0, 0, 0),
                new RiscvCommand.AtsPrgr(PASID, true, true, GPU, 3, 0, 0));
        assertThat(rig.all(Event.PageResponse.class)).isEmpty();
        RiscvRig asking = new RiscvRig(PRI);
        asking.assign(asking.gpu.actor(), asking.write(BUFFER));
        asking.run();
        asking.send(new RiscvCommand.AtsPrgr(PASID, true, false, GPU, 0, 511, 0), new RiscvCommand.AtsPrgr(PASID, true, true, GPU, 1, 0, 0));
        assertThat(asking.gpu.waiting()).isTrue();
        asking.run(asking.app, asking.iommu.respond(0, PASID, 0, PageRequest.INVALID));
        assertThat(asking.gpu.waiting()).isFalse();
        assertThat(asking.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        asking.run(asking.app, asking.iommu.respond(0, PASID, 0, PageRequest.INVALID));
        assertThat(asking.all(Event.PageResponse.class)).as("a second answer").hasSize(1);
    }
}
