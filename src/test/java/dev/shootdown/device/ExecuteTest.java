package dev.shootdown.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.amd.AmdEvent;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import org.junit.jupiter.api.Test;

/** Execute Requested and Privileged Mode Requested: what the ATC keeps of an answer, and what AMD's IOMMU checks, asks and logs. */
class ExecuteTest {
    private static final int PASID = 1;
    private static final long BUFFER = 0x7f00_0000_0000L;
    private static final long RW = Entry.PRESENT | Entry.WRITE | Entry.USER;
    private static final DeviceOptions ATS = DeviceOptions.DEFAULT.ats(true);
    private static final DeviceOptions PLAIN = DeviceOptions.DEFAULT;

    private static DmaAccess read(boolean execute, boolean privileged) {
        return DmaAccess.read(0, PASID, BUFFER, BUFFER + 64).asking(execute, privileged);
    }

    private static String outcome(Rig rig, DmaAccess access) {
        rig.run(rig.gpu.actor(), access);
        return rig.last(Event.Dma.class).access() + " " + rig.last(Event.Dma.class).outcome();
    }

    private static int held(Rig rig) {
        return Translation.permissions(rig.gpu.atc().lookup(PASID, BUFFER >>> 12)) & ~Translation.DIRTY;
    }

    /** Exe comes with an answer only if execution was asked for: an entry for reading is asked for anew, one for execution serves both. */
    @Test
    void theAtcAsksAnewForExecution() {
        Rig rig = new Rig(ATS);
        rig.map(BUFFER, RW);
        assertThat(outcome(rig, read(false, false))).isEqualTo("read done");
        assertThat(held(rig)).isEqualTo(Translation.READ);
        assertThat(outcome(rig, read(true, false))).isEqualTo("execute done");
        assertThat(held(rig)).isEqualTo(Translation.READ | Translation.EXECUTE);
        assertThat(rig.last(Event.Translate.class).via()).as("the IOMMU was asked").isEqualTo("iotlb");
        assertThat(outcome(rig, read(false, false))).isEqualTo("read done");
        assertThat(rig.last(Event.Translate.class).via()).isEqualTo("atc");
    }

    /** Priv: what was translated in one mode serves no access in the other. */
    @Test
    void modesShareNoEntry() {
        Rig rig = new Rig(ATS);
        rig.map(BUFFER, RW);
        for (int mode : new int[] {0, Translation.PRIVILEGED, 0}) {
            assertThat(outcome(rig, read(false, mode != 0))).isEqualTo("read done");
            assertThat(held(rig)).isEqualTo(Translation.READ | mode);
            assertThat(rig.last(Event.Translate.class).via()).isEqualTo("walk");
        }
    }

    /** A page that is not for users: privileged mode may, a user may not, neither at once nor afterwards. */
    @Test
    void privilegedModeReachesWhatIsNotForUsers() {
        Rig rig = new Rig(PLAIN);
        rig.map(BUFFER, RW & ~Entry.USER);
        assertThat(outcome(rig, read(false, false))).isEqualTo("read aborted");
        assertThat(outcome(rig, read(false, true))).isEqualTo("read done");
        assertThat(outcome(rig, read(false, false))).isEqualTo("read aborted");
    }

    /** NX, 0x002: a fetch; US, 0x004: by a user; PR and PE: of a page that is there. */
    @Test
    void aFetchFromAPageWithNxIsAFault() {
        Rig rig = new Rig(PLAIN);
        rig.map(BUFFER, RW | Entry.NX);
        assertThat(outcome(rig, read(true, false))).isEqualTo("execute aborted");
        assertThat(rig.last(Event.IoPageFault.class).log()).contains("IO_PAGE_FAULT").contains("flags=0x0057");
        assertThat(outcome(rig, read(true, true))).isEqualTo("execute aborted");
        assertThat(rig.last(Event.IoPageFault.class).log()).contains("flags=0x0053");
        AmdEvent event = AmdEvent.decode(rig.amd0.events().word(1, 0), rig.amd0.events().word(1, 1));
        assertThat(event.flags()).isEqualTo(AmdEvent.GN | AmdEvent.NX | AmdEvent.PR | AmdEvent.PE);
        assertThat(outcome(rig, read(false, false))).isEqualTo("read done");
    }

    /** PPR flags: EXEC 0x002 and READ 0x004; US 0x040 unless it is privileged. */
    @Test
    void aPageRequestSaysWhatItIsFor() {
        Rig rig = new Rig(ATS.pri(true));
        rig.run(rig.gpu.actor(), read(true, true));
        assertThat(rig.last(Event.PageRequest.class).access()).isEqualTo("execute");
        assertThat(rig.amd0.requests().word(0, 0) >>> 48 & 0xfff).isEqualTo(0x106);
        PageRequest request = rig.amd0.takeRequest();
        assertThat(request.access()).isEqualTo(Translation.READ | Translation.EXECUTE | Translation.PRIVILEGED);
        assertThat(request.permissions()).isEqualTo(Translation.READ | Translation.EXECUTE);
    }

    @Test
    void withoutAPasidNeitherCanBeSaid() {
        assertThat(DmaAccess.read(0, 0, BUFFER, BUFFER + 64).asking(true, true)).isEqualTo(DmaAccess.read(0, 0, BUFFER, BUFFER + 64));
    }
}
