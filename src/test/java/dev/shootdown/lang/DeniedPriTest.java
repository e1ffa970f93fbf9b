package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linux's SMMUv3 driver has no use for page requests by PRI: each is printed, and its group denied; stalls it serves. */
class DeniedPriTest {
    private static final String SETUP = """
            machine { kernel="VERSION" }
            iommu smmu0 { vendor=arm pri=denied }
            device gpu behind smmu0 DEVICE
            process app
            bind gpu to app pasid=1
            let buf = app.main: mmap 16K rw
            """;

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    private void runs(String version, String device, String lines) {
        Status status = session.execute("pri.mmu", SETUP.replace("VERSION", version).replace("DEVICE", device) + lines);
        assertThat(status).as(audience.diagnostics.toString()).isEqualTo(Status.HELD);
    }

    private <E extends Event> List<E> events(Class<E> kind) {
        return audience.moments.stream().map(Moment::event).filter(kind::isInstance).map(kind::cast).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.16", "3.19", "4.15", "6.1", "6.6", "6.18"})
    void aRequestIsDeniedInEveryVersion(String version) {
        runs(version, "{ ats pri }", "gpu: dma write buf[0 +4K]\nexpect gpu.state == \"failed\"\n");
        Event.IoPageFault printed = events(Event.IoPageFault.class).getLast();
        assertThat(printed.log().lines()).containsExactly("arm-smmu-v3 smmu0: unexpected PRI request received:",
                "arm-smmu-v3 smmu0: \tsid 0x00000008.0x00001: [0L] unprivileged W access at iova 0x%016x".formatted(printed.addr()));
        Event.Command answer = events(Event.Command.class).getLast();
        assertThat(answer.name()).isEqualTo("CMD_PRI_RESP");
        assertThat(answer.words()).as("response 0").containsExactly(0x0000_0008_0000_1841L, 0L);
        assertThat(events(Event.PageResponse.class).getLast().code()).isEqualTo(0xf);
    }

    @Test
    void aGroupIsDeniedOnce() {
        runs("6.18", "{ ats pri prg=4 }", "gpu: dma write buf\n");
        assertThat(events(Event.IoPageFault.class)).hasSize(4);
        assertThat(events(Event.PageResponse.class)).hasSize(1);
    }

    /** What is there already needs no request. */
    @Test
    void aPageThatIsThereIsReached() {
        runs("6.18", "{ ats pri }", "app.main: write buf 1\ngpu: dma write buf\nexpect gpu.state == \"running\"\n");
    }

    @Test
    void aStalledAccessIsServed() {
        runs("6.18", "{ stall }", "gpu: dma write buf[0 +4K]\nexpect gpu.state == \"running\"\n");
        assertThat(events(Event.Dma.class).getLast().outcome()).isEqualTo("done");
        assertThat(events(Event.Command.class).getLast().name()).isEqualTo("CMD_RESUME");
    }

    /** Nobody denies a stop marker for what it is. */
    @Test
    void aStopMarkerIsTakenForARequest() {
        runs("6.18", "{ ats pri }", "app.main: write buf 1\ngpu: dma write buf\nunbind gpu from app\n");
        List<Event.PageRequest> requests = events(Event.PageRequest.class);
        assertThat(events(Event.IoPageFault.class)).hasSameSizeAs(requests);
    }
}
