package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.arm.ArmRig.BUFFER;
import static dev.shootdown.iommu.arm.ArmRig.PAGE;
import static dev.shootdown.iommu.arm.ArmRig.PASID;
import static dev.shootdown.iommu.arm.ArmRig.PRI;
import static dev.shootdown.iommu.arm.ArmRig.RW;
import static dev.shootdown.iommu.arm.ArmRig.STALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stall model: a device that is not on PCIe waits for CMD_RESUME, and knows nothing of it. */
class ArmStallTest {
    /** A device that has written to a page that is not there. */
    private static ArmRig stalled() {
        ArmRig rig = new ArmRig(STALL);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        return rig;
    }

    private static void resume(ArmRig rig, int stag, boolean retry, boolean abort) {
        rig.run(rig.app, rig.smmu.command(new ArmCommand.Resume(rig.sid(), stag, retry, abort)));
    }

    @Test
    void aFaultIsRecordedWithItsTagAndTheAccessWaits() {
        ArmRig rig = stalled();
        assertThat(rig.done(rig.gpu.actor())).isFalse();
        assertThat(rig.gpu.waiting()).isTrue();
        assertThat(rig.record()).isEqualTo(new ArmEvent(0x10, true, PASID, 8, rig.gpu.number(), true, false, false, false, false,
                ArmEvent.CLASS_IN, false, BUFFER, 0));
        assertThat(rig.last(Event.PageRequest.class))
                .isEqualTo(new Event.PageRequest("gpu", PASID, BUFFER, rig.gpu.number(), true, "write"));
        assertThat(rig.all(Event.IoPageFault.class)).as("the kernel prints only what it does not handle").isEmpty();
    }

    @Test
    void aRetryIsAsIfItHadJustArrived() {
        ArmRig rig = stalled();
        for (int i = 0; i < 10; i++) {
            resume(rig, 0, true, false);
            assertThat(rig.gpu.state()).as("it counts nothing").isEqualTo("running");
        }
        assertThat(rig.all(Event.PageRequest.class)).hasSize(11);
        long frame = rig.map(BUFFER, RW);
        resume(rig, 0, true, false);
        assertThat(rig.last(Event.Dma.class).frame()).isEqualTo(frame);
        assertThat(rig.outcome()).isEqualTo("done");
        assertThat(rig.frames.byteAt(frame, 7)).isEqualTo(0xab);
        assertThat(rig.done(rig.gpu.actor())).isTrue();
    }

    @Test
    void anAbortEndsIt() {
        ArmRig rig = stalled();
        resume(rig, 0, false, true);
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.last(Event.PageResponse.class).code()).isEqualTo(PageRequest.INVALID);
        assertThat(rig.gpu.state()).isEqualTo("running");
    }

    @Test
    void withoutEitherTheDeviceSeesANormalEnd() {
        ArmRig rig = new ArmRig(STALL);
        long frame = rig.map(BUFFER + PAGE, RW);
        rig.run(rig.gpu.actor(), DmaAccess.write(rig.gpu.number(), PASID, BUFFER, BUFFER + 2 * PAGE, 0xab));
        resume(rig, 0, false, false);
        assertThat(rig.all(Event.Dma.class)).extracting(Event.Dma::outcome).containsExactly("done", "done");
        assertThat(rig.all(Event.Dma.class).getFirst().frame()).as("written nowhere").isNull();
        assertThat(rig.frames.byteAt(frame, 0)).as("and goes on behind it").isEqualTo(0xab);
    }

    @Test
    void anUnknownTagAnUnknownStreamAndANormalDeviceAreNoEffect() {
        ArmRig rig = stalled();
        resume(rig, 5, true, false);
        rig.run(rig.app, rig.smmu.command(new ArmCommand.Resume(0x1234, 0, true, false)), rig.smmu.command(new ArmCommand.StallTerm(0x1234)),
                rig.smmu.command(new ArmCommand.PriResp(rig.sid(), PASID, true, 0, ArmCommand.PriResp.SUCCESS)));
        assertThat(rig.all(Event.PageResponse.class)).isEmpty();
        assertThat(rig.gpu.waiting()).isTrue();
        ArmRig pci = new ArmRig(PRI);
        pci.run(pci.gpu.actor(), pci.write(BUFFER));
        resume(pci, 0, true, false);
        pci.run(pci.app, pci.smmu.command(new ArmCommand.StallTerm(pci.sid())));
        assertThat(pci.all(Event.PageResponse.class)).isEmpty();
    }

    @Test
    void stallTermEndsAllOfAStream() {
        ArmRig rig = stalled();
        rig.run(rig.app, rig.smmu.command(new ArmCommand.StallTerm(rig.sid())));
        assertThat(rig.outcome()).isEqualTo("aborted");
        rig.run(rig.app, rig.smmu.command(new ArmCommand.StallTerm(rig.sid())));
        assertThat(rig.all(Event.PageResponse.class)).hasSize(1);
    }

    @Test
    void aStalledAccessHoldsUpNoInvalidation() {
        ArmRig rig = stalled();
        rig.run(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.gpu.waiting()).isTrue();
    }

    /** 7.4: such a record is kept back until there is room, and is no overflow. */
    @Test
    void itsRecordIsNeverLost() {
        ArmRig rig = new ArmRig(STALL, IommuOptions.DEFAULT.events(2), ArmFeatures.DEFAULT);
        ArmEvent other = new ArmEvent(0x04, true, 0, 8, 0, false, false, false, false, false, 0, false, 0, 0);
        rig.run(rig.app, new Fill(other));
        assertThat(rig.smmu.events().size()).isEqualTo(2);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.gpu.waiting()).as("kept back").isFalse();
        assertThat(rig.smmu.eventLog().overflowed()).isFalse();
        rig.smmu.events().pop();
        rig.run();
        assertThat(rig.gpu.waiting()).isTrue();
        assertThat(rig.record().stall()).isTrue();
        assertThat(rig.smmu.takeRequest()).as("records before it are read and done with")
                .isEqualTo(new PageRequest(rig.gpu.number(), PASID, BUFFER, rig.gpu.number(), true, Translation.WRITE));
    }

    private record Fill(ArmEvent record) implements Step {
        @Override
        public void run(Turn turn) {
            var smmu = turn.part(Iommus.class).get(0);
            smmu.events().push(record);
            smmu.events().push(record);
        }
    }

    @Test
    void whereTheStreamOrTheDescriptorForbidsItTheAccessIsAborted() {
        ArmRig rig = new ArmRig(STALL);
        StreamTableEntry entry = rig.smmu.stream(rig.gpu);
        assertThat(entry.s1Stalld()).isFalse();
        rig.smmu.write(rig.gpu, StreamTableEntry.translating(entry.s1Fmt(), entry.s1ContextPtr(), entry.s1CdMax(), false, false, entry.strw()));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.record().stall()).isFalse();
        ArmRig gone = new ArmRig(STALL);
        gone.run(gone.app, gone.smmu.clearTable(gone.gpu.number(), PASID));
        gone.run(gone.gpu.actor(), gone.write(BUFFER));
        assertThat(gone.outcome()).isEqualTo("aborted");
        assertThat(gone.smmu.events().size()).isZero();
    }

    @Test
    void faultsOfTablesDoNotStall() {
        ArmRig rig = new ArmRig(STALL);
        rig.smmu.write(rig.gpu, PASID, ContextDescriptor.NONE);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.outcome()).isEqualTo("aborted");
        assertThat(rig.record().kind()).isEqualTo(ArmEvent.Id.C_BAD_CD);
    }

    @Test
    void aResponseIsACmdResumeAndNoSyncFollows() {
        ArmRig rig = stalled();
        List<Step> steps = rig.smmu.respond(rig.gpu.number(), PASID, 0, PageRequest.FAILURE);
        assertThat(steps).containsExactly(rig.smmu.command(new ArmCommand.Resume(8, 0, false, true)));
        assertThat(rig.smmu.respond(rig.gpu.number(), PASID, 0, PageRequest.SUCCESS))
                .containsExactly(rig.smmu.command(new ArmCommand.Resume(8, 0, true, false)));
    }

    @Test
    void pcieCannotStall() {
        assertThatThrownBy(() -> PRI.stall(true)).isInstanceOf(IllegalArgumentException.class);
    }
}
