package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices with several accesses in flight, groups of several page requests, stop markers, ITags, and ATS turned off. */
class ChannelsTest {
    private static final String SETUP = """
            iommu unit0 { OPTIONS }
            device gpu behind unit0 { ats pri DEVICE }
            process app
            bind gpu to app pasid=1
            let buf = app.main: mmap 16K rw
            """;

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    private Status run(String options, String device, String lines) {
        return session.execute("channels.mmu", SETUP.replace("OPTIONS", options).replace("DEVICE", device) + lines);
    }

    private void runs(String options, String device, String lines) {
        assertThat(run(options, device, lines)).as(audience.diagnostics.toString()).isEqualTo(Status.HELD);
    }

    private <E extends Event> List<E> events(Class<E> kind) {
        return audience.moments.stream().map(Moment::event).filter(kind::isInstance).map(kind::cast).toList();
    }

    // ---------------------------------------------------------------- several accesses in flight

    private static final String TWO = """
            app.main: write buf 1
            scenario two {
              gpu.a: dma read buf[0 +4K]
              race {
                app.main: munmap buf
                gpu.a:    dma write buf[0 +4K] value=1
                gpu.b:    dma write buf[0 +4K] value=2
              }
              forbid use_after_free
            }
            explore two
            """;

    @ParameterizedTest
    @ValueSource(strings = {"amd", "intel", "arm", "riscv"})
    void aCompletionWaitsForTheAccessesOfAllChannels(String vendor) {
        runs("vendor=" + vendor, "channels=[a, b]", TWO);
        assertThat(audience.verdicts().getLast().verdict()).isEqualTo("Never");
        assertThat(audience.verdicts().getLast().complete()).isTrue();
    }

    /** Both are on their way at once, which one channel's never are. */
    @ParameterizedTest
    @CsvSource({"'channels=[a, b]', gpu.a, gpu.b, 2", "'', gpu, gpu, 1"})
    void theirAccessesOvertakeEachOther(String device, String first, String second, int ends) {
        runs("", device, """
                app.main: write buf 1
                scenario overtaking {
                  race {
                    FIRST: dma write buf[0 +4K] value=1
                    SECOND: dma write buf[0 +4K] value=2
                  }
                  forbid device_failed
                }
                explore overtaking
                """.replace("FIRST", first).replace("SECOND", second));
        assertThat(audience.verdicts().getLast().ends()).isEqualTo(ends);
    }

    @Test
    void aDeviceThatFailsEndsWhatItsOtherChannelsWaitFor() {
        runs("", "channels=[a, b] retries=0", """
                app.main: write buf[0 +4K] 1
                app.main: mprotect buf r
                scenario failing {
                  race {
                    gpu.a: dma write buf[0 +4K]
                    gpu.b: dma write buf[4K +4K]
                  }
                  forbid deadlock
                  forbid lost_fault
                }
                explore failing
                """);
        assertThat(audience.verdicts()).allSatisfy(verdict -> assertThat(verdict.verdict()).isEqualTo("Never"));
    }

    @Test
    void anUnknownChannelIsRefused() {
        assertThat(run("", "channels=[copy, compute]", "gpu.cpoy: dma read buf")).isEqualTo(Status.REFUSED);
        assertThat(audience.diagnostics.getLast().code()).isEqualTo("unknown-channel");
        assertThat(audience.diagnostics.getLast().didYouMean()).containsExactly("gpu.copy");
    }

    // ---------------------------------------------------------------- groups

    @Test
    void aGroupIsAnsweredOnceBehindItsLastRequest() {
        runs("", "prg=4", "gpu: dma write buf\nexpect gpu.requests == 4\nexpect buf.resident == 4\n");
        assertThat(events(Event.PageRequest.class)).extracting(Event.PageRequest::last).containsExactly(false, false, false, true);
        assertThat(events(Event.PageResponse.class)).hasSize(1);
    }

    @Test
    void aGroupIsNoLargerThanItsDevicesCredits() {
        runs("", "prg=4 credits=3", "gpu: dma write buf\nexpect gpu.requests == 4\nexpect buf.resident == 4\n");
        assertThat(events(Event.PageRequest.class)).extracting(Event.PageRequest::last).containsExactly(false, false, true, true);
        assertThat(events(Event.PageResponse.class)).hasSize(2);
    }

    /** One page of the group that is not mapped: Invalid for all, and the access ends at its first page. */
    @Test
    void theWorstOfAGroupIsItsAnswer() {
        runs("", "prg=4", "app.main: munmap buf[8K +4K]\ngpu: dma write buf\n");
        assertThat(events(Event.PageResponse.class)).extracting(Event.PageResponse::code).containsExactly(1);
        assertThat(events(Event.Dma.class)).extracting(Event.Dma::outcome).containsExactly("aborted");
    }

    /** A log of one entry takes the first request of a group of two; its last is lost, and nobody answers. */
    @Test
    void aGroupWhoseLastRequestIsLostWaitsForEver() {
        run("requests=2", "prg=2", """
                scenario stuck {
                  race { gpu: dma write buf }
                  forbid lost_fault
                }
                explore stuck
                """);
        assertThat(audience.verdicts().getLast().verdict()).isEqualTo("Sometimes");
    }

    @Test
    void aResponseThatAnswersNothingSetsUprgi() {
        runs("", "", "expect !gpu.uprgi\nunit0: complete_ppr_request device=gpu pasid=1 group=3 code=0\nexpect gpu.uprgi\n"
                + "gpu: reset\nexpect !gpu.uprgi\n");
    }

    // ---------------------------------------------------------------- stop markers

    @ParameterizedTest
    @CsvSource({"amd, true", "intel, false", "arm, false", "riscv, false"})
    void aStopMarkerIsNotToBeAnswered(String vendor, boolean answered) {
        runs("vendor=" + vendor, "", "gpu: dma write buf\ngpu: stop\nexpect " + (answered ? "" : "!") + "gpu.uprgi");
        Event.PageRequest marker = events(Event.PageRequest.class).getLast();
        assertThat(marker.access()).isEqualTo("stop");
        assertThat(marker.last()).isTrue();
    }

    /** It comes behind what the device has in flight, of all its channels. */
    @Test
    void aStopWaitsForWhatIsInFlight() {
        runs("", "channels=[a, b]", """
                app.main: write buf 1
                scenario stopping {
                  race {
                    gpu.a: { dma write buf[0 +4K] value=2; stop }
                    gpu.b: dma write buf[0 +4K] value=3
                  }
                  forbid lost_fault
                  forbid deadlock
                }
                explore stopping
                """);
    }

    // ---------------------------------------------------------------- ITags

    @Test
    void anInvalidationWaitsForAnITag() {
        runs("", "itags=1 channels=[a, b]", """
                app.main: write buf 1
                scenario tags {
                  gpu.a: dma read buf[0 +4K]
                  race {
                    unit0: { flush atc buf[0 +4K] device=gpu; flush atc buf[4K +4K] device=gpu; sync }
                    gpu.a: dma write buf[0 +4K] value=1
                  }
                  forbid deadlock
                }
                explore tags
                """);
    }

    /** The 33rd invalidation finds no tag; the IOMMU waits out InvTimeout, and says so, before it goes on. */
    @ParameterizedTest
    @CsvSource({"32, 1", "33, 2", "64, 2", "65, 3"})
    void aSilentDeviceRunsOutOfITags(int invalidations, int timeouts) {
        runs("", "silent", "repeat " + invalidations + " { unit0: flush atc buf device=gpu }\nunit0: sync\n");
        assertThat(events(Event.IoPageFault.class)).hasSize(timeouts)
                .allSatisfy(fault -> assertThat(fault.log()).contains("IOTLB_INV_TIMEOUT device=0000:00:01.0"));
        assertThat(events(Event.Completion.class)).hasSize(1);
    }
}
