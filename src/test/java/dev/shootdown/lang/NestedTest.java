package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;
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
    @ValueSource(strings = {"amd", "intel"})
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
    @ValueSource(strings = {"amd", "intel"})
    void whatIsRememberedOfBothStagesOutlivesTheSecondStagesEntry(String vendor) {
        runs(vendor, "", "gpu: dma read buf[0 +4K]\nunit0: ioas_unmap buf noflush\ngpu: dma write buf[0 +4K]\n");
        assertThat(outcomes()).containsExactly("done", "done");
    }

    @ParameterizedTest
    @CsvSource({"amd, ''", "intel, ''", "amd, '{ ats }'", "intel, '{ ats }'"})
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
    @ValueSource(strings = {"amd", "intel"})
    void pageRequestsDoNotMendTheSecondStage(String vendor) {
        runs(vendor, "{ ats pri }", "unit0: ioas_unmap buf\ngpu: dma write buf[0 +4K]\nexpect gpu.state == \"failed\"\nexpect gpu.requests == 4\n");
    }

    @Test
    void whatIsNotNestedHasNoSecondStage() {
        assertThat(session.execute("plain.mmu", "iommu amd0\nprocess app\nlet buf = app.main: mmap 4K rw\namd0: ioas_unmap buf\n"))
                .isNotEqualTo(Status.HELD);
        assertThat(audience.diagnostics.getLast().code()).isEqualTo("no-second-stage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arm", "riscv"})
    void othersDoNotNestYet(String vendor) {
        assertThat(run(vendor, "", "")).isEqualTo(Status.REFUSED);
        assertThat(audience.diagnostics.getFirst().code()).isEqualTo("not-carried-out");
    }
}
