package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each kernel's driver sends for two pages, and where it waits. */
class DriverPhasesTest {
    private static final String SCRIPT = """
            machine { kernel="KERNEL" }
            iommu unit0 { vendor=VENDOR }
            device gpu behind unit0 { ats pri }
            process app
            bind gpu to app pasid=1 driver=sva
            let buf = app.main: mmap 16K rw
            app.main: touch buf write
            app.main: madvise buf[4K +8K] dontneed
            """;

    private final Audience audience = new Audience();

    @ParameterizedTest
    @CsvSource({
        "intel, 6.6,  piotlb_invalidate invalidation_wait pasid_device_tlb_invalidate invalidation_wait",
        "intel, 6.18, piotlb_invalidate pasid_device_tlb_invalidate invalidation_wait",
        "arm,   6.6,  CMD_TLBI_NH_VA CMD_SYNC CMD_ATC_INV CMD_SYNC",
        "arm,   6.18, CMD_TLBI_NH_VA CMD_SYNC CMD_ATC_INV CMD_SYNC",
        "amd,   6.6,  INVALIDATE_IOMMU_PAGES COMPLETION_WAIT INVALIDATE_IOTLB_PAGES COMPLETION_WAIT",
        "amd,   6.18, INVALIDATE_IOMMU_PAGES INVALIDATE_IOTLB_PAGES COMPLETION_WAIT"})
    void whatIsSent(String vendor, String kernel, String commands) {
        Status status = new Session(audience).execute("phases.mmu", SCRIPT.replace("KERNEL", kernel).replace("VENDOR", vendor));
        assertThat(status).as(audience.diagnostics.toString()).isEqualTo(Status.HELD);
        List<Event> events = audience.moments.stream().map(Moment::event).toList();
        int cleared = events.indexOf(events.stream().filter(event -> event instanceof Event.Pte pte && pte.change().equals("clear")).findFirst().orElseThrow());
        assertThat(events.subList(cleared, events.size()).stream().filter(Event.Command.class::isInstance)
                .map(event -> ((Event.Command) event).name())).containsExactly(commands.split(" "));
    }
}
