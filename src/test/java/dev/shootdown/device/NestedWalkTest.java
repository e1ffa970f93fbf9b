package dev.shootdown.device;

import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.amd.AmdCommand;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
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
        rig.run(rig.app, new IoasMap(0, List.of(page), 0, false));
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

    /**
     * Each guest's page is found in two steps where the second stage has pages of 1 GiB, and in four where it has small ones; the
     * first stage's entry is read in the step that has found its table.
     */
    @Test
    void itIsWalkedStepByStep() {
        Rig rig = nested();
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        int steps = 0;
        for (; !rig.done(rig.gpu.actor()); steps++) {
            rig.step(rig.gpu.actor());
        }
        assertThat(steps).as("the look-up, five pages by two, the three pointers that are remembered between them, and the access").isEqualTo(15);
        rig.run(rig.app, rig.amd0.command(new AmdCommand.InvalidateIommuAll()));
        rig.run(rig.app, new IoasMap(0, List.of(0L), RWX, false));
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        int small = 0;
        for (; !rig.done(rig.gpu.actor()); small++) {
            rig.step(rig.gpu.actor());
        }
        assertThat(small).as("two levels more for those in 2 MiB that are taken apart, one for the rest").isGreaterThan(steps + 4);
    }

    private static final int RWX = Translation.READ | Translation.WRITE | Translation.EXECUTE;

    /** What was read before an invalidation of the second stage is not remembered behind it, and is waited for. */
    @Test
    void anInvalidationOvertakesAWalkOfTheSecondStage() {
        Rig rig = nested();
        long page = Entry.frame(rig.pte(BUFFER));
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        while (!(rig.gpu.nested().busy() && rig.gpu.nested().page() == page && rig.gpu.nested().level() == 0)) {
            rig.step(rig.gpu.actor());
        }
        rig.assign(rig.app, new IoasMap(0, List.of(page), 0, true));
        rig.exhaust(rig.app);
        rig.exhaust(rig.amd0.hardware());
        assertThat(rig.gpu.walk().stale()).isTrue();
        assertThat(rig.done(rig.app)).isFalse();
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.amd0.secondStage().nested().lookup(0, page)).isZero();
        assertThat(rig.amd0.iotlb().size(-1)).isZero();
    }

    /** Both stages have to allow the access; what the IOTLB remembers is what both do. */
    @Test
    void aPageThatMayOnlyBeReadIsNotWritten() {
        Rig rig = nested();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.run(rig.app, new IoasMap(0, List.of(Entry.frame(rig.pte(BUFFER))), Translation.READ, true));
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(rig.last(Event.IoPageFault.class).flags()).as("a write, present, permission").isEqualTo(0x070);
    }

    /** A and D are set in the guest's memory, and only where the second stage allows writing. */
    @Test
    void aTableThatMayOnlyBeReadKeepsItsBits() {
        Rig rig = nested();
        rig.run(rig.app, new IoasMap(0, List.of(rig.table(BUFFER, 1)), Translation.READ, true));
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(rig.last(Event.IoPageFault.class).addr()).isEqualTo((rig.table(BUFFER, 1) << 12) + 8L * Entry.index(BUFFER, 1));
        assertThat(rig.pte(BUFFER) & Entry.ACCESSED).isZero();
        rig.tables.use(rig.table(BUFFER, 1), BUFFER, 1, true, true);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).as("they are set by now").isEqualTo("done");
    }

    /** The GCR3 table is the guest's too: its two levels are read through the host's table. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTableOfPasidsThatIsNowhere(boolean last) {
        Rig rig = nested();
        long first = rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 8);
        long second = rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 8 + 1);
        long gcr3 = first >>> 58 & 7 | (second >>> 16 & 0xffff) << 3 | second >>> 43 << 19;
        long below = rig.frames.word(gcr3, 0) >>> 12;
        take(rig, last ? below : gcr3);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        long address = last ? (below << 12) + 8 * Rig.PASID : gcr3 << 12;
        assertThat(rig.last(Event.IoPageFault.class).log())
                .isEqualTo("AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x0020]".formatted(address));
    }

    /** A table of the second stage itself that is in no memory. */
    @Test
    void aHostTableInNoMemory() {
        Rig rig = nested();
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        rig.run(rig.app, rig.amd0.flushSecondStage(0, -1L));
        long root = rig.amd0.secondStage().root();
        long nowhere = 1L << 42;
        rig.frames.word(root, 0, rig.frames.word(root, 0) & ~0x000f_ffff_ffff_f000L | nowhere);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
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
        assertThat(rig.amd0.secondStage().nested().size(-1)).as("two tables of PASIDs, four of pages, and the page").isEqualTo(7);
        assertThat(rig.amd0.iotlb().size(-1)).isEqualTo(1);
        rig.run(rig.app, rig.amd0.flushPasid(Rig.PASID));
        assertThat(rig.amd0.secondStage().nested().size(-1)).isEqualTo(7);
        rig.run(rig.app, rig.amd0.flushSecondStage(0, -1L));
        assertThat(rig.amd0.secondStage().nested().size(-1)).isZero();
    }
}
