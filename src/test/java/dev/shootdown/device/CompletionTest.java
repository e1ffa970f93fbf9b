package dev.shootdown.device;

import static dev.shootdown.device.Rig.ATS;
import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.amd.AmdCommand;
import dev.shootdown.iommu.amd.AmdIommu;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.memory.Entry;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What completions mean: the pins that decide every proof, one test or more for each. */
class CompletionTest {
    private final Rig rig = new Rig(ATS);

    /** Steps for a thread: the commands, then a wait. */
    private static List<Step> waiting(Rig rig, List<Step> commands) {
        List<Step> steps = new ArrayList<>(commands);
        steps.addAll(rig.amd0.sync());
        return steps;
    }

    private static List<Step> flushIotlb(Rig rig, long start, long end) {
        return waiting(rig, rig.amd0.flushIotlb(PASID, start, end));
    }

    private static List<Step> flushAtc(Rig rig, long start, long end) {
        return waiting(rig, rig.amd0.flushAtc(0, PASID, start, end));
    }

    /** The thread enqueues, the hardware goes as far as it can; true if the thread's wait is over. */
    private static boolean completes(Rig rig, List<Step> steps) {
        rig.assign(rig.app, steps);
        rig.exhaust(rig.app);
        return proceeds(rig);
    }

    private static boolean proceeds(Rig rig) {
        rig.exhaust(rig.amd0.hardware());
        rig.exhaust(rig.app);
        return rig.done(rig.app);
    }

    // ---------------------------------------------------------------- walks

    @Test
    void aWalkInFlightIsFinishedAndFillsNothingStale() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 4);
        assertThat(rig.gpu.walk().level()).as("the page's entry has been read").isZero();
        rig.unmap(BUFFER);
        assertThat(completes(rig, flushIotlb(rig, BUFFER, BUFFER + PAGE))).isFalse();
        rig.step(rig.gpu.actor());
        assertThat(rig.amd0.iotlb().size(PASID)).as("the stale translation is not kept").isZero();
        assertThat(proceeds(rig)).isTrue();
    }

    @Test
    void aMarkedWalkKeepsNoPointersEither() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 2);
        assertThat(completes(rig, flushIotlb(rig, BUFFER, BUFFER + PAGE))).isFalse();
        rig.steps(rig.gpu.actor(), 3);
        assertThat(rig.amd0.caches().walkCache().size(PASID)).isZero();
        assertThat(rig.gpu.walk().busy()).isFalse();
        assertThat(proceeds(rig)).isTrue();
    }

    @Test
    void aWalkThatHoldsATableWhoseSpanOverlapsIsWaitedFor() {
        rig.map(BUFFER, RW);
        rig.map(BUFFER + 100 * PAGE, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 3);
        assertThat(rig.gpu.walk().level()).isEqualTo(1);
        assertThat(completes(rig, flushIotlb(rig, BUFFER + 100 * PAGE, BUFFER + 101 * PAGE))).isFalse();
        rig.step(rig.gpu.actor());
        assertThat(proceeds(rig)).as("it still has the page's entry to bring home").isFalse();
        rig.step(rig.gpu.actor());
        assertThat(proceeds(rig)).isTrue();
    }

    @Test
    void aWalkElsewhereIsNotWaitedFor() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 4);
        assertThat(completes(rig, flushIotlb(rig, BUFFER + PAGE, BUFFER + 2 * PAGE))).isTrue();
        assertThat(completes(rig, waiting(rig, rig.amd0.flushPasid(PASID + 1)))).isTrue();
        assertThat(completes(rig, waiting(rig, rig.amd0.flushPasid(PASID)))).isFalse();
    }

    @Test
    void aLeafOnlyInvalidationKeepsPointersAndDoesNotWaitForThem() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.assign(rig.gpu.actor(), rig.write(BUFFER + PAGE));
        int pointers = rig.amd0.caches().walkCache().size(PASID);
        Step leaf = rig.amd0.command(new AmdCommand.InvalidateIommuPages(PASID, AmdIommu.DOMAIN, new PageSpan(BUFFER, false), false, true));
        assertThat(completes(rig, waiting(rig, List.of(leaf)))).isTrue();
        assertThat(rig.amd0.iotlb().size(PASID)).isZero();
        assertThat(rig.amd0.caches().walkCache().size(PASID)).isEqualTo(pointers);
        assertThat(completes(rig, flushIotlb(rig, BUFFER, BUFFER + PAGE))).isTrue();
        assertThat(rig.amd0.caches().walkCache().size(PASID)).isZero();
    }

    @Test
    void aWalkThatEndsAtAMissingEntryLeavesItsPointers() {
        rig.table(BUFFER, 1);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(rig.amd0.caches().walkCache().deepest(PASID, BUFFER >>> 12)).isEqualTo(1);
    }

    @Test
    void aStalePointerIsWalkedThroughAndSaysSo() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        rig.unmap(BUFFER);
        rig.amd0.iotlb().dropAll();
        rig.gpu.atc().dropAll();
        long table = rig.table(BUFFER, 1);
        rig.tables.entry(rig.table(BUFFER, 2), BUFFER, 2, 0);
        rig.frames.free(table);
        rig.events.clear();
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        Event.TableRead read = rig.last(Event.TableRead.class);
        assertThat(read.frame()).isEqualTo(table);
        assertThat(read.born()).isLessThan(rig.frames.generation(table));
    }

    // ---------------------------------------------------------------- untranslated accesses

    @Test
    void anUntranslatedAccessThatUsedADroppedEntryHasLanded() {
        Rig plain = new Rig(DeviceOptions.DEFAULT);
        plain.map(BUFFER, RW);
        plain.run(plain.gpu.actor(), plain.write(BUFFER));
        plain.assign(plain.gpu.actor(), plain.write(BUFFER));
        plain.step(plain.gpu.actor());
        assertThat(plain.gpu.access().busy()).isTrue();
        assertThat(completes(plain, flushIotlb(plain, BUFFER, BUFFER + PAGE))).isFalse();
        plain.step(plain.gpu.actor());
        assertThat(plain.all(Event.Dma.class)).hasSize(2);
        assertThat(proceeds(plain)).isTrue();
    }

    @Test
    void whatComesOfAMarkedUntranslatedWalkHasLandedToo() {
        Rig plain = new Rig(DeviceOptions.DEFAULT);
        plain.map(BUFFER, RW);
        plain.assign(plain.gpu.actor(), plain.write(BUFFER));
        plain.steps(plain.gpu.actor(), 4);
        assertThat(completes(plain, flushIotlb(plain, BUFFER, BUFFER + PAGE))).isFalse();
        plain.step(plain.gpu.actor());
        assertThat(plain.gpu.walk().busy()).isFalse();
        assertThat(proceeds(plain)).as("its access is still on its way").isFalse();
        plain.step(plain.gpu.actor());
        assertThat(proceeds(plain)).isTrue();
    }

    @Test
    void anUntranslatedAccessElsewhereIsNotWaitedFor() {
        Rig plain = new Rig(DeviceOptions.DEFAULT);
        plain.map(BUFFER, RW);
        plain.run(plain.gpu.actor(), plain.write(BUFFER));
        plain.assign(plain.gpu.actor(), plain.write(BUFFER));
        plain.step(plain.gpu.actor());
        assertThat(completes(plain, flushIotlb(plain, BUFFER + PAGE, BUFFER + 2 * PAGE))).isTrue();
    }

    // ---------------------------------------------------------------- the ATC

    @Test
    void anAccessThatUsesADroppedEntryHasLanded() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.step(rig.gpu.actor());
        assertThat(completes(rig, flushIotlb(rig, BUFFER, BUFFER + PAGE))).as("translated accesses are the ATC's").isTrue();
        assertThat(completes(rig, flushAtc(rig, BUFFER, BUFFER + PAGE))).isFalse();
        assertThat(rig.last(Event.AtcInvalidate.class).dropped()).isEqualTo(1);
        rig.step(rig.gpu.actor());
        assertThat(proceeds(rig)).isTrue();
    }

    @Test
    void anAnswerOnItsWayIsDiscardedAndNeverUsed() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 5);
        assertThat(rig.gpu.answer().busy()).isTrue();
        rig.unmap(BUFFER);
        assertThat(completes(rig, flushIotlb(rig, BUFFER, BUFFER + PAGE))).isTrue();
        assertThat(completes(rig, flushAtc(rig, BUFFER, BUFFER + PAGE))).isFalse();
        rig.step(rig.gpu.actor());
        assertThat(rig.gpu.atc().size(PASID)).isZero();
        assertThat(proceeds(rig)).isTrue();
        rig.run();
        assertThat(rig.all(Event.Dma.class)).extracting(Event.Dma::outcome).containsExactly("aborted");
    }

    @Test
    void anAccessOrAnswerElsewhereIsNotWaitedFor() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 5);
        assertThat(completes(rig, flushAtc(rig, BUFFER + PAGE, BUFFER + 2 * PAGE))).isTrue();
        rig.step(rig.gpu.actor());
        assertThat(rig.gpu.access().busy()).isTrue();
        assertThat(completes(rig, flushAtc(rig, BUFFER + PAGE, BUFFER + 2 * PAGE))).isTrue();
        assertThat(completes(rig, waiting(rig, rig.amd0.flushAtcAll(0, PASID + 1)))).isTrue();
    }

    @Test
    void anAtcInvalidationHoldsUpNothingButACompletionWait() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.step(rig.gpu.actor());
        List<Step> steps = new ArrayList<>(rig.amd0.flushAtc(0, PASID, BUFFER, BUFFER + PAGE));
        steps.addAll(rig.amd0.flushIotlb(PASID, BUFFER, BUFFER + PAGE));
        assertThat(completes(rig, waiting(rig, steps))).isFalse();
        assertThat(rig.all(Event.IotlbInvalidate.class)).as("executed behind the ATC invalidation").hasSize(1);
        assertThat(rig.all(Event.Completion.class)).isEmpty();
    }

    @Test
    void anIotlbInvalidationIsFinishedBeforeTheNextCommandBegins() {
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.steps(rig.gpu.actor(), 4);
        List<Step> steps = new ArrayList<>(rig.amd0.flushIotlb(PASID, BUFFER, BUFFER + PAGE));
        steps.addAll(rig.amd0.flushAtc(0, PASID, BUFFER, BUFFER + PAGE));
        assertThat(completes(rig, waiting(rig, steps))).isFalse();
        assertThat(rig.all(Event.AtcInvalidate.class)).isEmpty();
        rig.step(rig.gpu.actor());
        proceeds(rig);
        assertThat(rig.all(Event.AtcInvalidate.class)).as("the answer is covered by it").hasSize(1);
        assertThat(rig.gpu.answer().stale()).isTrue();
    }

    @Test
    void anAtcInvalidationWithoutPasidDropsEverything() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        int gpu = Iommus.requester(0);
        Step elsewhere = rig.amd0.command(new AmdCommand.InvalidateIotlbPages(gpu, 0, 0, gpu, new PageSpan(0, false), false, 0));
        rig.run(rig.app, elsewhere);
        assertThat(rig.gpu.atc().size(PASID)).isZero();
    }

    // ---------------------------------------------------------------- the rest

    @Test
    void anAccessThatWaitsForAResponseDelaysNothing() {
        Rig asking = new Rig(Rig.PRI);
        asking.table(BUFFER, 1);
        asking.assign(asking.gpu.actor(), asking.write(BUFFER));
        asking.exhaust(asking.gpu.actor());
        assertThat(asking.gpu.waiting()).isTrue();
        completes(asking, asking.flush(0, Caches.EVERYTHING));
        assertThat(proceeds(asking)).isTrue();
    }

    @Test
    void aLateMarkIsNotLeftBehind() {
        rig.map(BUFFER, RW);
        rig.world.journal(true);
        rig.run(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        long settled = rig.world.fingerprint();
        rig.run(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.world.fingerprint()).as("the same situation, elsewhere in the ring").isEqualTo(settled);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.step(rig.gpu.actor());
        rig.assign(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        rig.run();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.world.fingerprint()).isEqualTo(settled);
        assertThat(rig.world.recounted()).isEqualTo(settled);
    }

    @Test
    void eachWaiterHasItsOwnWord() {
        rig.map(BUFFER, RW);
        Actor other = rig.engine.actor("app.worker");
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.assign(rig.app, rig.amd0.sync());
        rig.exhaust(rig.app);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.step(rig.gpu.actor());
        rig.assign(other, flushAtc(rig, BUFFER, BUFFER + PAGE));
        rig.exhaust(other);
        rig.exhaust(rig.amd0.hardware());
        assertThat(rig.engine.ready(rig.app)).isTrue();
        assertThat(rig.engine.ready(other)).isFalse();
        assertThat(rig.last(Event.Completion.class).waited()).isEqualTo("app.main");
        rig.run();
        rig.exhaust(other);
        assertThat(rig.last(Event.Completion.class).waited()).isEqualTo("app.worker");
        assertThat(rig.done(other)).isTrue();
    }

    @Test
    void commandsAboutAnotherDomainOrHostTranslationsDropNothing() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        PageSpan page = new PageSpan(BUFFER, false);
        rig.run(rig.app, rig.amd0.command(new AmdCommand.InvalidateIommuPages(PASID, 7, page, true, true)),
                rig.amd0.command(new AmdCommand.InvalidateIommuPages(PASID, AmdIommu.DOMAIN, page, true, false)),
                rig.amd0.command(new AmdCommand.PrefetchIommuPages(8, 1, PASID, page, true, false)),
                rig.amd0.command(new AmdCommand.InvalidateInterruptTable(8)));
        assertThat(rig.amd0.iotlb().size(PASID)).isEqualTo(1);
        assertThat(rig.amd0.commands().size()).isZero();
        rig.run(rig.app, rig.amd0.command(new AmdCommand.InvalidateIommuAll()));
        assertThat(rig.amd0.iotlb().size(PASID)).isZero();
        assertThat(rig.amd0.caches().walkCache().size(PASID)).isZero();
    }

    @Test
    void aLargeFlushCoversWhatItsEncodingCovers() {
        for (int i = 0; i < 8; i++) {
            rig.map(BUFFER + i * PAGE, RW);
        }
        rig.run(rig.gpu.actor(), DmaAccess.write(0, PASID, BUFFER, BUFFER + 8 * PAGE, 1));
        rig.run(rig.app, rig.flush(BUFFER + PAGE, BUFFER + 3 * PAGE));
        Event.IotlbInvalidate done = rig.last(Event.IotlbInvalidate.class);
        assertThat(done.start()).isEqualTo(BUFFER);
        assertThat(done.end()).isEqualTo(BUFFER + 4 * PAGE);
        assertThat(done.dropped()).isEqualTo(4);
        assertThat(rig.all(Event.Command.class).getFirst().words()).containsExactly(0x3000_0001_0000_0001L, BUFFER + PAGE | 7);
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(4);
    }

    @Test
    void theHardwareKeepsACopyOfADevicesEntryUntilItIsToldToDropIt() {
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        long device = rig.amd0.deviceTable() >>> 12;
        int word = Iommus.requester(0) * 4;
        assertThat(rig.frames.word(device, word) & 3).as("the device table's entry").isEqualTo(3);
        rig.frames.word(device, word, 0);
        rig.run(rig.app, rig.flush(0, Caches.EVERYTHING));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
        rig.run(rig.app, rig.amd0.flushDevice(0));
        rig.run(rig.app, rig.flush(0, Caches.EVERYTHING));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(Entry.present(rig.pte(BUFFER))).isTrue();
    }
}
