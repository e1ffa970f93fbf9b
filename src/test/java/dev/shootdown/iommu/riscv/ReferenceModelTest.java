package dev.shootdown.iommu.riscv;

import static dev.shootdown.device.UnitRig.BUFFER;
import static dev.shootdown.device.UnitRig.PAGE;
import static dev.shootdown.device.UnitRig.PLAIN;
import static dev.shootdown.device.UnitRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.memory.Entry;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Areas of the reference model's own tests that no other test here is about: page sizes of the first stage, and IOTINVAL.GVMA. */
class ReferenceModelTest {
    /** A leaf may stand at any level, and maps from where its address is aligned. */
    @ParameterizedTest
    @CsvSource({"2, 512", "3, 0"})
    void pagesOfEverySize(int level, long first) {
        RiscvRig rig = new RiscvRig(PLAIN);
        rig.tables.entry(rig.table(BUFFER, level), BUFFER, level, Entry.of(first, RW | Entry.HUGE));
        assertThat(rig.writes(BUFFER + 5 * PAGE)).isEqualTo("done");
        assertThat(rig.last(Event.Dma.class).frame()).isEqualTo(first + 5);
        assertThat(rig.iommu.iotlb().size(-1)).isEqualTo(1);
        assertThat(Entry.dirty(rig.tables.entry(rig.table(BUFFER, level), BUFFER, level))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2, 514", "3, 512"})
    void aLargePageThatIsNotAlignedIsAPageFault(int level, long first) {
        RiscvRig rig = new RiscvRig(PLAIN);
        rig.tables.entry(rig.table(BUFFER, level), BUFFER, level, Entry.of(first, RW | Entry.HUGE));
        assertThat(rig.writes(BUFFER)).isEqualTo("aborted");
        assertThat(rig.fault().cause()).isEqualTo(Cause.WRITE_PAGE_FAULT.code());
    }

    private static RiscvCommand gvma(boolean av, boolean gv, int gscid, long page) {
        return new RiscvCommand.IotinvalGvma(av, 0, gv, false, gscid, new PageSpan(page, false));
    }

    /** What the second stage led to is used until it is invalidated: all of it, or a machine's, or one page of a machine's. */
    @Test
    void whatIotinvalGvmaDrops() {
        RiscvRig rig = new RiscvRig(PLAIN, IommuOptions.DEFAULT.nested(true), Capabilities.DEFAULT);
        long frame = rig.map(BUFFER, RW);
        int ours = (int) (rig.deviceContext(1) >>> 44) & 0xffff;
        assertThat(rig.writes(BUFFER)).isEqualTo("done");
        rig.run(rig.app, new IoasMap(0, List.of(frame), 0, false));
        assertThat(rig.writes(BUFFER)).as("nobody has told it").isEqualTo("done");
        rig.send(gvma(false, true, ours + 1, 0));
        assertThat(rig.writes(BUFFER)).as("another machine's").isEqualTo("done");
        for (RiscvCommand one : List.of(gvma(false, false, 0, 0), gvma(false, true, ours, 0), gvma(true, true, ours, frame << 12))) {
            rig.run(rig.app, new IoasMap(0, List.of(frame), 7, true));
            assertThat(rig.writes(BUFFER)).isEqualTo("done");
            rig.run(rig.app, new IoasMap(0, List.of(frame), 0, false));
            rig.send(one);
            assertThat(rig.writes(BUFFER)).as(one.toString()).isEqualTo("aborted");
            assertThat(rig.fault().cause()).isEqualTo(Cause.WRITE_GUEST_PAGE_FAULT.code());
            assertThat(rig.fault().iotval2()).isEqualTo(frame << 12);
        }
    }
}
