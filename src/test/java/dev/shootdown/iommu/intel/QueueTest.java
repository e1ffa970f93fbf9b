package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.intel.IntelRig.ATS;
import static dev.shootdown.iommu.intel.IntelRig.BUFFER;
import static dev.shootdown.iommu.intel.IntelRig.GPU;
import static dev.shootdown.iommu.intel.IntelRig.PAGE;
import static dev.shootdown.iommu.intel.IntelRig.PASID;
import static dev.shootdown.iommu.intel.IntelRig.PLAIN;
import static dev.shootdown.iommu.intel.IntelRig.PRI;
import static dev.shootdown.iommu.intel.IntelRig.RO;
import static dev.shootdown.iommu.intel.IntelRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The invalidation queue: what comes behind what, what completions mean, what stops it; and the page-request queue. */
class QueueTest {
    private static final QiDescriptor WHOLE_PASID =
            new QiDescriptor.PasidIotlb(QiDescriptor.PASID_WIDE, IntelIommu.DOMAIN, PASID, QiPages.NONE);
    private static final QiDescriptor DEVICE_PASID = new QiDescriptor.PasidDeviceTlb(GPU, GPU, 0, PASID, false, PageSpan.EVERYTHING);
    private static final QiDescriptor DEVICE_ALL = new QiDescriptor.DeviceTlb(GPU, GPU, 0, PageSpan.EVERYTHING);
    private static final QiDescriptor DOMAIN_WIDE =
            new QiDescriptor.Iotlb(QiDescriptor.Iotlb.DOMAIN, true, true, IntelIommu.DOMAIN, QiPages.NONE);

    private static List<String> names(IntelRig rig) {
        return rig.all(Event.Command.class).stream().map(Event.Command::name).toList();
    }

    /** A walk of the device has read the leaf, and nothing has come of that yet; then the page is unmapped. */
    private static IntelRig walking() {
        IntelRig rig = new IntelRig(ATS);
        rig.map(BUFFER, RW);
        rig.assign(rig.gpu.actor(), List.of(rig.write(BUFFER)));
        rig.steps(rig.gpu.actor(), 4);
        assertThat(rig.gpu.walk().level()).isZero();
        rig.entry(BUFFER, 1, 0);
        return rig;
    }

    // ---------------------------------------------------------------- order

    /** Type 8 comes behind types 2 and 6, type 3 behind type 2 alone (VT-d 6.5.2.12). */
    @ParameterizedTest
    @CsvSource({"6, 8, true", "2, 8, true", "2, 3, true", "6, 3, false"})
    void aDeviceTlbInvalidationComesBehindIotlbInvalidations(int first, int second, boolean held) {
        IntelRig rig = walking();
        rig.assign(rig.app, List.of(rig.intel0.command(first == 2 ? DOMAIN_WIDE : WHOLE_PASID),
                rig.intel0.command(second == 3 ? DEVICE_ALL : DEVICE_PASID)));
        rig.exhaust(rig.app);
        rig.exhaust(rig.intel0.hardware());
        assertThat(rig.all(Event.AtcInvalidate.class)).hasSize(held ? 0 : 1);
        rig.run();
        assertThat(rig.all(Event.AtcInvalidate.class)).hasSize(1);
        assertThat(rig.gpu.atc().size(PASID)).as("a stale answer came behind the invalidation that was not held").isEqualTo(held ? 0 : 1);
    }

    /** One wait behind both is enough: nothing stale is anywhere when it is written. */
    @Test
    void oneWaitBehindBothIsEnough() {
        IntelRig rig = walking();
        rig.assign(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        rig.exhaust(rig.app);
        rig.exhaust(rig.intel0.hardware());
        assertThat(rig.all(Event.Completion.class)).as("the walk is not over").isEmpty();
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.intel0.iotlb().size(PASID)).isZero();
        assertThat(rig.gpu.atc().size(PASID)).isZero();
    }

    @Test
    void aWaitIsWrittenBehindTheAccessesThatItCovers() {
        IntelRig rig = new IntelRig(ATS);
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.read(BUFFER), rig.write(BUFFER));
        rig.assign(rig.gpu.actor(), List.of(rig.write(BUFFER)));
        rig.step(rig.gpu.actor());
        assertThat(rig.gpu.access().busy()).isTrue();
        rig.assign(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        rig.exhaust(rig.app);
        rig.exhaust(rig.intel0.hardware());
        assertThat(rig.engine.ready(rig.app)).isFalse();
        rig.exhaust(rig.gpu.actor());
        rig.exhaust(rig.intel0.hardware());
        assertThat(rig.engine.ready(rig.app)).isTrue();
    }

    /** The status data are 32 bits, written where the address says; the other half of the word stays. */
    @ParameterizedTest
    @CsvSource({"0, 0x1111111100000007", "4, 0x0000000711111111"})
    void aWaitWritesHalfAWord(int offset, String after) {
        IntelRig rig = new IntelRig(ATS);
        long place = rig.frames.allocate(Use.KERNEL, 0) << 12;
        rig.put(place, 0x1111_1111_1111_1111L);
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.Wait(false, true, false, false, 7, place + offset)));
        assertThat(rig.scalable().word(place)).isEqualTo(Long.decode(after));
    }

    @Test
    void aWaitMayInterruptInstead() {
        IntelRig rig = new IntelRig(ATS);
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.Wait(true, false, false, false, 0, 0)));
        rig.run(rig.app, new Take());
        assertThat(rig.last(Event.Interrupt.class).cause()).isEqualTo(Interrupts.Cause.COMPLETION.word());
        assertThat(rig.all(Event.Completion.class)).isEmpty();
    }

    private record Take() implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Iommus.class).get(0).interrupts().take(turn);
        }
    }

    // ---------------------------------------------------------------- what is dropped

    @Test
    void anIotlbInvalidationOfTheDomainDropsEveryPasid() {
        IntelRig rig = new IntelRig(PLAIN);
        rig.map(BUFFER, RW);
        rig.intel0.table(rig.gpu, 2, rig.root);
        rig.run(rig.gpu.actor(), rig.write(BUFFER), DmaAccess.read(0, 2, BUFFER + PAGE, BUFFER + PAGE + 1));
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.Iotlb(QiDescriptor.PAGES, false, false, 7, new QiPages(0, 0, false))));
        assertThat(rig.intel0.iotlb().size(PASID)).as("another domain's").isEqualTo(1);
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.Iotlb(QiDescriptor.PAGES, false, false, IntelIommu.DOMAIN, new QiPages(0, 0, false))));
        assertThat(rig.intel0.iotlb().size(PASID)).as("whatever the address").isZero();
        assertThat(rig.intel0.caches().walkCache().size(-1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInvalidationHintKeepsPointersToTables(boolean hint) {
        IntelRig rig = new IntelRig(PLAIN);
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.intel0.caches().walkCache().size(PASID)).isEqualTo(3);
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.PasidIotlb(QiDescriptor.PAGES, IntelIommu.DOMAIN, PASID, new QiPages(BUFFER, 0, hint))));
        assertThat(rig.intel0.iotlb().size(PASID)).isZero();
        assertThat(rig.intel0.caches().walkCache().size(PASID)).isEqualTo(hint ? 3 : 0);
    }

    @Test
    void theGlobalBitReachesEveryPasidOfADevice() {
        IntelRig rig = new IntelRig(ATS);
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.PasidDeviceTlb(GPU, GPU, 0, 9, false, PageSpan.EVERYTHING)));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.PasidDeviceTlb(GPU, GPU, 0, 9, true, PageSpan.EVERYTHING)));
        assertThat(rig.gpu.atc().size(PASID)).isZero();
    }

    /** A copy of a PASID's entry is used until the PASID cache forgets it. */
    @ParameterizedTest
    @CsvSource({"0, 1, true", "1, 1, true", "1, 2, false", "3, 2, true", "0, 7, false"})
    void aPasidEntryIsCached(int granularity, int domainOrPasid, boolean forgotten) {
        IntelRig rig = new IntelRig(PLAIN);
        long frame = rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        rig.intel0.table(rig.gpu, PASID, 0);
        rig.run(rig.app, rig.intel0.command(WHOLE_PASID), rig.intel0.command(new QiDescriptor.PasidCache(granularity,
                granularity == QiDescriptor.PasidCache.DOMAIN ? domainOrPasid : IntelIommu.DOMAIN, domainOrPasid)));
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo(forgotten ? "aborted" : "done");
        assertThat(rig.last(Event.Dma.class).frame()).isEqualTo(forgotten ? null : Long.valueOf(frame));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, true", "2, 0, true", "3, 8, true", "3, 16, false"})
    void aContextEntryIsCached(int granularity, int requester, boolean forgotten) {
        IntelRig rig = new IntelRig(PLAIN);
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        rig.put(rig.scalable().contextEntry(GPU), 0);
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.ContextCache(granularity, IntelIommu.DOMAIN, requester, 0)), rig.intel0.command(WHOLE_PASID));
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo(forgotten ? "aborted" : "done");
    }

    /** Where an entry was there before, its copy is forgotten with the writing of another; where none was, none is needed. */
    @Test
    void replacingATableSendsAPasidCacheInvalidation() {
        IntelRig rig = new IntelRig(PLAIN);
        rig.run(rig.app, rig.intel0.setTable(0, 5, rig.root));
        assertThat(names(rig)).isEmpty();
        rig.run(rig.app, rig.intel0.setTable(0, 5, rig.intel0.emptyTable()));
        assertThat(names(rig)).containsExactly("pasid_cache_invalidate", "invalidation_wait");
        rig.run(rig.app, rig.intel0.clearTable(0, 5));
        rig.run(rig.app, rig.intel0.clearTable(0, 5));
        assertThat(names(rig)).hasSize(4);
    }

    // ---------------------------------------------------------------- a full queue, and one that stops

    /** N slots hold N-1 descriptors. */
    @Test
    void aFullQueueMakesTheDriverWait() {
        IntelRig rig = new IntelRig(ATS, IommuOptions.DEFAULT.commands(4));
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            steps.addAll(rig.intel0.flushIotlb(PASID, BUFFER, BUFFER + PAGE));
        }
        steps.addAll(rig.intel0.sync());
        rig.assign(rig.app, steps);
        rig.exhaust(rig.app);
        assertThat(rig.intel0.commands().size()).isEqualTo(3);
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.all(Event.IotlbInvalidate.class)).hasSize(20);
    }

    /** The head stays at the bad descriptor; what came before is done; who waits puts another into its place. */
    @Test
    void anInvalidDescriptorStopsTheQueueUntilAWaiterLooksAfterIt() {
        IntelRig rig = new IntelRig(ATS);
        rig.run(rig.app, rig.intel0.command(WHOLE_PASID), rig.intel0.command(new QiDescriptor.Invalid(0xb, 0x7000)), rig.intel0.command(DEVICE_PASID));
        assertThat(rig.intel0.stopped()).isTrue();
        assertThat(rig.intel0.faultStatus()).isEqualTo(QueueError.IQE);
        assertThat(rig.intel0.queueError().headLog()).isEqualTo("DMAR: QI HEAD: UNKNOWN qw0 = 0xb, qw1 = 0x7000");
        assertThat(rig.intel0.commands().headAddress()).isEqualTo(rig.intel0.commands().base() + 32);
        assertThat(rig.all(Event.IotlbInvalidate.class)).hasSize(1);
        assertThat(rig.all(Event.AtcInvalidate.class)).isEmpty();
        rig.run(rig.app, rig.intel0.sync());
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.last(Event.IoPageFault.class).log().lines()).containsExactly(
                "DMAR: VT-d detected Invalidation Queue Error: Reason 0", "DMAR: QI HEAD: UNKNOWN qw0 = 0xb, qw1 = 0x7000");
        assertThat(rig.intel0.faultStatus()).isZero();
        assertThat(rig.all(Event.AtcInvalidate.class)).hasSize(1);
    }

    /** Nothing can be fetched: the queue stops, and who waits has his error. */
    @Test
    void aQueueInNoMemoryStops() {
        IntelRig rig = new IntelRig(ATS);
        long ring = rig.intel0.commands().base();
        rig.intel0.commands().base(1L << 42);
        rig.run(rig.app, List.of(rig.intel0.command(WHOLE_PASID)));
        rig.run(rig.app, rig.intel0.sync());
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.intel0.faultStatus()).isEqualTo(QueueError.IQE);
        assertThat(rig.last(Event.IoPageFault.class).log()).startsWith("DMAR: VT-d detected Invalidation Queue Error: Reason 0");
        assertThat(rig.all(Event.IotlbInvalidate.class)).isEmpty();
        rig.intel0.commands().base(ring);
        rig.run(rig.app, rig.intel0.sync());
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.intel0.faultStatus()).isZero();
    }

    /** The wait is aborted and everything submitted again, which ends as it did before: there is no last time. */
    @Test
    void aDeviceThatNeverCompletesIsWaitedForAgainAndAgain() {
        IntelRig rig = new IntelRig(ATS.silent(true));
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.assign(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        for (int round = 1; round <= 3; round++) {
            rig.exhaust(rig.app);
            while (!rig.intel0.stopped()) {
                rig.step(rig.intel0.hardware());
            }
            assertThat(rig.intel0.faultStatus()).isEqualTo(QueueError.ITE);
            assertThat(rig.engine.ready(rig.intel0.hardware())).isFalse();
            rig.step(rig.app);
            assertThat(rig.all(Event.IoPageFault.class)).hasSize(round);
        }
        assertThat(rig.last(Event.IoPageFault.class).log()).startsWith("DMAR: VT-d detected Invalidation Time-out Error: SID 8\nDMAR: QI HEAD: ");
        assertThat(names(rig)).containsExactly(
                "piotlb_invalidate", "pasid_device_tlb_invalidate", "invalidation_wait",
                "piotlb_invalidate", "pasid_device_tlb_invalidate", "invalidation_wait",
                "piotlb_invalidate", "pasid_device_tlb_invalidate", "invalidation_wait");
        assertThat(rig.all(Event.Completion.class)).isEmpty();
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
    }

    // ---------------------------------------------------------------- page requests

    private record Serve() implements Step {
        @Override
        public void run(Turn turn) {
            IntelIommu unit = (IntelIommu) turn.part(Iommus.class).get(0);
            PageRequest request = unit.takeRequest();
            if (request == null) {
                unit.emptied(turn);
            } else {
                turn.then(this);
                turn.then(unit.respond(request.device(), request.pasid(), request.group(), PageRequest.INVALID));
            }
        }
    }

    @Test
    void aPageRequestIsInTheQueueBitByBit() {
        IntelRig rig = new IntelRig(PRI);
        rig.assign(rig.gpu.actor(), List.of(rig.write(BUFFER)));
        rig.exhaust(rig.gpu.actor());
        assertThat(rig.intel0.requests().word(0, 0)).isEqualTo(0x1_0008_0101L);
        assertThat(rig.intel0.requests().word(0, 1)).isEqualTo(BUFFER | 0x6);
        rig.run(rig.intel0.faults(), new Serve());
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(names(rig)).as("an answer is waited for, as all that is submitted is").containsExactly("page_group_response", "invalidation_wait");
    }

    /** A full queue: Success at once, and nothing is accepted any more until software has read all and cleared PRO. */
    @Test
    void aFullPageRequestQueueAnswersBySuccessUntilItIsCleared() {
        IntelRig rig = new IntelRig(PRI.retries(0), IommuOptions.DEFAULT.requests(2));
        Device nic = rig.devices.device("nic", rig.intel0, PRI.retries(0));
        rig.intel0.table(nic, PASID, rig.root);
        rig.assign(rig.gpu.actor(), List.of(rig.write(BUFFER)));
        rig.exhaust(rig.gpu.actor());
        DmaAccess other = DmaAccess.write(nic.number(), PASID, BUFFER, BUFFER + PAGE, 1);
        rig.run(nic.actor(), other);
        assertThat(rig.last(Event.PageResponse.class).code()).isZero();
        assertThat(nic.state()).as("its retries are used up").isEqualTo("failed");
        assertThat(rig.intel0.requestLog().overflowed()).isTrue();
        rig.run(rig.intel0.faults(), new Serve());
        assertThat(rig.last(Event.IoPageFault.class).log().lines()).containsExactly(
                "DMAR: IOMMU: intel0: PRQ overflow detected", "DMAR: IOMMU: intel0: PRQ overflow cleared");
        assertThat(rig.intel0.requestLog().overflowed()).isFalse();
    }

    /** An accepted request has the IOTLB forget the page: a read-only translation does not stand in the way of a write. */
    @Test
    void aPageRequestDropsThePageFromTheIotlb() {
        IntelRig rig = new IntelRig(PRI);
        Device nic = rig.devices.device("nic", rig.intel0, ATS);
        rig.intel0.table(nic, PASID, rig.root);
        rig.map(BUFFER, RO);
        rig.run(nic.actor(), DmaAccess.read(nic.number(), PASID, BUFFER, BUFFER + 1));
        assertThat(rig.intel0.iotlb().size(PASID)).isEqualTo(1);
        rig.assign(rig.gpu.actor(), List.of(rig.write(BUFFER)));
        rig.step(rig.gpu.actor());
        rig.run(nic.actor(), DmaAccess.translate(nic.number(), PASID, BUFFER, BUFFER + 1, false));
        rig.exhaust(rig.gpu.actor());
        assertThat(rig.intel0.hasRequest()).isTrue();
        assertThat(rig.intel0.iotlb().size(PASID)).isZero();
        assertThat(rig.intel0.caches().walkCache().size(PASID)).isZero();
        assertThat(nic.atc().size(PASID)).as("what a device has cached stays").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {PageRequest.FAILURE, 2, 0xe})
    void aReservedResponseCodeIsAFailure(int code) {
        IntelRig rig = new IntelRig(PRI);
        rig.assign(rig.gpu.actor(), List.of(rig.write(BUFFER)));
        rig.exhaust(rig.gpu.actor());
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.PageGroupResponse(true, code, GPU, PASID, false, 0)));
        assertThat(rig.gpu.state()).isEqualTo("failed");
    }

    @Test
    void descriptorsForDevicesThatAreNotThereDoNothing() {
        IntelRig rig = new IntelRig(ATS);
        rig.run(rig.app, rig.intel0.command(new QiDescriptor.PasidDeviceTlb(0x77, 0x77, 0, PASID, false, PageSpan.EVERYTHING)),
                rig.intel0.command(new QiDescriptor.PageGroupResponse(true, 0, 0x77, PASID, false, 0)),
                rig.intel0.command(new QiDescriptor.PasidIotlb(QiDescriptor.PASID_WIDE, 7, PASID, QiPages.NONE)),
                rig.intel0.command(new QiDescriptor.InterruptEntryCache(false, 0, 0)), rig.intel0.command(new QiDescriptor.HptCache(1, 0, 0, 0, 0)));
        assertThat(rig.events).hasSize(5).allMatch(Event.Command.class::isInstance);
    }
}
