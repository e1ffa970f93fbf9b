package dev.shootdown.iommu.riscv;

import static dev.shootdown.iommu.riscv.RiscvRig.ATS;
import static dev.shootdown.iommu.riscv.RiscvRig.BUFFER;
import static dev.shootdown.iommu.riscv.RiscvRig.GPU;
import static dev.shootdown.iommu.riscv.RiscvRig.PASID;
import static dev.shootdown.iommu.riscv.RiscvRig.PLAIN;
import static dev.shootdown.iommu.riscv.RiscvRig.PRI;
import static dev.shootdown.iommu.riscv.RiscvRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instruction fetches (causes 1, 12 and 20) and a supervisor's accesses (ENS, SUM). */
class ExecuteTest {
    private static String outcome(RiscvRig rig, boolean execute, boolean privileged) {
        rig.run(rig.gpu.actor(), DmaAccess.read(0, PASID, BUFFER, BUFFER + 64).asking(execute, privileged));
        return rig.last(Event.Dma.class).outcome();
    }

    private static void fetchFaults(RiscvRig rig, int cause) {
        assertThat(outcome(rig, true, false)).isEqualTo("aborted");
        assertThat(rig.fault().cause()).isEqualTo(cause);
        assertThat(rig.fault().ttyp()).isEqualTo(FaultRecord.UNTRANSLATED_EXECUTE);
        assertThat(rig.log()).last().asString().startsWith("Fault " + cause + " devid: 0x8 iotval: 7f0000000000");
    }

    @Test
    void aFetchFromAPageThatIsNotToBeExecutedIsCause12() {
        RiscvRig rig = new RiscvRig(PLAIN);
        rig.map(BUFFER, RW | Entry.NX);
        fetchFaults(rig, 12);
        assertThat(outcome(rig, false, false)).isEqualTo("done");
    }

    @Test
    void aFetchByWayOfNoMemoryIsCause1() {
        RiscvRig rig = new RiscvRig(PLAIN);
        rig.map(BUFFER, RW);
        rig.tables.entry(rig.table(BUFFER, 3), BUFFER, 3, Entry.of(1L << 30, RW));
        fetchFaults(rig, 1);
    }

    @Test
    void aFetchThatTheSecondStageForbidsIsCause20() {
        RiscvRig rig = new RiscvRig(PLAIN, IommuOptions.DEFAULT.nested(true), Capabilities.DEFAULT);
        rig.map(BUFFER, RW);
        long frame = Entry.frame(rig.pte(BUFFER));
        rig.run(rig.app, new IoasMap(0, List.of(frame), Translation.READ | Translation.WRITE, false));
        fetchFaults(rig, 20);
        assertThat(rig.fault().iotval2()).isEqualTo(frame << 12);
    }

    /** ta: V, ENS in bit 1, SUM in bit 2. Nobody in supervisor mode executes what is for users. */
    @ParameterizedTest
    @CsvSource({"1, false, 260", "3, false, 13", "7, false, 0", "7, true, 12"})
    void aSupervisorNeedsEnsAndSum(int ta, boolean execute, int cause) {
        RiscvRig rig = new RiscvRig(PLAIN);
        rig.map(BUFFER, RW);
        rig.processContext(0, ta | (long) PASID << 12);
        assertThat(outcome(rig, execute, true)).isEqualTo(cause == 0 ? "done" : "aborted");
        if (cause != 0) {
            int ttyp = execute ? FaultRecord.UNTRANSLATED_EXECUTE : FaultRecord.UNTRANSLATED_READ;
            assertThat(rig.fault()).isEqualTo(new FaultRecord(cause, PASID, true, true, ttyp, GPU, BUFFER, 0));
        }
    }

    /** Cause 260 is an Unsupported Request, after which a device asks for no translation any more. */
    @Test
    void aTranslationRequestWithoutEnsIsUnsupported() {
        RiscvRig rig = new RiscvRig(ATS);
        rig.map(BUFFER, RW);
        assertThat(outcome(rig, false, true)).isEqualTo("aborted");
        assertThat(rig.fault().cause()).isEqualTo(260);
        assertThat(rig.fault().ttyp()).isEqualTo(FaultRecord.TRANSLATION_REQUEST);
        assertThat(rig.gpu.ats()).isFalse();
    }

    @Test
    void aPageRequestSaysWhatItIsFor() {
        RiscvRig rig = new RiscvRig(PRI);
        outcomeOfRequest(rig);
        assertThat(rig.iommu.requests().word(0, 0) >>> 33 & 3).as("PRIV, EXEC").isEqualTo(2);
        assertThat(rig.iommu.takeRequest().access()).isEqualTo(Translation.READ | Translation.EXECUTE);
    }

    private static void outcomeOfRequest(RiscvRig rig) {
        rig.run(rig.gpu.actor(), DmaAccess.read(0, PASID, BUFFER, BUFFER + 64).asking(true, false));
        assertThat(rig.last(Event.PageRequest.class).access()).isEqualTo("execute");
    }
}
