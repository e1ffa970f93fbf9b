package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.arm.ArmRig.ATS;
import static dev.shootdown.iommu.arm.ArmRig.BUFFER;
import static dev.shootdown.iommu.arm.ArmRig.PAGE;
import static dev.shootdown.iommu.arm.ArmRig.PASID;
import static dev.shootdown.iommu.arm.ArmRig.PLAIN;
import static dev.shootdown.iommu.arm.ArmRig.PRI;
import static dev.shootdown.iommu.arm.ArmRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.device.Reset;
import dev.shootdown.iommu.DriverEra;
import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.arm.ArmEvent.Id;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.trace.Event;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every record of iommu.md 3.7 that software can cause: caused, read from the queue, and printed as the kernel prints it. */
class ArmFaultsTest {
    private static final long NOWHERE = 0x0000_7777_7777_0000L;

    /** Those that software cannot bring about here, and why; F_TRANSL_FORBIDDEN has a test of its own. */
    private static final Map<Id, String> NOT_CAUSED = Map.of(
            Id.F_UUT, "a transaction of a kind that no device here makes (an atomic one with a translated address, for one)",
            Id.F_TLB_CONFLICT, "its TLB cannot hold two entries for one address: a page has one place in it",
            Id.F_CFG_CONFLICT, "nor can its configuration caches",
            Id.E_PAGE_REQUEST, "a hint of a speculative access that the SMMU makes by itself: it makes none",
            Id.F_VMS_FETCH, "it has no MPAM, and so no VMS to fetch (IDR3.MPAM=0)");

    /** @param meaning the line in which the kernel says what it is, behind the name */
    private record Cause(Id id, DeviceOptions device, ArmFeatures features, Consumer<ArmRig> cause, String meaning) {}

    private static Cause cause(Id id, Consumer<ArmRig> cause, String meaning) {
        return new Cause(id, PLAIN, ArmFeatures.DEFAULT, cause, meaning);
    }

    private static StreamTableEntry with(StreamTableEntry from, int config, int format, long contexts, int max, int dss, int eats) {
        return new StreamTableEntry(from.valid(), config, format, contexts, max, dss, from.ppar(), from.s1Stalld(), eats, from.strw(),
                from.s2Vmid(), from.s2s(), from.s2r());
    }

    private static void stream(ArmRig rig, int config, int format, long contexts, int max, int eats) {
        rig.smmu.write(rig.gpu, with(rig.smmu.stream(rig.gpu), config, format, contexts, max, StreamTableEntry.SSID0, eats));
    }

    /** A descriptor whose hardware does not set the access flag. */
    private static ContextDescriptor withoutHa(ArmRig rig) {
        return new ContextDescriptor(true, 16, 0, false, 5, true, false, false, false, true, true, true, PASID, rig.root << Frames.PAGE_SHIFT);
    }

    private static void badContext(ArmRig rig, int t0sz, boolean aa64, long table, int ips) {
        rig.smmu.write(rig.gpu, PASID, new ContextDescriptor(true, t0sz, 0, false, ips, aa64, true, true, false, true, true, true, PASID, table));
    }

    private static String who(int ssid) {
        return "client: gpu sid: 0x8 ssid: " + (ssid == 0 ? "0" : "0x" + Integer.toHexString(ssid));
    }

    private static List<Cause> causes() {
        long contexts = 0x1000;
        return List.of(
                cause(Id.C_BAD_STREAMID, rig -> rig.frames.word(rig.smmu.streamTable() >>> 12, 0, 0), who(1)),
                cause(Id.F_STE_FETCH, rig -> rig.frames.word(rig.smmu.streamTable() >>> 12, 0, new StreamTableDescriptor(9, NOWHERE).encode()),
                        who(1) + " fetch_addr: 0x777777770200"),
                cause(Id.C_BAD_STE, rig -> rig.smmu.write(rig.gpu, StreamTableEntry.decode(0, 0, 0, 0)), who(1)),
                new Cause(Id.C_BAD_STE, PLAIN, ArmFeatures.DEFAULT, rig -> stream(rig, StreamTableEntry.STAGE_2, 0, contexts, 16, 0), who(1)),
                new Cause(Id.C_BAD_STE, PLAIN, ArmFeatures.DEFAULT, rig -> stream(rig, StreamTableEntry.STAGE_1, 3, contexts, 16, 0), who(1)),
                new Cause(Id.F_BAD_ATS_TREQ, ATS, ArmFeatures.DEFAULT,
                        rig -> stream(rig, StreamTableEntry.STAGE_1, 2, rig.smmu.stream(rig.gpu).s1ContextPtr(), 16, 0), null),
                new Cause(Id.F_BAD_ATS_TREQ, ATS, ArmFeatures.DEFAULT, rig -> stream(rig, StreamTableEntry.BYPASS, 0, 0, 0, 1), null),
                cause(Id.F_STREAM_DISABLED, rig -> rig.smmu.write(rig.gpu, with(rig.smmu.stream(rig.gpu), StreamTableEntry.STAGE_1, 2,
                        rig.smmu.stream(rig.gpu).s1ContextPtr(), 16, StreamTableEntry.TERMINATE, 0)), who(0)),
                cause(Id.C_BAD_SUBSTREAMID, rig -> stream(rig, StreamTableEntry.STAGE_1, 2, rig.smmu.stream(rig.gpu).s1ContextPtr(), 0, 0), who(1)),
                cause(Id.C_BAD_SUBSTREAMID, rig -> rig.frames.word(rig.smmu.stream(rig.gpu).s1ContextPtr() >>> 12, 0, 0), who(1)),
                cause(Id.F_CD_FETCH, rig -> stream(rig, StreamTableEntry.STAGE_1, 2, NOWHERE, 16, 0), who(1) + " fetch_addr: 0x777777770000"),
                cause(Id.F_CD_FETCH, rig -> rig.frames.word(rig.smmu.stream(rig.gpu).s1ContextPtr() >>> 12, 0,
                        new ContextTableDescriptor(true, NOWHERE).encode()), who(1) + " fetch_addr: 0x777777770040"),
                cause(Id.C_BAD_CD, rig -> rig.smmu.write(rig.gpu, PASID, ContextDescriptor.NONE), who(1)),
                cause(Id.C_BAD_CD, rig -> badContext(rig, 16, false, rig.root << 12, 5), who(1)),
                cause(Id.C_BAD_CD, rig -> badContext(rig, 60, true, rig.root << 12, 5), who(1)),
                cause(Id.C_BAD_CD, rig -> badContext(rig, 16, true, 1L << 40, 0), who(1)),
                cause(Id.F_WALK_EABT, rig -> rig.tables.entry(rig.table(BUFFER, 3), BUFFER, 3, Entry.of(NOWHERE >>> 12, RW)), null),
                cause(Id.F_TRANSLATION, rig -> rig.unmap(BUFFER), who(1) + " iova: 0x7f0000000000 ipa: 0"),
                cause(Id.F_ADDR_SIZE, rig -> rig.tables.entry(rig.table(BUFFER, 1), BUFFER, 1, Entry.of(1L << 36, RW)),
                        who(1) + " iova: 0x7f0000000000 ipa: 0"),
                cause(Id.F_ACCESS, rig -> rig.smmu.write(rig.gpu, PASID, withoutHa(rig)), who(1) + " iova: 0x7f0000000000 ipa: 0"),
                cause(Id.F_PERMISSION, rig -> rig.tables.entry(rig.table(BUFFER, 1), BUFFER, 1,
                        Entry.of(rig.frames.allocate(Use.ANONYMOUS, 1), RW & ~Entry.WRITE)),
                        who(1) + " iova: 0x7f0000000000 ipa: 0"));
    }

    @Test
    void everyRecordIsCausedOrCannotBe() {
        Set<Id> told = EnumSet.copyOf(NOT_CAUSED.keySet());
        told.add(Id.F_TRANSL_FORBIDDEN);
        for (Cause cause : causes()) {
            assertThat(NOT_CAUSED).doesNotContainKey(cause.id());
            told.add(cause.id());
        }
        assertThat(told).isEqualTo(EnumSet.allOf(Id.class));
        assertThat(told).extracting(Id::code).containsExactly(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x10, 0x11, 0x12,
                0x13, 0x20, 0x21, 0x24, 0x25);
    }

    @TestFactory
    Stream<DynamicTest> eachIsCausedRecordedAndPrinted() {
        return causes().stream().map(cause -> DynamicTest.dynamicTest(cause.id().name(), () -> caused(cause)));
    }

    private static void caused(Cause cause) {
        ArmRig rig = new ArmRig(cause.device(), IommuOptions.DEFAULT, cause.features());
        rig.map(BUFFER, RW);
        cause.cause().accept(rig);
        int pasid = cause.id() == Id.F_STREAM_DISABLED ? 0 : PASID;
        rig.run(rig.gpu.actor(), DmaAccess.write(rig.gpu.number(), pasid, BUFFER, BUFFER + PAGE, 1));
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.smmu.events().size()).isEqualTo(1);
        ArmEvent record = rig.record();
        assertThat(record.kind()).isEqualTo(cause.id());
        assertThat(record.sid()).isEqualTo(8);
        assertThat(record.ssid()).isEqualTo(pasid);
        assertThat(record.rnw()).isFalse();
        assertThat(record.address()).isEqualTo(cause.id().addressed() ? BUFFER : 0);
        printed(rig, record, cause);
        assertThat(rig.smmu.interrupts().pending()).isTrue();
        assertThat(rig.done(rig.gpu.actor())).isTrue();
    }

    private static void printed(ArmRig rig, ArmEvent record, Cause cause) {
        assertThat(rig.log()).startsWith("arm-smmu-v3 smmu0: event 0x%02x received:".formatted(cause.id().code()),
                "arm-smmu-v3 smmu0: \t0x%016x".formatted(record.word(0)), "arm-smmu-v3 smmu0: \t0x%016x".formatted(record.word(1)),
                "arm-smmu-v3 smmu0: \t0x%016x".formatted(record.word(2)), "arm-smmu-v3 smmu0: \t0x%016x".formatted(record.word(3)));
        String name = cause.meaning() == null ? "UNKNOWN" : cause.id().name();
        assertThat(rig.log().get(5)).isEqualTo("arm-smmu-v3 smmu0: event: " + name + " " + (cause.meaning() == null ? who(1) : cause.meaning()));
        if (cause.id().translation()) {
            assertThat(rig.log().get(6)).isEqualTo("arm-smmu-v3 smmu0: unpriv data write s1 \"Input address caused fault\" stag: 0");
        }
    }

    /** PCIe ATS 10.2.3: a function that is answered Unsupported Request turns ATS off; its addresses go out untranslated. */
    @Test
    void anUnsupportedRequestTurnsAtsOff() {
        ArmRig rig = new ArmRig(ATS, IommuOptions.DEFAULT, ArmFeatures.DEFAULT);
        rig.map(BUFFER, RW);
        stream(rig, StreamTableEntry.STAGE_1, 2, rig.smmu.stream(rig.gpu).s1ContextPtr(), 16, 0);
        DmaAccess write = DmaAccess.write(rig.gpu.number(), PASID, BUFFER, BUFFER + PAGE, 1);
        assertThat(rig.gpu.ats()).isTrue();
        rig.run(rig.gpu.actor(), write);
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.gpu.ats()).isFalse();
        rig.run(rig.gpu.actor(), write);
        assertThat(rig.outcome()).isEqualTo("done");
        assertThat(rig.gpu.atc().size(-1)).isZero();
        rig.run(rig.gpu.actor(), new Reset(rig.gpu.number()));
        assertThat(rig.gpu.ats()).isTrue();
        rig.run(rig.gpu.actor(), write);
        assertThat(rig.outcome()).isEqualTo("aborted");
    }

    /** Kernels before 6.14 print the words alone. */
    @Test
    void olderKernelsPrintFourWords() {
        ArmRig rig = new ArmRig(PLAIN, IommuOptions.DEFAULT.era(DriverEra.NEWEST.explains(false)), ArmFeatures.DEFAULT);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.log()).hasSize(5).first().isEqualTo("arm-smmu-v3 smmu0: event 0x10 received:");
    }

    @Test
    void aWalkThatLeavesMemorySaysWhere() {
        ArmRig rig = new ArmRig(PLAIN);
        rig.tables.entry(rig.table(BUFFER, 3), BUFFER, 3, Entry.of(NOWHERE >>> 12, RW));
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.record().fetch()).isEqualTo(NOWHERE + 8L * Entry.index(BUFFER, 2));
        assertThat(rig.record().classOf()).isEqualTo(ArmEvent.CLASS_TTD);
        assertThat(rig.record().rnw()).isTrue();
    }

    @Test
    void translatedAccessesAreCheckedOnceAtsIsOff() {
        ArmRig rig = new ArmRig(ATS);
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        stream(rig, StreamTableEntry.STAGE_1, 2, rig.smmu.stream(rig.gpu).s1ContextPtr(), 16, 0);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).as("the copy is the old one").isEqualTo("done");
        rig.run(rig.app, rig.smmu.command(new ConfigCommand.CfgiSte(rig.sid(), true)));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.record().kind()).isEqualTo(Id.F_TRANSL_FORBIDDEN);
        assertThat(rig.log().get(5)).isEqualTo("arm-smmu-v3 smmu0: event: UNKNOWN client: gpu sid: 0x8 ssid: 0x1");
    }

    @Test
    void withoutAtschkNobodyLooks() {
        ArmRig rig = new ArmRig(ATS, IommuOptions.DEFAULT, ArmFeatures.DEFAULT.atsCheck(false));
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        stream(rig, StreamTableEntry.STAGE_1, 2, rig.smmu.stream(rig.gpu).s1ContextPtr(), 16, 0);
        rig.run(rig.app, rig.smmu.command(new ConfigCommand.CfgiSte(rig.sid(), true)));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("done");
    }

    /** 3.5: Completer Abort, and a record only with CR2.REC_CFG_ATS. */
    @Test
    void aTranslationRequestThatEndsAtBadTablesIsSilent() {
        for (boolean records : new boolean[] {false, true}) {
            ArmRig rig = new ArmRig(PRI, IommuOptions.DEFAULT, ArmFeatures.DEFAULT.recordsAts(records));
            rig.smmu.write(rig.gpu, PASID, ContextDescriptor.NONE);
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).isEqualTo("aborted");
            assertThat(rig.all(Event.PageRequest.class)).isEmpty();
            assertThat(rig.smmu.events().size()).isEqualTo(records ? 1 : 0);
        }
    }

    /** Success with neither R nor W: nothing is recorded, and the device asks for the page. */
    @Test
    void aTranslationRequestThatFindsNothingIsAPageRequest() {
        ArmRig rig = new ArmRig(PRI);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.smmu.events().size()).isZero();
        assertThat(rig.all(Event.PageRequest.class)).hasSize(1);
        PriEntry entry = PriEntry.decode(rig.smmu.requests().word(0, 0), rig.smmu.requests().word(0, 1));
        assertThat(entry).isEqualTo(new PriEntry(8, PASID, false, false, false, true, true, true, 0, BUFFER));
    }

    @Test
    void anEntryThatAbortsIsNoEvent() {
        ArmRig rig = new ArmRig(PLAIN);
        rig.smmu.write(rig.gpu, StreamTableEntry.ABORTS);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.smmu.events().size()).isZero();
    }

    /** What stays for a process that has gone faults and says nothing: CD.R is 0. */
    @Test
    void aDescriptorOfNobodyIsQuiet() {
        ArmRig rig = new ArmRig(PLAIN);
        rig.map(BUFFER, RW);
        rig.run(rig.app, rig.smmu.clearTable(rig.gpu.number(), PASID));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.smmu.events().size()).isZero();
    }

    @Test
    void theStreamTableMayBeLinear() {
        ArmRig rig = new ArmRig(PLAIN, IommuOptions.DEFAULT, ArmFeatures.DEFAULT.twoLevels(false));
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("done");
        assertThat(rig.frames.word(rig.smmu.streamTable() >>> 12, 8 * 8)).isEqualTo(rig.smmu.stream(rig.gpu).word(0));
        assertThat(rig.frames.word(rig.smmu.streamTable() >>> 12, 8)).as("StreamID 1").isEqualTo(1);
        rig.smmu.write(rig.gpu, StreamTableEntry.decode(0, 0, 0, 0));
        rig.run(rig.app, rig.smmu.command(new ConfigCommand.CfgiSte(rig.sid(), true)));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.record().kind()).isEqualTo(Id.C_BAD_STE);
    }

    /** Nested, the descriptors lie in the guest's memory: what stage 2 does not map of them is its fault, of class CD. */
    @Test
    void descriptorsOfAGuest() {
        for (boolean second : new boolean[] {false, true}) {
            ArmRig rig = new ArmRig(PLAIN, IommuOptions.DEFAULT.nested(true), ArmFeatures.DEFAULT);
            rig.map(BUFFER, RW);
            long first = rig.smmu.stream(rig.gpu).s1ContextPtr();
            long table = ContextTableDescriptor.decode(rig.frames.word(first >>> 12, 0)).l2Ptr();
            long taken = second ? table + 64 * PASID : first;
            rig.run(rig.app, new IoasMap(0, List.of(taken >>> 12), 0, true));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).isEqualTo("aborted");
            ArmEvent record = rig.record();
            assertThat(record.kind()).isEqualTo(Id.F_TRANSLATION);
            assertThat(record.s2()).isTrue();
            assertThat(record.classOf()).isEqualTo(ArmEvent.CLASS_CD);
            assertThat(record.fetch()).as("IPA").isEqualTo(taken & -4096);
            rig.run(rig.app, new IoasMap(0, List.of(taken >>> 12), Translation.READ, true));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).isEqualTo("done");
            rig.run(rig.app, new IoasMap(0, List.of(taken >>> 12), 0, true));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).as("a copy stays until CMD_CFGI_CD").isEqualTo("done");
        }
    }

    /** A page that stage 2 maps for reading: F_PERMISSION of stage 2, of the input address; a table: of class TTD, of a write of it. */
    @Test
    void permissionsOfStage2() {
        ArmRig rig = new ArmRig(PLAIN, IommuOptions.DEFAULT.nested(true), ArmFeatures.DEFAULT);
        rig.map(BUFFER, RW);
        rig.run(rig.app, new IoasMap(0, List.of(Entry.frame(rig.pte(BUFFER))), Translation.READ, true));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.record().kind()).isEqualTo(Id.F_PERMISSION);
        assertThat(rig.record().s2()).isTrue();
        assertThat(rig.record().classOf()).isEqualTo(ArmEvent.CLASS_IN);
        rig.map(BUFFER + PAGE, RW);
        rig.run(rig.app, new IoasMap(0, List.of(rig.table(BUFFER, 1)), Translation.READ, true));
        rig.run(rig.gpu.actor(), rig.write(BUFFER + PAGE));
        assertThat(rig.record().kind()).isEqualTo(Id.F_PERMISSION);
        assertThat(rig.record().classOf()).isEqualTo(ArmEvent.CLASS_TTD);
        assertThat(rig.record().ttrnw()).isFalse();
    }

    /** 7.2, 8.2: what cannot be written is a global error; of page requests each is then a Response Failure. */
    @Test
    void queuesInNoMemory() {
        ArmRig rig = new ArmRig(PLAIN).served();
        long events = rig.smmu.events().base();
        rig.smmu.events().base(NOWHERE);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.log()).containsExactly("arm-smmu-v3 smmu0: unexpected global error reported (0x00000004), this could be serious",
                "arm-smmu-v3 smmu0: EVTQ write aborted -- events may have been lost");
        rig.smmu.events().base(events);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.log()).hasSize(7);
        ArmRig asks = new ArmRig(PRI).served();
        asks.smmu.requests().base(NOWHERE);
        asks.run(asks.gpu.actor(), asks.write(BUFFER));
        assertThat(asks.gpu.state()).isEqualTo("failed");
        assertThat(asks.log()).containsExactly("arm-smmu-v3 smmu0: unexpected global error reported (0x00000008), this could be serious",
                "arm-smmu-v3 smmu0: PRIQ write aborted -- events may have been lost");
    }

    /** Config=bypass: what has no SubstreamID goes where it says; what has one may not come. */
    @Test
    void aStreamThatIsBypassed() {
        ArmRig rig = new ArmRig(PLAIN);
        long frame = rig.map(BUFFER, RW);
        stream(rig, StreamTableEntry.BYPASS, 0, 0, 0, 0);
        rig.run(rig.gpu.actor(), DmaAccess.write(rig.gpu.number(), 0, frame << 12, (frame << 12) + 8, 1));
        assertThat(rig.outcome()).isEqualTo("done");
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.record().kind()).isEqualTo(Id.C_BAD_SUBSTREAMID);
    }

    @Test
    void aCommandQueueInNoMemory() {
        ArmRig rig = new ArmRig(PLAIN).served();
        long ring = rig.smmu.commands().base();
        rig.smmu.commands().base(NOWHERE);
        rig.run(rig.app, rig.smmu.sync());
        assertThat(rig.smmu.commandConsumer() >>> 24).as("CERROR_ABT").isEqualTo(2);
        assertThat(rig.log()).containsExactly("arm-smmu-v3 smmu0: unexpected global error reported (0x00000001), this could be serious",
                "arm-smmu-v3 smmu0: CMDQ error (cons 0x02000000): Abort on command fetch", "arm-smmu-v3 smmu0: retrying command fetch");
        assertThat(rig.done(rig.app)).isFalse();
        rig.smmu.commands().base(ring);
        rig.run(rig.gpu.actor(), rig.smmu.recover());
        assertThat(rig.done(rig.app)).as("the handler has looked once more").isTrue();
    }

    /** The queue is full at its whole length; what comes then is lost, and what comes after there is room is not. */
    @Test
    void aFullEventQueueLosesRecordsAndGoesOn() {
        ArmRig rig = new ArmRig(PLAIN, IommuOptions.DEFAULT.events(4), ArmFeatures.DEFAULT);
        for (int i = 0; i < 6; i++) {
            rig.run(rig.gpu.actor(), rig.write(BUFFER + i * PAGE));
        }
        assertThat(rig.smmu.events().size()).isEqualTo(4);
        assertThat(rig.smmu.eventProducer()).as("OVFLG, wrap bit, index 0").isEqualTo(0x8000_0004L);
        rig.smmu.events().pop();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.smmu.events().size()).as("overflow that nobody has acknowledged does not stop it").isEqualTo(4);
        rig.served().run();
        assertThat(rig.smmu.events().size()).isZero();
        assertThat(rig.smmu.eventProducer()).isEqualTo(5);
        assertThat(rig.log()).containsExactly("arm-smmu-v3 smmu0: EVTQ overflow detected -- events lost");
    }
}
