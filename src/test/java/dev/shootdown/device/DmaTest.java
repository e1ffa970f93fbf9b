package dev.shootdown.device;

import static dev.shootdown.device.Rig.ATS;
import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.RO;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Footprint;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class DmaTest {
    private final Rig rig = new Rig(ATS);

    private List<String> translations() {
        return rig.all(Event.Translate.class).stream().map(event -> event.via() + " " + event.outcome()).toList();
    }

    private static DmaAccess bytes(Rig rig, long start, long end) {
        return DmaAccess.write(rig.gpu.number(), PASID, start, end, 0xab);
    }

    @Test
    void aFullWalkFillsEveryCache() {
        long frame = rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(translations()).containsExactly("iotlb miss", "walk hit");
        assertThat(rig.all(Event.TableRead.class)).extracting(Event.TableRead::level).containsExactly(4, 3, 2, 1);
        assertThat(rig.all(Event.TableRead.class)).extracting(Event.TableRead::frame)
                .containsExactly(rig.root, rig.table(BUFFER, 3), rig.table(BUFFER, 2), rig.table(BUFFER, 1));
        assertThat(rig.last(Event.Dma.class))
                .isEqualTo(new Event.Dma("gpu", PASID, BUFFER, PAGE, "write", frame, "done", 0));
        assertThat(rig.frames.byteAt(frame, 4095)).isEqualTo(0xab);
        assertThat(rig.amd0.iotlb().size(PASID)).isEqualTo(1);
        assertThat(rig.amd0.caches().walkCache().size(PASID)).isEqualTo(3);
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
        assertThat(rig.gpu.actor().result()).isEqualTo(PAGE);
    }

    @Test
    void eachCacheServesTheNextAccess() {
        rig.map(BUFFER, RW);
        rig.map(BUFFER + PAGE, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER), rig.write(BUFFER));
        assertThat(translations()).containsExactly("iotlb miss", "walk hit", "atc hit");
        rig.events.clear();
        rig.gpu.atc().dropAll();
        rig.run(rig.gpu.actor(), rig.write(BUFFER), rig.write(BUFFER + PAGE));
        assertThat(translations()).containsExactly("iotlb hit", "iotlb miss", "walk hit");
        assertThat(rig.all(Event.TableRead.class)).extracting(Event.TableRead::level).containsExactly(1);
    }

    @Test
    void anAccessTakesNoMoreStepsThanHardwareHasWindows() {
        rig.map(BUFFER, RW);
        long before = rig.engine.steps();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.engine.steps() - before).as("full walk").isEqualTo(7);
        before = rig.engine.steps();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.engine.steps() - before).as("ATC hit").isEqualTo(2);
        rig.gpu.atc().dropAll();
        before = rig.engine.steps();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.engine.steps() - before).as("IOTLB hit").isEqualTo(3);
    }

    @Test
    void theWalkSetsAccessedAndDirtyBits() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.pte(BUFFER) & (Entry.ACCESSED | Entry.DIRTY)).isEqualTo(Entry.ACCESSED);
        assertThat(rig.tables.entry(rig.root, BUFFER, 4) & Entry.ACCESSED).isNotZero();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.pte(BUFFER) & Entry.DIRTY).isNotZero();
    }

    @Test
    void aTranslationReadWithoutDirtyBitIsNotUsedForWriting() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.read(BUFFER), rig.write(BUFFER));
        assertThat(translations()).containsExactly("iotlb miss", "walk hit", "iotlb miss", "walk hit");
        assertThat(rig.all(Event.Dma.class)).extracting(Event.Dma::outcome).containsExactly("done", "done");
    }

    @Test
    void aHitWithoutThePermissionIsDroppedAndWalkedAgain() {
        rig.map(BUFFER, RO);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        rig.tables.entry(rig.table(BUFFER, 1), BUFFER, 1, rig.pte(BUFFER) | Entry.WRITE);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
        assertThat(Translation.allows(rig.gpu.atc().lookup(PASID, BUFFER >>> 12), Translation.WRITE)).isTrue();
    }

    @Test
    void permissionsAreThoseOfAllLevels() {
        rig.map(BUFFER, RW);
        long upper = rig.table(BUFFER, 2);
        rig.tables.entry(upper, BUFFER, 2, rig.tables.entry(upper, BUFFER, 2) & ~Entry.WRITE);
        rig.run(rig.gpu.actor(), rig.write(BUFFER), rig.read(BUFFER), rig.write(BUFFER));
        assertThat(rig.all(Event.Dma.class)).extracting(Event.Dma::outcome).containsExactly("aborted", "done", "aborted");
    }

    @Test
    void withoutPriAMissingPageAbortsAndTheDeviceRunsOn() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), bytes(rig, BUFFER, BUFFER + 3 * PAGE));
        assertThat(rig.all(Event.Dma.class)).extracting(Event.Dma::outcome).containsExactly("done", "aborted");
        assertThat(rig.gpu.actor().result()).isEqualTo(PAGE);
        assertThat(rig.gpu.state()).isEqualTo("running");
        assertThat(rig.gpu.faults().get()).isEqualTo(1);
        assertThat(rig.all(Event.IoPageFault.class)).as("ATS requests are not logged").isEmpty();
    }

    @Test
    void aRangeIsWrittenByteByByteAtItsEdges() {
        long first = rig.map(BUFFER, RW);
        long second = rig.map(BUFFER + PAGE, RW);
        rig.run(rig.gpu.actor(), bytes(rig, BUFFER + 4094, BUFFER + PAGE + 3));
        assertThat(rig.frames.byteAt(first, 4093)).isZero();
        assertThat(rig.frames.byteAt(first, 4094)).isEqualTo(0xab);
        assertThat(rig.frames.byteAt(second, 2)).isEqualTo(0xab);
        assertThat(rig.frames.byteAt(second, 3)).isZero();
        assertThat(rig.all(Event.Dma.class)).extracting(Event.Dma::len).containsExactly(2L, 3L);
    }

    @Test
    void aWholePageIsOneWrite() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 6);
        Footprint footprint = new Footprint();
        rig.world.record(footprint);
        rig.step(rig.gpu.actor());
        rig.world.record(null);
        assertThat(footprint.writes()).as("the frame, the place in flight, the agenda, the result").hasSizeLessThanOrEqualTo(7);
    }

    @Test
    void aLargePageIsRememberedInSmallOnes() {
        rig.table(BUFFER, 2);
        long big = rig.frames.allocate(dev.shootdown.memory.Use.ANONYMOUS, Rig.OWNER, 9);
        rig.tables.entry(rig.table(BUFFER, 2), BUFFER, 2, Entry.of(big, RW | Entry.HUGE));
        rig.run(rig.gpu.actor(), rig.write(BUFFER + 5 * PAGE));
        assertThat(rig.last(Event.Dma.class).frame()).isEqualTo(big + 5);
        assertThat(rig.amd0.iotlb().size(PASID)).isEqualTo(1);
    }

    @Test
    void translateAsksWithoutTheAccess() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), DmaAccess.translate(0, PASID, BUFFER, BUFFER + 2 * PAGE, true));
        assertThat(translations()).containsExactly("iotlb miss", "walk hit", "walk fault");
        assertThat(rig.all(Event.Dma.class)).isEmpty();
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
    }

    @Test
    void aDeviceWithoutAtsGoesThroughTheIotlbAndIsLogged() {
        Rig plain = new Rig(DeviceOptions.DEFAULT);
        plain.map(BUFFER, RW);
        plain.map(BUFFER + 2 * PAGE, RO);
        plain.run(plain.gpu.actor(), plain.write(BUFFER), plain.write(BUFFER), plain.write(BUFFER + PAGE), plain.write(BUFFER + 2 * PAGE));
        assertThat(plain.all(Event.Dma.class)).extracting(Event.Dma::outcome).containsExactly("done", "done", "aborted", "aborted");
        assertThat(plain.all(Event.Translate.class)).extracting(Event.Translate::via).contains("iotlb").doesNotContain("atc");
        assertThat(plain.all(Event.IoPageFault.class)).extracting(Event.IoPageFault::log).containsExactly(
                "AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0001 address=0x7f0000001000 flags=0x0025]",
                "AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0001 address=0x7f0000002000 flags=0x0075]");
        assertThat(plain.amd0.events().size()).isEqualTo(2);
    }

    @Test
    void whereThePasidHasNoTableNothingTranslates() {
        rig.map(BUFFER, RW);
        rig.run(rig.app, rig.amd0.clearTable(0, PASID));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        rig.run(rig.app, rig.amd0.setTable(0, PASID, rig.root));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
        rig.run(rig.gpu.actor(), DmaAccess.write(0, 0x1_0001, BUFFER, BUFFER + PAGE, 0));
        assertThat(rig.last(Event.Dma.class).outcome()).as("another PASID").isEqualTo("aborted");
    }

    @Test
    void kernelAddressesDoNotTranslate() {
        rig.run(rig.gpu.actor(), rig.write(0xffff_8880_0000_0000L));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
    }
}
