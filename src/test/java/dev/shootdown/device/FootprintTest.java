package dev.shootdown.device;

import static dev.shootdown.device.Rig.ATS;
import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Footprint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What commutes with what: false dependencies here cost every exploration. */
class FootprintTest {
    private final Rig rig = new Rig(ATS);
    private final Device nic = rig.devices.device("nic", rig.amd0, ATS);

    @BeforeEach
    void map() {
        rig.amd0.table(nic, PASID, rig.root);
        for (int i = 0; i < 4; i++) {
            rig.map(BUFFER + i * PAGE, RW);
        }
        rig.run(rig.gpu.actor(), DmaAccess.write(0, PASID, BUFFER, BUFFER + 2 * PAGE, 1));
        rig.assign(nic.actor(), DmaAccess.write(1, PASID, BUFFER + 2 * PAGE, BUFFER + 4 * PAGE, 1));
        rig.exhaust(nic.actor());
    }

    /** The footprints of the actor's next steps, the tests for readiness included. */
    private List<Footprint> steps(Actor actor, int count) {
        List<Footprint> footprints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Footprint footprint = new Footprint();
            rig.world.record(footprint);
            rig.step(actor);
            rig.world.record(null);
            footprints.add(footprint);
        }
        return footprints;
    }

    private static boolean conflict(List<Footprint> some, List<Footprint> others) {
        return some.stream().anyMatch(one -> others.stream().anyMatch(one::conflicts));
    }

    private List<Footprint> hit(Device device, long address) {
        rig.assign(device.actor(), DmaAccess.write(device.number(), PASID, address, address + PAGE, 2));
        return steps(device.actor(), 2);
    }

    @Test
    void accessesOfTwoDevicesToDifferentPagesCommute() {
        assertThat(conflict(hit(rig.gpu, BUFFER), hit(nic, BUFFER + 2 * PAGE))).isFalse();
        assertThat(conflict(hit(rig.gpu, BUFFER), hit(rig.gpu, BUFFER))).as("the test can fail").isTrue();
    }

    @Test
    void walksOfTwoDevicesToDifferentPagesCommute() {
        rig.gpu.atc().dropAll();
        nic.atc().dropAll();
        rig.amd0.iotlb().dropAll();
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.assign(nic.actor(), DmaAccess.write(1, PASID, BUFFER + 2 * PAGE, BUFFER + 3 * PAGE, 1));
        assertThat(conflict(steps(rig.gpu.actor(), 3), steps(nic.actor(), 3))).isFalse();
    }

    @Test
    void enqueueingAndFetchingCommute() {
        rig.assign(rig.app, rig.amd0.flushIotlb(PASID, BUFFER, BUFFER + PAGE));
        rig.step(rig.app);
        rig.assign(rig.app, rig.amd0.flushIotlb(PASID, BUFFER, BUFFER + PAGE));
        List<Footprint> enqueue = steps(rig.app, 1);
        assertThat(conflict(enqueue, steps(rig.amd0.hardware(), 1))).isFalse();
    }

    @Test
    void anAccessThroughTheAtcDoesNotMeetAnIotlbInvalidation() {
        rig.assign(rig.app, rig.amd0.flushIotlb(PASID, BUFFER, BUFFER + PAGE));
        rig.step(rig.app);
        List<Footprint> invalidation = steps(rig.amd0.hardware(), 1);
        assertThat(conflict(hit(rig.gpu, BUFFER), invalidation)).isFalse();
    }

    @Test
    void anAtcInvalidationMeetsNoOtherDevice() {
        rig.assign(rig.app, rig.amd0.flushAtc(0, PASID, BUFFER, BUFFER + PAGE));
        rig.step(rig.app);
        List<Footprint> invalidation = steps(rig.amd0.hardware(), 1);
        assertThat(conflict(hit(nic, BUFFER + 2 * PAGE), invalidation)).isFalse();
        assertThat(conflict(hit(rig.gpu, BUFFER + PAGE), invalidation)).as("the device has a place in flight").isTrue();
    }

    @Test
    void aCompletionMeetsDevicesAtTheirMarksAlone() {
        rig.assign(rig.app, rig.amd0.sync());
        rig.step(rig.app);
        List<Footprint> completion = steps(rig.amd0.hardware(), 1);
        assertThat(conflict(hit(rig.gpu, BUFFER), completion)).isFalse();
    }
}
