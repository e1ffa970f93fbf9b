package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.arm.ArmRig.BUFFER;
import static dev.shootdown.iommu.arm.ArmRig.PASID;
import static dev.shootdown.iommu.arm.ArmRig.PLAIN;
import static dev.shootdown.iommu.arm.ArmRig.PRI;
import static dev.shootdown.iommu.arm.ArmRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instruction fetches and privileged accesses: UXN, PXN, and what records say of them (InD, PnU). */
class ArmExecuteTest {
    private static DmaAccess read(boolean execute, boolean privileged) {
        return DmaAccess.read(0, PASID, BUFFER, BUFFER + 64).asking(execute, privileged);
    }

    /** UXN stops a user's fetch; a supervisor's from a page for users PXN always does; its data accesses nothing does. */
    @ParameterizedTest
    @CsvSource({"false, true, false, done", "true, true, false, aborted", "false, true, true, aborted", "false, false, true, done",
        "true, false, true, done"})
    void whoMayDoWhat(boolean uxn, boolean execute, boolean privileged, String outcome) {
        ArmRig rig = new ArmRig(PLAIN);
        rig.map(BUFFER, uxn ? RW | Entry.NX : RW);
        rig.run(rig.gpu.actor(), read(execute, privileged));
        assertThat(rig.outcome()).isEqualTo(outcome);
        if (outcome.equals("aborted")) {
            assertThat(rig.record().kind()).isEqualTo(ArmEvent.Id.F_PERMISSION);
            assertThat(rig.record().ind()).isTrue();
            assertThat(rig.record().rnw()).isTrue();
            assertThat(rig.record().pnu()).isEqualTo(privileged);
            assertThat(rig.log().get(6)).isEqualTo("arm-smmu-v3 smmu0: " + (privileged ? "priv" : "unpriv")
                    + " inst read s1 \"Input address caused fault\" stag: 0");
        }
    }

    @Test
    void aPageRequestSaysWhatItIsFor() {
        ArmRig rig = new ArmRig(PRI);
        rig.run(rig.gpu.actor(), read(true, true));
        PriEntry entry = PriEntry.decode(rig.smmu.requests().word(0, 0), rig.smmu.requests().word(0, 1));
        assertThat(entry.execute()).isTrue();
        assertThat(entry.privileged()).isTrue();
        PageRequest request = rig.smmu.takeRequest();
        assertThat(request.access()).isEqualTo(Translation.READ | Translation.EXECUTE | Translation.PRIVILEGED);
    }
}
