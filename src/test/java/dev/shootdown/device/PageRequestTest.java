package dev.shootdown.device;

import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.PRI;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.amd.AmdCommand;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {
    /** A worker that answers every request with one code. */
    private record Worker(int code) implements Step {
        @Override
        public boolean ready(World world) {
            return world.part(Iommus.class).get(0).interrupts().pending();
        }

        @Override
        public boolean idle() {
            return true;
        }

        @Override
        public void run(Turn turn) {
            Iommu iommu = turn.part(Iommus.class).get(0);
            turn.then(this);
            if (iommu.interrupts().take(turn) == Interrupts.Cause.PAGE_REQUEST) {
                turn.then(new Next(code));
            } else {
                iommu.takeEvents();
            }
        }
    }

    private record Next(int code) implements Step {
        @Override
        public void run(Turn turn) {
            Iommu iommu = turn.part(Iommus.class).get(0);
            PageRequest request = iommu.takeRequest();
            if (request != null) {
                turn.then(this);
                turn.then(iommu.respond(request.device(), request.pasid(), request.group(), code));
            }
        }
    }

    private static Rig served(DeviceOptions options, int code) {
        Rig rig = new Rig(options);
        rig.assign(rig.amd0.faults(), new Worker(code));
        return rig;
    }

    private static List<String> outcomes(Rig rig) {
        return rig.all(Event.Dma.class).stream().map(Event.Dma::outcome).toList();
    }

    // ---------------------------------------------------------------- the request

    @Test
    void aRequestIsAnEntryInTheLogAndOneInterrupt() {
        Rig rig = new Rig(PRI);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.exhaust(rig.gpu.actor());
        assertThat(rig.last(Event.PageRequest.class)).isEqualTo(new Event.PageRequest("gpu", PASID, BUFFER, 0, true, "write"));
        assertThat(rig.amd0.requests().word(0, 0)).isEqualTo(0x1160_0200_0001_0008L);
        assertThat(rig.amd0.requests().word(0, 1)).isEqualTo(BUFFER);
        assertThat(rig.amd0.interrupts().pending()).isTrue();
        assertThat(rig.amd0.hasRequest()).isTrue();
        assertThat(rig.amd0.takeRequest()).isEqualTo(new PageRequest(0, PASID, BUFFER, 0, true, Translation.WRITE));
        assertThat(rig.amd0.requests().word(0, 0)).as("zeroed").isZero();
        assertThat(rig.amd0.takeRequest()).isNull();
    }

    @Test
    void requestsThatComeWhileTheInterruptIsPendingRaiseNoOther() {
        Rig rig = new Rig(PRI);
        Device nic = rig.devices.device("nic", rig.amd0, PRI);
        rig.amd0.table(nic, PASID, rig.root);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.assign(nic.actor(), DmaAccess.read(nic.number(), PASID, BUFFER, BUFFER + PAGE));
        rig.exhaust(rig.gpu.actor());
        rig.exhaust(nic.actor());
        rig.assign(rig.amd0.faults(), new Worker(PageRequest.INVALID));
        rig.run();
        assertThat(rig.all(Event.PageRequest.class)).hasSize(2);
        assertThat(rig.all(Event.Interrupt.class)).containsExactly(new Event.Interrupt("amd0", "page_request"));
        assertThat(rig.amd0.interrupts().count().get()).isEqualTo(1);
        assertThat(rig.all(Event.PageResponse.class)).extracting(Event.PageResponse::device).containsExactly("gpu", "nic");
        assertThat(rig.all(Event.PageResponse.class)).extracting(Event.PageResponse::access).containsExactly("write", "read");
    }

    // ---------------------------------------------------------------- responses

    @Test
    void successMeansAskAnew() {
        Rig rig = new Rig(PRI);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.exhaust(rig.gpu.actor());
        rig.map(BUFFER, RW);
        rig.assign(rig.amd0.faults(), new Worker(PageRequest.SUCCESS));
        rig.run();
        assertThat(outcomes(rig)).containsExactly("done");
        assertThat(rig.gpu.requests().get()).isEqualTo(1);
        assertThat(rig.last(Event.PageResponse.class)).isEqualTo(new Event.PageResponse("gpu", PASID, BUFFER, 0, true, "write", 0));
        assertThat(rig.gpu.waiting()).isFalse();
    }

    @Test
    void invalidEndsTheAccessAndTheDeviceRunsOn() {
        Rig rig = served(PRI, PageRequest.INVALID);
        rig.map(BUFFER + PAGE, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER), rig.write(BUFFER + PAGE));
        assertThat(outcomes(rig)).containsExactly("aborted", "done");
        assertThat(rig.gpu.state()).isEqualTo("running");
        assertThat(rig.all(Event.DeviceFailed.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 0xe, 0xf})
    void anyOtherCodeIsTheFailureState(int code) {
        Rig rig = served(PRI, code);
        rig.map(BUFFER + PAGE, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER), rig.write(BUFFER + PAGE));
        assertThat(outcomes(rig)).containsExactly("failed", "failed");
        assertThat(rig.gpu.state()).isEqualTo("failed");
        assertThat(rig.all(Event.DeviceFailed.class))
                .containsExactly(new Event.DeviceFailed("gpu", "response code 0x" + Integer.toHexString(code)));
    }

    @Test
    void aResponseThatAnswersNothingIsIgnored() {
        Rig rig = new Rig(PRI);
        rig.run(rig.app, rig.amd0.respond(0, PASID, 0, PageRequest.FAILURE));
        assertThat(rig.all(Event.PageResponse.class)).isEmpty();
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.exhaust(rig.gpu.actor());
        rig.run(rig.app, rig.amd0.respond(0, PASID, 5, PageRequest.FAILURE));
        rig.run(rig.app, rig.amd0.command(new AmdCommand.CompletePprRequest(0x77, PASID, true, 0, 0xf)));
        assertThat(rig.engine.ready(rig.gpu.actor())).as("another group, another device").isFalse();
        rig.map(BUFFER, RW);
        rig.run(rig.app, rig.amd0.respond(0, PASID, 0, PageRequest.SUCCESS));
        assertThat(outcomes(rig)).containsExactly("done");
    }

    // ---------------------------------------------------------------- giving up

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 4", "9, 10"})
    void aDeviceGivesUpAfterItsRetries(int retries, int requests) {
        Rig rig = served(PRI.retries(retries), PageRequest.SUCCESS);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        while (!rig.done(rig.gpu.actor())) {
            rig.exhaust(rig.gpu.actor());
            rig.exhaust(rig.amd0.faults());
            rig.exhaust(rig.amd0.hardware());
        }
        assertThat(rig.gpu.requests().get()).isEqualTo(requests);
        assertThat(rig.gpu.faults().get()).as("the last failed translation asks no more").isEqualTo(requests + 1);
        assertThat(rig.all(Event.Interrupt.class)).hasSize(requests);
        assertThat(rig.last(Event.DeviceFailed.class)).isEqualTo(new Event.DeviceFailed("gpu", requests + " page requests"));
        assertThat(outcomes(rig)).containsExactly("failed");
    }

    @Test
    void eachPageOfAnAccessCountsForItself() {
        Rig rig = new Rig(PRI.retries(1));
        rig.assign(rig.gpu.actor(), DmaAccess.write(0, PASID, BUFFER, BUFFER + 2 * PAGE, 1));
        for (int page = 0; page < 2; page++) {
            for (int request = 0; request < 2; request++) {
                rig.exhaust(rig.gpu.actor());
                if (request == 1) {
                    rig.map(BUFFER + page * PAGE, RW);
                }
                rig.assign(rig.app, rig.amd0.respond(0, PASID, 0, PageRequest.SUCCESS));
                rig.exhaust(rig.app);
                rig.exhaust(rig.amd0.hardware());
            }
        }
        rig.run();
        assertThat(outcomes(rig)).containsExactly("done", "done");
        assertThat(rig.gpu.requests().get()).isEqualTo(4);
    }

    @Test
    void aTranslationInBetweenStartsTheCountAnew() {
        Rig rig = new Rig(PRI.retries(0));
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.exhaust(rig.gpu.actor());
        rig.map(BUFFER, RW);
        rig.assign(rig.app, rig.amd0.respond(0, PASID, 0, PageRequest.SUCCESS));
        rig.exhaust(rig.app);
        rig.exhaust(rig.amd0.hardware());
        while (!rig.gpu.answer().busy()) {
            rig.step(rig.gpu.actor());
        }
        rig.unmap(BUFFER);
        rig.assign(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        while (!rig.gpu.answer().stale()) {
            rig.exhaust(rig.app);
            rig.step(rig.amd0.hardware());
        }
        rig.exhaust(rig.gpu.actor());
        assertThat(rig.gpu.state()).isEqualTo("running");
        assertThat(rig.gpu.requests().get()).isEqualTo(2);
    }

    @Test
    void anUnlimitedDeviceNeverGivesUp() {
        Rig rig = served(PRI.unlimited(true), PageRequest.SUCCESS);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        for (int i = 0; i < 1_000; i++) {
            rig.exhaust(rig.gpu.actor());
            rig.exhaust(rig.amd0.faults());
            rig.exhaust(rig.amd0.hardware());
        }
        assertThat(rig.gpu.requests().get()).isEqualTo(1_000);
        assertThat(rig.gpu.state()).isEqualTo("running");
    }

    @Test
    void aStormComesBackToTheSameStateSoThatACycleIsSeen() {
        Rig rig = served(PRI.unlimited(true).retries(0), PageRequest.SUCCESS);
        rig.world.journal(true);
        rig.assign(rig.gpu.actor(), DmaAccess.write(0, PASID, BUFFER, BUFFER + PAGE, 1));
        rig.exhaust(rig.gpu.actor());
        long first = rig.world.fingerprint();
        rig.exhaust(rig.amd0.faults());
        rig.exhaust(rig.amd0.hardware());
        rig.exhaust(rig.gpu.actor());
        assertThat(rig.gpu.requests().get()).isEqualTo(2);
        assertThat(rig.world.fingerprint()).isEqualTo(first);
    }

    @Test
    void aResetEndsTheFailureState() {
        Rig rig = served(PRI, PageRequest.FAILURE);
        rig.map(BUFFER + PAGE, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER + PAGE), rig.write(BUFFER));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
        rig.run(rig.gpu.actor(), new Reset(0));
        assertThat(rig.gpu.state()).isEqualTo("running");
        assertThat(rig.gpu.atc().size(PASID)).isZero();
        rig.run(rig.gpu.actor(), rig.write(BUFFER + PAGE));
        assertThat(outcomes(rig)).containsExactly("done", "failed", "done");
    }

    // ---------------------------------------------------------------- logs that overflow

    @Test
    void aFullLogLosesTheRequestUntilItIsRestarted() {
        Rig rig = new Rig(PRI, IommuOptions.DEFAULT.requests(2));
        Device nic = rig.devices.device("nic", rig.amd0, PRI);
        rig.amd0.table(nic, PASID, rig.root);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.exhaust(rig.gpu.actor());
        assertThat(rig.amd0.requestLog().overflowed()).isFalse();
        rig.assign(nic.actor(), DmaAccess.write(nic.number(), PASID, BUFFER, BUFFER + PAGE, 1));
        rig.exhaust(nic.actor());
        assertThat(rig.amd0.requestLog().overflowed()).isTrue();
        assertThat(nic.waiting()).isTrue();
        rig.assign(rig.amd0.faults(), new Worker(PageRequest.INVALID));
        rig.run();
        assertThat(outcomes(rig)).containsExactly("aborted");
        assertThat(rig.engine.deadlocked()).as("nic waits for ever").isTrue();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.amd0.hasRequest()).as("nothing is accepted though there is room").isFalse();
        rig.amd0.requestLog().restart();
        rig.assign(rig.app, new Send(new PageRequest(0, PASID, BUFFER, 0, true, Translation.READ)));
        rig.step(rig.app);
        assertThat(rig.amd0.hasRequest()).isTrue();
    }

    @Test
    void hardwareWithAutomaticResponsesAnswersALostRequestWithSuccess() {
        Rig rig = new Rig(PRI.retries(1), IommuOptions.DEFAULT.requests(2).automatic(true));
        rig.run(rig.app, new Send(new PageRequest(0, PASID, 0, 3, true, Translation.READ)));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.all(Event.PageResponse.class)).extracting(Event.PageResponse::code).containsExactly(0, 0);
        assertThat(rig.gpu.state()).isEqualTo("failed");
    }

    /** A request that reaches the IOMMU from a device's other engine. */
    private record Send(PageRequest request) implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Iommus.class).get(0).request(turn, request);
        }
    }
}
