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

import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason for which a request can be blocked, caused in the tables by hand; what is recorded and what is answered. */
class FaultsTest {
    /** Stretches of the reasons that the specification has for DMA: 7.1.3. */
    private static final int[][] SPECIFIED = {{0x01, 0x0e}, {0x30, 0x34}, {0x38, 0x3a}, {0x40, 0x49}, {0x50, 0x52}, {0x58, 0x5d}, {0x60, 0x60},
        {0x70, 0x77}, {0x78, 0x7d}, {0x80, 0x87}, {0x89, 0x89}, {0x90, 0x91}, {0xa0, 0xa5}};

    /** Those of them that software cannot bring about here, and why. */
    private static final Map<Integer, String> NOT_CAUSED = Map.ofEntries(
            Map.entry(0x34, "of a check of the root table address register that none of its four modes here comes to"),
            Map.entry(0x60, "of a field of the PASID-table entry that belongs to a capability that this hardware does not report"),
            Map.entry(0x7c, "an accessed or dirty flag in a second-stage entry: it has none (ECAP.SSADS=0)"),
            Map.entry(0x7d, "as 7c"),
            Map.entry(0x89, "a PASID wider than ECAP.PSS: that is 20 bits, and no request carries more"),
            Map.entry(0x91, "an atomic update of an entry that memory refuses: this memory refuses none"),
            Map.entry(0xa0, "host permission tables: it has none (ECAP.HPTS=0)"),
            Map.entry(0xa1, "as a0"), Map.entry(0xa2, "as a0"), Map.entry(0xa3, "as a0"), Map.entry(0xa4, "as a0"), Map.entry(0xa5, "as a0"));

    @Test
    void everyReasonIsCausedOrCannotBe() {
        Set<Integer> told = new TreeSet<>(NOT_CAUSED.keySet());
        for (FaultReason reason : FaultReason.values()) {
            assertThat(told.add(reason.code())).as("%s is not in the list too", reason).isTrue();
        }
        assertThat(told).containsExactlyElementsOf(
                Arrays.stream(SPECIFIED).flatMapToInt(some -> IntStream.rangeClosed(some[0], some[1])).boxed().toList());
        Set<FaultReason> caused = EnumSet.of(FaultReason.TRANSLATED_WITH_PASID, FaultReason.LEGACY_PAGE_REQUEST, FaultReason.PAGE_REQUEST_DISABLED);
        untranslated().forEach(caused::add);
        translationRequests().forEach(caused::add);
        assertThat(caused).isEqualTo(EnumSet.allOf(FaultReason.class));
    }

    /** Those that a write of a plain device cannot come to: they are about what a device with ATS does. */
    private static final Set<FaultReason> OF_ATS = EnumSet.of(FaultReason.LEGACY_BLOCKED, FaultReason.LEGACY_PAGE_REQUEST,
            FaultReason.DEVICE_TLB_DISABLED, FaultReason.PAGE_REQUEST_DISABLED, FaultReason.TRANSLATED_WITH_PASID);
    /** Those that a translation request cannot come to. */
    private static final Set<FaultReason> OF_OTHERS = EnumSet.of(FaultReason.LEGACY_INTERRUPT_ADDRESS, FaultReason.LEGACY_PAGE_REQUEST,
            FaultReason.PAGE_REQUEST_DISABLED, FaultReason.TRANSLATED_WITH_PASID);

    static Stream<FaultReason> untranslated() {
        return EnumSet.complementOf(EnumSet.copyOf(OF_ATS)).stream();
    }

    static Stream<FaultReason> translationRequests() {
        return EnumSet.complementOf(EnumSet.copyOf(OF_OTHERS)).stream();
    }

    @ParameterizedTest
    @MethodSource("untranslated")
    void anUntranslatedAccessIsRecordedAndPrinted(FaultReason reason) {
        IntelRig rig = FaultCauses.rig(PLAIN, reason);
        rig.map(BUFFER, RW);
        long address = FaultCauses.spoil(rig, reason);
        rig.run(rig.gpu.actor(), FaultCauses.access(reason, address));
        Event.IoPageFault event = rig.last(Event.IoPageFault.class);
        int pasid = FaultCauses.pasid(reason);
        assertThat(event.log()).isEqualTo(String.format(Locale.ROOT,
                "DMAR: [DMA %s %s] Request device [00:01.0] fault addr 0x%x [fault reason 0x%02x] %s", FaultCauses.reads(reason) ? "Read" : "Write",
                pasid == 0 ? "NO_PASID" : "PASID 0x" + Integer.toHexString(pasid), address, reason.code(), reason.text()));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        FaultRecord record = FaultRecord.decode(rig.intel0.events().word(0), rig.intel0.events().word(1));
        assertThat(record).isEqualTo(new FaultRecord(address, GPU, reason == FaultReason.SUPERVISOR_DISABLED, FaultCauses.executes(reason),
                pasid != 0, reason.code(), pasid, FaultRecord.UNTRANSLATED, FaultCauses.reads(reason)));
        assertThat(rig.intel0.faultStatus()).isEqualTo(0x2);
    }

    /** What is not answered with Success is refused and recorded; what is, with what is allowed or nothing, is not recorded. */
    @ParameterizedTest
    @MethodSource("translationRequests")
    void aTranslationRequestIsAnswered(FaultReason reason) {
        IntelRig rig = FaultCauses.rig(ATS, reason);
        rig.map(BUFFER, RW);
        long address = FaultCauses.spoil(rig, reason);
        rig.run(rig.gpu.actor(), FaultCauses.access(reason, address));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        boolean recorded = reason.answer() != Answer.EMPTY;
        assertThat(rig.all(Event.IoPageFault.class)).hasSize(recorded ? 1 : 0);
        assertThat(rig.gpu.ats()).as("unsupported requests turn it off").isEqualTo(reason.answer() != Answer.UNSUPPORTED);
        if (recorded) {
            FaultRecord record = FaultRecord.decode(rig.intel0.events().word(0), rig.intel0.events().word(1));
            assertThat(record.reason()).isEqualTo(reason.code());
            assertThat(record.type()).isEqualTo(FaultRecord.TRANSLATION_REQUEST);
        }
    }

    /** Of a page that may be read and not written the ATC learns that, and the device aborts the write by itself. */
    @Test
    void aTranslationRequestIsToldWhatIsAllowed() {
        IntelRig rig = new IntelRig(ATS);
        rig.map(BUFFER, RO);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(rig.all(Event.IoPageFault.class)).isEmpty();
        rig.events.clear();
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
        assertThat(rig.all(Event.Translate.class)).extracting(Event.Translate::via).containsOnly("atc");
    }

    /** EPTR: an access with an address that the device has had translated carries a PASID only where that is allowed. */
    @Test
    void aTranslatedAccessWithAPasid() {
        IntelRig rig = new IntelRig(ATS.pasidWithTranslated(true));
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
        IntelRig other = new IntelRig(ATS.pasidWithTranslated(true));
        other.map(BUFFER, RW);
        FaultCauses.spoil(other, FaultReason.TRANSLATED_WITH_PASID);
        other.run(other.gpu.actor(), other.write(BUFFER));
        assertThat(other.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(other.last(Event.IoPageFault.class).log()).isEqualTo(
                "DMAR: [DMA Write PASID 0x1] Request device [00:01.0] fault addr 0x7f0000000000 [fault reason 0x49] Unknown");
        FaultRecord record = FaultRecord.decode(other.intel0.events().word(0), other.intel0.events().word(1));
        assertThat(record).isEqualTo(new FaultRecord(BUFFER, GPU, false, false, true, 0x49, PASID, FaultRecord.TRANSLATED, false));
    }

    /** Legacy mode lets what no PASID comes with through its second stage. */
    @ParameterizedTest
    @ValueSource(ints = {LegacyContextEntry.UNTRANSLATED_ONLY, LegacyContextEntry.DEVICE_TLB, LegacyContextEntry.PASS_THROUGH})
    void legacyModeTranslates(int translation) {
        IntelRig rig = FaultCauses.rig(PLAIN, FaultReason.LEGACY_BLOCKED);
        long frame = rig.map(BUFFER, RW);
        LegacyCauses.legacy(rig, translation, LegacyContextEntry.FOUR_LEVELS);
        rig.run(rig.gpu.actor(), DmaAccess.write(0, 0, frame << 12, (frame << 12) + 64, 1));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
        assertThat(rig.last(Event.Dma.class).frame()).isEqualTo(frame);
    }

    /** In legacy mode no page can be asked for: recorded as a page request, and answered Invalid. */
    @ParameterizedTest
    @CsvSource({"LEGACY_PAGE_REQUEST, true", "PAGE_REQUEST_DISABLED, true", "LEGACY_PAGE_REQUEST, false"})
    void aPageRequestThatIsBlocked(FaultReason reason, boolean last) {
        IntelRig rig = new IntelRig(PRI);
        FaultCauses.spoil(rig, reason);
        rig.run(rig.app, new Asks(new PageRequest(0, PASID, BUFFER, 5, last, Translation.WRITE)));
        assertThat(rig.last(Event.IoPageFault.class).log()).isEqualTo(String.format(Locale.ROOT,
                "DMAR: [DMA Write PASID 0x1] Request device [00:01.0] fault addr 0x7f0000000000 [fault reason 0x%02x] %s", reason.code(), reason.text()));
        FaultRecord record = FaultRecord.decode(rig.intel0.events().word(0), rig.intel0.events().word(1));
        assertThat(record).isEqualTo(new FaultRecord(BUFFER, GPU, false, false, true, reason.code(), PASID, 0, false, true));
        assertThat(rig.app.result()).isEqualTo(last ? PageRequest.INVALID : PageRequest.NONE);
    }

    /** Page requests of a device that may make none, and for a PASID without a table: Invalid at once, and recorded. */
    @ParameterizedTest
    @EnumSource(value = FaultReason.class, names = {"PAGE_REQUEST_DISABLED", "PASID_NOT_PRESENT", "DIRECTORY_NOT_PRESENT"})
    void aPageRequestThatMayNotBeMadeIsInvalid(FaultReason reason) {
        IntelRig rig = new IntelRig(PRI);
        FaultCauses.spoil(rig, reason);
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
        FaultCauses.spoil(other, FaultReason.PASID_IS_RID_PASID);
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

    private record Asks(PageRequest request) implements Step {
        @Override
        public void run(Turn turn) {
            turn.result(turn.part(Iommus.class).get(0).request(turn, request));
        }
    }
}
