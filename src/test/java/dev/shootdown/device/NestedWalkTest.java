package dev.shootdown.device;

import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.memory.Entry;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk of a guest's table: each table of it is found by way of the second stage, and so is the page. */
class NestedWalkTest {
    private static Rig nested() {
        Rig rig = new Rig(DeviceOptions.DEFAULT, IommuOptions.DEFAULT.nested(true));
        rig.map(BUFFER, RW);
        return rig;
    }

    private static void take(Rig rig, long page) {
        rig.run(rig.app, new IoasMap(0, List.of(page), 0));
    }

    @Test
    void theDeviceTableEntrySaysWhereTheSecondStageIs() {
        Rig rig = nested();
        long first = rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 8);
        assertThat(first >>> 9 & 7).as("Mode").isEqualTo(4);
        assertThat(first >>> 12 & (1L << 40) - 1).as("host root").isEqualTo(rig.amd0.secondStage().root());
    }

    /** The fault's address is that of the entry that could not be read, in the guest's memory. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aTableThatIsNowhereEndsTheWalk(int level) {
        Rig rig = nested();
        long table = level == 4 ? rig.root : rig.table(BUFFER, level);
        take(rig, table);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        Event.IoPageFault fault = rig.last(Event.IoPageFault.class);
        assertThat(fault.addr()).isEqualTo((table << 12) + Entry.index(BUFFER, level) * 8L);
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
    }

    @Test
    void aPageThatIsNowhereEndsIt() {
        Rig rig = nested();
        long page = Entry.frame(rig.pte(BUFFER));
        take(rig, page);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.IoPageFault.class).addr()).isEqualTo(page << 12);
        assertThat(rig.frames.byteAt(page, 0)).isZero();
    }

    /** Taking one page away takes the page of 1 GiB that it is of apart; the others stay. */
    @Test
    void itsNeighboursStay() {
        Rig rig = nested();
        rig.map(BUFFER + PAGE, RW);
        take(rig, Entry.frame(rig.pte(BUFFER)));
        rig.run(rig.gpu.actor(), rig.write(BUFFER + PAGE));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
    }

    @Test
    void whatIsRememberedOfTheSecondStageIsATlbOfItsOwn() {
        Rig rig = nested();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.amd0.secondStage().nested().size(-1)).as("four tables and the page").isEqualTo(5);
        assertThat(rig.amd0.iotlb().size(-1)).isEqualTo(1);
        rig.run(rig.app, rig.amd0.flushPasid(Rig.PASID));
        assertThat(rig.amd0.secondStage().nested().size(-1)).isEqualTo(5);
        rig.run(rig.app, rig.amd0.flushSecondStage(0, -1L));
        assertThat(rig.amd0.secondStage().nested().size(-1)).isZero();
    }
}
