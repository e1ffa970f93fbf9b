package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process's table walked through a second stage: what is remembered of both, and what invalidates it. */
class NestedTest {
    private static final String SETUP = """
            iommu unit0 { vendor=VENDOR nested }
            device gpu behind unit0 DEVICE
            process app
            bind gpu to app pasid=1
            let buf = app.main: mmap 16K rw
            app.main: write buf 1
            """;

    private static final List<String> WAITS = List.of("COMPLETION_WAIT", "invalidation_wait", "CMD_SYNC", "IOFENCE.C");

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    private Status run(String vendor, String device, String lines) {
        return session.execute("nested.mmu", SETUP.replace("VENDOR", vendor).replace("DEVICE", device) + lines);
    }

    private void runs(String vendor, String device, String lines) {
        assertThat(run(vendor, device, lines)).as(audience.diagnostics.toString()).isEqualTo(Status.HELD);
    }

    private <E extends Event> List<E> events(Class<E> kind) {
        return audience.moments.stream().map(Moment::event).filter(kind::isInstance).map(kind::cast).toList();
    }

    private List<String> outcomes() {
        return events(Event.Dma.class).stream().map(Event.Dma::outcome).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd", "intel", "arm", "riscv"})
    void throughAnIdentityNothingIsDifferent(String vendor) {
        runs(vendor, "{ ats pri }", "gpu: dma write buf value=7\nlet got = app.main: read buf[0 +1]\n");
        assertThat(outcomes()).containsOnly("done");
    }

    /** Untranslated: the second stage's fault is recorded, with the guest's address where that is what is recorded. */
    @ParameterizedTest
    @CsvSource({
        "amd, 'AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x0020]'",
        "intel, 'DMAR: [DMA Write NO_PASID'"})
    void aFaultOfTheSecondStageIsRecorded(String vendor, String line) {
        runs(vendor, "", "unit0: ioas_unmap buf\ngpu: dma write buf[0 +4K]\n");
        assertThat(outcomes()).containsExactly("aborted");
        Event.IoPageFault fault = events(Event.IoPageFault.class).getLast();
        if (vendor.equals("amd")) {
            assertThat(fault.log()).isEqualTo(line.formatted(fault.addr()));
        } else {
            assertThat(fault.log()).startsWith("DMAR: [DMA Write").contains("Read/Write permission error in second-level paging entry").contains("79");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd", "intel", "arm", "riscv"})
    void whatIsRememberedOfBothStagesOutlivesTheSecondStagesEntry(String vendor) {
        runs(vendor, "", "gpu: dma read buf[0 +4K]\nunit0: ioas_unmap buf noflush\ngpu: dma write buf[0 +4K]\n");
        assertThat(outcomes()).containsExactly("done", "done");
    }

    @ParameterizedTest
    @CsvSource({"amd, ''", "intel, ''", "arm, ''", "riscv, ''", "amd, '{ ats }'", "intel, '{ ats }'", "arm, '{ ats }'", "riscv, '{ ats }'"})
    void theVendorsCommandsDropIt(String vendor, String device) {
        runs(vendor, device, "gpu: dma read buf[0 +4K]\nunit0: ioas_unmap buf\ngpu: dma write buf[0 +4K]\nunit0: ioas_map buf\ngpu: dma write buf[0 +4K]\n");
        assertThat(outcomes()).containsExactly("done", "aborted", "done");
    }

    /** AMD's GN and PASID are about the first stage alone: what comes of a page's nested translation stays. */
    @Test
    void aFirstStageInvalidationKeepsTheNestedTlb() {
        runs("amd", "", """
                gpu: dma read buf[0 +4K]
                unit0: ioas_unmap buf noflush
                unit0: invalidate_iommu_pages buf pasid=1
                unit0: sync
                gpu: dma write buf[0 +4K]
                unit0: invalidate_iommu_pages 0 +0x1_0000_0000 pasid=1 host
                unit0: sync
                gpu: dma write buf[0 +4K]
                """);
        assertThat(outcomes()).containsExactly("done", "done", "aborted");
    }

    /** A device with PRI asks for the page, which the guest's kernel has; it asks in vain, and gives up. */
    @ParameterizedTest
    @ValueSource(strings = {"amd", "intel", "arm", "riscv"})
    void pageRequestsDoNotMendTheSecondStage(String vendor) {
        runs(vendor, "{ ats pri }", "unit0: ioas_unmap buf\ngpu: dma write buf[0 +4K]\nexpect gpu.state == \"failed\"\nexpect gpu.requests == 4\n");
    }

    @Test
    void whatIsNotNestedHasNoSecondStage() {
        assertThat(session.execute("plain.mmu", "iommu amd0\nprocess app\nlet buf = app.main: mmap 4K rw\namd0: ioas_unmap buf\n"))
                .isNotEqualTo(Status.HELD);
        assertThat(audience.diagnostics.getLast().code()).isEqualTo("no-second-stage");
    }

    private List<List<String>> behindTheUnmapping() {
        List<Event> all = audience.moments.stream().map(Moment::event).toList();
        return commands(all.subList(all.indexOf(events(Event.Pte.class).getLast()), all.size()));
    }

    private static List<List<String>> commands(List<Event> events) {
        return events.stream().filter(Event.Command.class::isInstance).map(Event.Command.class::cast)
                .map(command -> Stream.concat(Stream.of(command.name()), command.words().stream().limit(2).map(Long::toHexString)).toList())
                .filter(words -> !WAITS.contains(words.getFirst())).toList();
    }

    /** What each driver sends for four pages of the second stage: both stages are in the IOMMU's TLB, and both in the device's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "amd   | INVALIDATE_IOMMU_PAGES 3000000100000000 ADDRESS,3 ; INVALIDATE_IOTLB_PAGES 4000000820000008 ADDRESS,1",
        "intel | iotlb_invalidate 100f2 ADDRESS,3 ; device_tlb_invalidate 800008003 7ffffffffffff001",
        "arm   | CMD_TLBI_S2_IPA 10020002a ADDRESS,400 ; CMD_TLBI_NH_ALL 100000010 0 ; CMD_ATC_INV 800000040 34"})
    void theWordsThatForgetTheSecondStage(String vendor, String expected) {
        runs(vendor, "{ ats }", "unit0: ioas_unmap buf\n");
        assertThat(events(Event.Pte.class).getLast().pages()).isEqualTo(4);
        List<List<String>> sent = behindTheUnmapping();
        List<List<String>> meant = Stream.of(expected.split(";")).map(command -> List.of(command.trim().split(" "))).toList();
        assertThat(sent).hasSameSizeAs(meant);
        for (int i = 0; i < meant.size(); i++) {
            assertThat(sent.get(i).subList(0, 2)).isEqualTo(meant.get(i).subList(0, 2));
            String operand = meant.get(i).get(2);
            long low = operand.startsWith("ADDRESS") ? Long.parseUnsignedLong(operand.substring(8), 16) : Long.parseUnsignedLong(operand, 16);
            long found = Long.parseUnsignedLong(sent.get(i).get(2), 16);
            assertThat(operand.startsWith("ADDRESS") ? found & 0xfff : found).isEqualTo(low);
        }
    }

    /** RISC-V: page by page, of GSCID 1; devices are told by a message without a PASID. */
    @Test
    void theSameOnRiscv() {
        runs("riscv", "{ ats }", "unit0: ioas_unmap buf\n");
        List<List<String>> sent = behindTheUnmapping();
        assertThat(sent).hasSize(5);
        assertThat(sent.subList(0, 4)).allSatisfy(words -> assertThat(words.subList(0, 2)).containsExactly("IOTINVAL.GVMA", "100200000481"));
        assertThat(sent.getLast()).containsExactly("ATS.INVAL", "80000000004", "7ffffffffffff800");
    }

    /** The guest's own invalidations name the virtual machine. */
    @ParameterizedTest
    @CsvSource({
        "arm,   CMD_TLBI_NH_VA, 1000100100012",
        "riscv, IOTINVAL.VMA,   100700001401"})
    void firstStageInvalidationsNameTheVirtualMachine(String vendor, String name, String first) {
        runs(vendor, "{ ats }", "unit0: flush iotlb buf[0 +4K] pasid=1\nunit0: sync\n");
        assertThat(commands(List.copyOf(events(Event.class))).getLast().subList(0, 2)).containsExactly(name, first);
    }

    /** An IPA's invalidation leaves what both stages led to; TLBI_NH_ALL is what drops that, and S12_VMALL is both. */
    @Test
    void onArmTheCombinedEntriesGoByThemselves() {
        runs("arm", "", """
                gpu: dma read buf[0 +4K]
                unit0: ioas_unmap buf noflush
                unit0: CMD_TLBI_S2_IPA 0 +0x1_0000_0000 vmid=1
                unit0: sync
                gpu: dma write buf[0 +4K]
                unit0: CMD_TLBI_NH_ALL vmid=1
                unit0: sync
                gpu: dma write buf[0 +4K]
                """);
        assertThat(outcomes()).containsExactly("done", "done", "aborted");
    }

    /** Without the second stage's own invalidation the first stage's walks find the page again. */
    @Test
    void onArmTheFirstStagesInvalidationKeepsTheSecond() {
        runs("arm", "", """
                gpu: dma read buf[0 +4K]
                unit0: ioas_unmap buf noflush
                unit0: CMD_TLBI_NH_ALL vmid=1
                unit0: sync
                gpu: dma write buf[0 +4K]
                unit0: CMD_TLBI_S12_VMALL vmid=1
                unit0: sync
                gpu: dma write buf[0 +4K]
                """);
        assertThat(outcomes()).containsExactly("done", "done", "aborted");
    }

    @Test
    void onArmTheRecordIsOfStage2() {
        runs("arm", "", "unit0: ioas_unmap buf\ngpu: dma write buf[0 +4K]\n");
        Event.IoPageFault fault = events(Event.IoPageFault.class).getLast();
        assertThat(fault.log()).contains("event 0x10 received:").contains("event: F_TRANSLATION client: gpu")
                .contains("unpriv data write s2 \"Input address caused fault\"").doesNotContain("ipa: 0x0");
    }

    @Test
    void onRiscvTheRecordHasTheGuestsAddress() {
        runs("riscv", "", "unit0: ioas_unmap buf\ngpu: dma write buf[0 +4K]\n");
        Event.Pte taken = events(Event.Pte.class).getLast();
        assertThat(events(Event.IoPageFault.class).getLast().log())
                .startsWith("Fault 23 devid: 0x8 iotval: ").endsWith(" iotval2: " + Long.toHexString(taken.start()));
    }
}
