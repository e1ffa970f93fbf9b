package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.intel.IntelRig.ATS;
import static dev.shootdown.iommu.intel.IntelRig.BUFFER;
import static dev.shootdown.iommu.intel.IntelRig.GPU;
import static dev.shootdown.iommu.intel.IntelRig.PASID;
import static dev.shootdown.iommu.intel.IntelRig.PLAIN;
import static dev.shootdown.iommu.intel.IntelRig.PRI;
import static dev.shootdown.iommu.intel.IntelRig.RO;
import static dev.shootdown.iommu.intel.IntelRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reason for which a request can be blocked, caused in the tables by hand; what is recorded and what is answered. */
class FaultsTest {
    private static final long NOWHERE = 0x123_4567_8000L;
    private static final long HUGE = RW | Entry.HUGE;

    /** Makes the tables wrong; returns what address the device is to write. */
    private static long spoil(IntelRig rig, FaultReason reason) {
        ContextEntry context = rig.context();
        ScalableTables tables = rig.scalable();
        long contextEntry = tables.contextEntry(GPU);
        long pasidEntry = rig.pasidEntry();
        switch (reason) {
            case ROOT_NOT_PRESENT -> rig.put(tables.rootEntry(GPU), 0);
            case ROOT_RESERVED -> rig.set(tables.rootEntry(GPU), 1 << 5);
            case CONTEXT_ACCESS -> rig.put(tables.rootEntry(GPU), NOWHERE | 1);
            case ROOT_ACCESS -> tables.address(NOWHERE);
            case CONTEXT_NOT_PRESENT -> rig.put(contextEntry, 0);
            case CONTEXT_RESERVED -> rig.set(contextEntry, 1 << 5);
            case DEVICE_TLB_DISABLED -> tables.write(rig.gpu, new ContextEntry(true, false, false, true, true, 3, context.table(), 0));
            case PASID_DISABLED -> tables.write(rig.gpu, new ContextEntry(true, false, true, false, true, 3, context.table(), 0));
            case PASID_TOO_LARGE -> { }
            case PAGE_REQUEST_DISABLED -> tables.write(rig.gpu, new ContextEntry(true, false, true, true, false, 3, context.table(), 0));
            case PASID_IS_RID_PASID -> tables.write(rig.gpu, new ContextEntry(true, false, true, true, true, 3, context.table(), PASID));
            case DIRECTORY_ACCESS -> tables.write(rig.gpu, new ContextEntry(true, false, true, true, true, 3, NOWHERE, 0));
            case DIRECTORY_NOT_PRESENT -> rig.put(rig.directoryEntry(), 0);
            case DIRECTORY_RESERVED -> rig.set(rig.directoryEntry(), 1 << 2);
            case PASID_ACCESS -> rig.put(rig.directoryEntry(), NOWHERE | 1);
            case PASID_NOT_PRESENT -> rig.put(pasidEntry, 0);
            case PASID_RESERVED -> rig.set(pasidEntry, 1 << 10);
            case PASID_INVALID -> rig.put(pasidEntry, 1 | PasidEntry.SECOND_STAGE << 6);
            case ROOT_TABLE_ACCESS -> rig.put(pasidEntry + 16, NOWHERE);
            case FIRST_STAGE_ACCESS -> rig.entry(BUFFER, 2, NOWHERE | RW);
            case FIRST_STAGE_NOT_PRESENT -> rig.entry(BUFFER, 1, 0);
            case FIRST_STAGE_RESERVED -> rig.entry(BUFFER, 2, Entry.of(2, HUGE));
            case EXECUTE_DISABLED, SUPERVISOR_DISABLED -> { }
            case NO_EXECUTE_PERMISSION -> {
                rig.set(pasidEntry + 16, 1 << 1);
                rig.entry(BUFFER, 1, Entry.of(5, RW | Entry.NX));
            }
            case SUPERVISOR_PAGE -> rig.entry(BUFFER, 1, Entry.of(5, Entry.PRESENT | Entry.WRITE));
            case NO_WRITE_PERMISSION -> rig.entry(BUFFER, 1, Entry.of(5, RO));
            case NO_READ_PERMISSION, NOT_CANONICAL -> { }
            case NESTED_ROOT_READ -> rig.run(rig.app, new IoasMap(0, List.of(rig.root), 0, false));
            case NESTED_READ -> rig.run(rig.app, new IoasMap(0, List.of(rig.table(BUFFER, 2)), 0, false));
            case NESTED_WRITE -> rig.run(rig.app, new IoasMap(0, List.of(rig.table(BUFFER, 1)), Translation.READ, false));
            case SECOND_STAGE_ACCESS -> rig.put(rig.intel0.secondStage().root() << 12, NOWHERE | 3);
            case SECOND_STAGE_PERMISSION -> rig.run(rig.app, new IoasMap(0, List.of(Entry.frame(rig.pte(BUFFER))), Translation.READ, false));
            case SECOND_STAGE_RESERVED -> rig.set(rig.intel0.secondStage().root() << 12, 1 << 7);
            case SECOND_STAGE_POINTER -> rig.put(pasidEntry, rig.scalable().word(pasidEntry) & 0xfff | NOWHERE);
            case INTERRUPT_ADDRESS -> rig.entry(BUFFER, 1, Entry.of(0xfee01, RW));
        }
        return reason == FaultReason.NOT_CANONICAL ? 1L << 50 : BUFFER;
    }

    /** First-stage tables have no entry that may be written and not be read; without ATS and PRI two more do not come up. */
    static Stream<FaultReason> untranslated() {
        Set<FaultReason> reasons = EnumSet.allOf(FaultReason.class);
        reasons.removeAll(Set.of(FaultReason.NO_READ_PERMISSION, FaultReason.DEVICE_TLB_DISABLED, FaultReason.PAGE_REQUEST_DISABLED));
        return reasons.stream();
    }

    private static IntelRig rig(DeviceOptions options, FaultReason reason) {
        return new IntelRig(options, IommuOptions.DEFAULT.nested(reason.code() >= FaultReason.NESTED_ROOT_READ.code() && reason.code() <= FaultReason.SECOND_STAGE_POINTER.code()));
    }

    private static int pasid(FaultReason reason) {
        return reason == FaultReason.PASID_TOO_LARGE ? 1 << 16 : PASID;
    }

    private static boolean executes(FaultReason reason) {
        return reason == FaultReason.EXECUTE_DISABLED || reason == FaultReason.NO_EXECUTE_PERMISSION;
    }

    private static DmaAccess access(IntelRig rig, FaultReason reason, long address) {
        return executes(reason)
                ? DmaAccess.read(0, pasid(reason), address, address + 4096).asking(true, false)
                : DmaAccess.write(0, pasid(reason), address, address + 4096, 1).asking(false, reason == FaultReason.SUPERVISOR_DISABLED);
    }

    @ParameterizedTest
    @MethodSource("untranslated")
    void anUntranslatedAccessIsRecordedAndPrinted(FaultReason reason) {
        IntelRig rig = rig(PLAIN, reason);
        rig.map(BUFFER, RW);
        long address = spoil(rig, reason);
        rig.run(rig.gpu.actor(), access(rig, reason, address));
        Event.IoPageFault event = rig.last(Event.IoPageFault.class);
        assertThat(event.log()).isEqualTo(String.format(Locale.ROOT,
                "DMAR: [DMA %s PASID 0x%x] Request device [00:01.0] fault addr 0x%x [fault reason 0x%02x] %s", executes(reason) ? "Read" : "Write",
                pasid(reason), address, reason.code(), reason.text()));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        FaultRecord record = FaultRecord.decode(rig.intel0.events().word(0), rig.intel0.events().word(1));
        assertThat(record).isEqualTo(new FaultRecord(address, GPU, reason == FaultReason.SUPERVISOR_DISABLED, executes(reason), true,
                reason.code(), pasid(reason), 0, executes(reason)));
        assertThat(rig.intel0.faultStatus()).isEqualTo(0x2);
    }

    /** What is not answered with an empty Success is refused and recorded; what is, is not recorded. */
    @ParameterizedTest
    @EnumSource(FaultReason.class)
    void aTranslationRequestIsAnswered(FaultReason reason) {
        IntelRig rig = rig(ATS, reason);
        rig.map(BUFFER, RW);
        long address = spoil(rig, reason);
        boolean fails = reason != FaultReason.NO_READ_PERMISSION && reason != FaultReason.PAGE_REQUEST_DISABLED;
        rig.run(rig.gpu.actor(), access(rig, reason, address));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo(fails ? "aborted" : "done");
        boolean recorded = fails && reason.answer() != Answer.EMPTY;
        assertThat(rig.all(Event.IoPageFault.class)).hasSize(recorded ? 1 : 0);
        if (recorded) {
            FaultRecord record = FaultRecord.decode(rig.intel0.events().word(0), rig.intel0.events().word(1));
            assertThat(record.reason()).isEqualTo(reason.code());
            assertThat(record.type()).isEqualTo(FaultRecord.TRANSLATION_REQUEST);
        }
    }

    /** Page requests of a device that may make none, and for a PASID without a table: Invalid at once, and recorded. */
    @ParameterizedTest
    @EnumSource(value = FaultReason.class, names = {"PAGE_REQUEST_DISABLED", "PASID_NOT_PRESENT", "DIRECTORY_NOT_PRESENT"})
    void aPageRequestThatMayNotBeMadeIsInvalid(FaultReason reason) {
        IntelRig rig = new IntelRig(PRI);
        spoil(rig, reason);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.PageResponse.class).code()).isEqualTo(1);
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(rig.last(Event.IoPageFault.class).log()).contains(String.format(Locale.ROOT, "[fault reason 0x%02x]", reason.code()));
        assertThat(rig.intel0.hasRequest()).as("it is not in the queue").isFalse();
        assertThat(rig.gpu.failed()).as("Invalid does not turn page requests off").isFalse();
    }

    @Test
    void requestsWithoutAPasidUseTheRidPasid() {
        IntelRig rig = new IntelRig(PLAIN);
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), DmaAccess.read(0, 0, BUFFER, BUFFER + 64));
        assertThat(rig.last(Event.IoPageFault.class).log()).startsWith("DMAR: [DMA Read NO_PASID] Request device [00:01.0]")
                .endsWith("[fault reason 0x59] SM: Present bit in PASID Table Entry is clear");
        IntelRig other = new IntelRig(PLAIN);
        other.map(BUFFER, RW);
        spoil(other, FaultReason.PASID_IS_RID_PASID);
        other.run(other.gpu.actor(), DmaAccess.read(0, 0, BUFFER, BUFFER + 64));
        assertThat(other.last(Event.Dma.class).outcome()).isEqualTo("done");
    }

    @Test
    void faultsOfAQuietEntryAreNotRecorded() {
        IntelRig rig = new IntelRig(PLAIN);
        rig.set(rig.scalable().contextEntry(GPU), 1 << 1);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(rig.all(Event.IoPageFault.class)).isEmpty();
        assertThat(rig.intel0.faultStatus()).isZero();
    }

    /** FSTS: FRI in 15:8, PPF bit 1, PFO bit 0. Every register is used; what finds none is lost until PFO is cleared. */
    @Test
    void recordsThatFindNoRegisterAreLost() {
        IntelRig rig = new IntelRig(PLAIN, IommuOptions.DEFAULT.events(2));
        for (int i = 0; i < 3; i++) {
            rig.run(rig.gpu.actor(), rig.write(BUFFER + i * IntelRig.PAGE));
        }
        assertThat(rig.intel0.events().size()).isEqualTo(2);
        assertThat(rig.intel0.faultStatus()).isEqualTo(0x3);
        assertThat(rig.intel0.takeEvents()).isEqualTo(2);
        assertThat(rig.intel0.faultStatus()).isZero();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.intel0.faultStatus()).isEqualTo(0x2);
        rig.intel0.takeEvents();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.intel0.faultStatus()).as("the second register").isEqualTo(0x102);
    }

    /** What the driver refuses by itself: an address that is not canonical; execution as well as reading; privileged mode; no PASID. */
    @ParameterizedTest
    @CsvSource({"1, 0x4000000000000, 1, Address is not canonical, DMAR: intel0: Invalid page request: 100080101 4000000000005",
        "1, 0x7f0000000000, 5, Execution request not supported, DMAR: intel0: Invalid page request: 10000100080101 7f0000000005",
        "1, 0x7f0000000000, 17, Page request in Privilege Mode, DMAR: intel0: Invalid page request: 20000100080101 7f0000000005",
        "0, 0x7f0000000000, 2, Page request without PASID, DMAR: intel0: Invalid page request: 00080001 7f0000000006"})
    void aPageRequestThatIsNotFitIsAnsweredAtOnce(int pasid, String address, int access, String reason, String line) {
        IntelRig rig = new IntelRig(PRI);
        rig.run(rig.app, rig.intel0.unfit(new PageRequest(0, pasid, Long.decode(address), 0, true, access)));
        assertThat(rig.last(Event.IoPageFault.class).log().lines()).containsExactly("DMAR: IOMMU: intel0: " + reason, line);
        assertThat(rig.all(Event.Command.class)).extracting(Event.Command::name).containsExactly("page_group_response", "invalidation_wait");
        assertThat(rig.intel0.unfit(new PageRequest(0, PASID, BUFFER, 0, true, access & 3))).isEmpty();
    }

    /** SRE, ERE: bits 0 and 1 of the entry's third word, looked at although the IOTLB has the page. */
    @Test
    void executionAndPrivilegeAreTheEntrysToAllow() {
        IntelRig rig = new IntelRig(PLAIN);
        rig.map(BUFFER, RW);
        DmaAccess fetch = DmaAccess.read(0, PASID, BUFFER, BUFFER + 64).asking(true, true);
        rig.run(rig.gpu.actor(), DmaAccess.read(0, PASID, BUFFER, BUFFER + 64));
        rig.run(rig.gpu.actor(), fetch);
        assertThat(rig.last(Event.IoPageFault.class).log()).endsWith("[fault reason 0x5d] SM: SRE field is clear in PASID Table Entry");
        rig.set(rig.pasidEntry() + 16, 0x3);
        rig.run(rig.app, rig.intel0.setTable(0, PASID, rig.root));
        rig.set(rig.pasidEntry() + 16, 0x3);
        rig.run(rig.gpu.actor(), fetch);
        assertThat(rig.last(Event.Dma.class)).extracting(Event.Dma::access, Event.Dma::outcome).containsExactly("execute", "done");
    }
}
