package dev.shootdown.iommu.riscv;

import static dev.shootdown.iommu.riscv.RiscvRig.BUFFER;
import static dev.shootdown.iommu.riscv.RiscvRig.GPU;
import static dev.shootdown.iommu.riscv.RiscvRig.PAGE;
import static dev.shootdown.iommu.riscv.RiscvRig.PASID;
import static dev.shootdown.iommu.riscv.RiscvRig.PLAIN;
import static dev.shootdown.iommu.riscv.RiscvRig.PRI;
import static dev.shootdown.iommu.riscv.RiscvRig.RO;
import static dev.shootdown.iommu.riscv.RiscvRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The fault queue and the page-request queue at their limits, and what the IOMMU answers by itself. The reference
 * model's tests 7 (fault queue overflow), 22 (ATS.PRGR) and 23 (page requests).
 */
class QueuesTest {
    private final RiscvRig rig = new RiscvRig(PRI);

    // ---------------------------------------------------------------- fault queue

    @Test
    void aFaultIsARecordOf32Bytes() {
        RiscvRig plain = new RiscvRig(PLAIN);
        plain.writes(BUFFER);
        long base = plain.iommu.events().base();
        assertThat(plain.word(base)).as("CAUSE 15, PID 1, PV, TTYP 3, DID 8").isEqualTo(0x0000_080d_0000_100fL);
        assertThat(plain.word(base + 8)).isZero();
        assertThat(plain.word(base + 16)).isEqualTo(BUFFER);
        assertThat(plain.word(base + 24)).isZero();
        assertThat(plain.iommu.ipsr()).as("fip").isEqualTo(2);
    }

    @Test
    void aFullFaultQueueLosesRecordsUntilItsBitIsCleared() {
        RiscvRig plain = new RiscvRig(PLAIN, IommuOptions.DEFAULT.events(4), Capabilities.DEFAULT);
        for (int i = 0; i < 5; i++) {
            plain.writes(BUFFER + i * PAGE);
        }
        assertThat(plain.faults()).extracting(FaultRecord::iotval).containsExactly(BUFFER, BUFFER + PAGE, BUFFER + 2 * PAGE);
        assertThat(plain.iommu.eventLog().overflowed()).isTrue();
        assertThat(plain.all(Event.Dma.class)).as("no access waits for the queue").hasSize(5);
        assertThat(plain.log().getLast()).isEqualTo("Queue #1 error; memory fault:0 overflow:1");
        plain.iommu.events().pop();
        plain.writes(BUFFER);
        assertThat(plain.faults()).as("there is room, but fqof is set").hasSize(2);
        assertThat(plain.iommu.takeEvents()).isEqualTo(2);
        plain.writes(BUFFER);
        assertThat(plain.faults()).hasSize(1);
        assertThat(plain.log().getLast()).isEqualTo("Fault 15 devid: 0x8 iotval: 7f0000000000 iotval2: 0");
    }

    // ---------------------------------------------------------------- page requests

    @Test
    void aPageRequestIsARecordOf16Bytes() {
        rig.map(BUFFER, RO);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER));
        rig.run();
        long base = rig.iommu.requests().base();
        assertThat(rig.word(base)).as("PID 1, PV, DID 8").isEqualTo(0x0000_0801_0000_1000L);
        assertThat(rig.word(base + 8)).as("W, L, group 0").isEqualTo(BUFFER | 6);
        assertThat(rig.iommu.ipsr()).as("pip").isEqualTo(8);
        assertThat(rig.faults()).as("what is asked for is no fault").isEmpty();
        PageRequest request = rig.iommu.takeRequest();
        assertThat(request).isEqualTo(new PageRequest(0, PASID, BUFFER, 0, true, Translation.WRITE));
        assertThat(rig.iommu.takeRequest()).isNull();
    }

    @Test
    void aRequestOfADeviceThatThereIsNotNamesNone() {
        rig.word(rig.iommu.requests().base(), new PageRequestRecord(PASID, true, false, false, 0x100, true, false, true, 3, BUFFER).word(0));
        rig.word(rig.iommu.requests().base() + 8, new PageRequestRecord(PASID, true, false, false, 0x100, true, false, true, 3, BUFFER).word(1));
        assertThat(rig.iommu.takeRequest()).isEqualTo(new PageRequest(-1, PASID, BUFFER, 3, true, Translation.READ));
    }

    /** What the IOMMU answers a request that is its group's last. */
    private int answered(PageRequest request) {
        int[] code = {Integer.MIN_VALUE};
        rig.turn(turn -> code[0] = rig.iommu.request(turn, request));
        return code[0];
    }

    private static PageRequest request(boolean last, int access) {
        return new PageRequest(0, PASID, BUFFER, 0, last, access);
    }

    private static PageRequest read() {
        return request(true, Translation.READ);
    }

    /** The fault queue hears of what is disallowed, as of a message (TTYP 9) with its code, and of nothing else. */
    private void reported(int cause) {
        assertThat(rig.fault()).isEqualTo(new FaultRecord(cause, PASID, true, false, FaultRecord.MESSAGE, GPU, 4, 0));
        assertThat(rig.log()).last().isEqualTo("Fault " + cause + " devid: 0x8 iotval: 4 iotval2: 0");
        assertThat(rig.iommu.requests().size()).isZero();
    }

    @Test
    void whatMayBeAskedIsQueued() {
        assertThat(answered(read())).isEqualTo(PageRequest.NONE);
        assertThat(answered(request(false, Translation.READ))).isEqualTo(PageRequest.NONE);
        assertThat(answered(request(true, 0))).as("a stop marker").isEqualTo(PageRequest.NONE);
        assertThat(rig.iommu.requests().size()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0, 256, 15", "1, 260, 1"})
    void whileTheIommuIsOffOrBareItAnswersItself(int mode, int cause, int code) {
        rig.iommu.mode(mode);
        assertThat(answered(read())).isEqualTo(code);
        reported(cause);
    }

    @ParameterizedTest
    @CsvSource({"0, 258, 15", "0x125, 259, 15", "0x123, 260, 1", "0x121, 260, 1"})
    void aDeviceThatMayNotAskIsAnsweredAtOnce(String tc, int cause, int code) {
        rig.deviceContext(0, Long.decode(tc));
        assertThat(answered(read())).isEqualTo(code);
        reported(cause);
    }

    @Test
    void aDirectoryThatLeadsNowhereFailsTheRequest() {
        long entry = DirectoryEntry.decode(rig.word(rig.iommu.deviceDirectory())).ppn() << 12;
        rig.word(entry, new DirectoryEntry(true, 1L << 30).encode());
        assertThat(answered(read())).isEqualTo(PageRequest.FAILURE);
        reported(257);
    }

    @Test
    void aDeviceWithTooWideAnIdMayNotAsk() {
        RiscvRig one = new RiscvRig(PRI, IommuOptions.DEFAULT, Capabilities.DEFAULT.levels(1));
        Device last = one.gpu;
        while (last.number() < 7) {
            last = one.devices.device("gpu" + (last.number() + 1), one.iommu, PRI);
        }
        int device = last.number();
        one.turn(turn -> assertThat(one.iommu.request(turn, new PageRequest(device, PASID, BUFFER, 0, true, 1))).isEqualTo(PageRequest.INVALID));
        assertThat(one.fault().cause()).isEqualTo(260);
    }

    @Test
    void aQueueThatIsOffFailsRequests() {
        rig.iommu.requests(false);
        assertThat(answered(read())).isEqualTo(PageRequest.FAILURE);
        assertThat(rig.faults()).isEmpty();
        rig.iommu.requests(true);
        assertThat(answered(read())).isEqualTo(PageRequest.NONE);
    }

    /** Only who waits for an answer gets one. */
    @Test
    void otherRequestsThatFindNoQueueAreDropped() {
        rig.iommu.requests(false);
        assertThat(answered(request(false, Translation.READ))).isEqualTo(PageRequest.NONE);
        assertThat(answered(request(true, 0))).as("a stop marker").isEqualTo(PageRequest.NONE);
        rig.iommu.mode(Capabilities.OFF);
        assertThat(answered(request(false, Translation.READ))).isEqualTo(PageRequest.NONE);
        assertThat(rig.iommu.requests().size()).isZero();
    }

    @Test
    void aFullQueueIsAnsweredSuccessUntilItsBitIsCleared() {
        RiscvRig small = new RiscvRig(PRI.unlimited(true), IommuOptions.DEFAULT.requests(2), Capabilities.DEFAULT);
        small.turn(turn -> small.iommu.request(turn, read()));
        assertThat(small.iommu.requests().size()).as("one of two entries").isEqualTo(1);
        small.turn(turn -> assertThat(small.iommu.request(turn, read())).isEqualTo(PageRequest.SUCCESS));
        assertThat(small.iommu.requestLog().overflowed()).isTrue();
        small.iommu.takeRequest();
        small.turn(turn -> assertThat(small.iommu.request(turn, read())).as("room, but pqof is set").isEqualTo(PageRequest.SUCCESS));
        assertThat(small.faults()).as("not for the fault queue").isEmpty();
        small.turn(turn -> small.iommu.emptied(turn));
        assertThat(small.log()).containsExactly("Queue #3 error; memory fault:0 overflow:1");
        small.turn(turn -> assertThat(small.iommu.request(turn, read())).isEqualTo(PageRequest.NONE));
        assertThat(small.iommu.requests().size()).isEqualTo(1);
    }

    /** fqmf and pqmf: until they are cleared nothing is written, and each page request is a Response Failure. */
    @Test
    void queuesInNoMemory() {
        long faults = rig.iommu.events().base();
        rig.iommu.events().base(1L << 42);
        rig.iommu.mode(Capabilities.OFF);
        rig.writes(BUFFER);
        assertThat(rig.log()).containsExactly("Queue #1 error; memory fault:1 overflow:0");
        rig.iommu.events().base(faults);
        rig.writes(BUFFER);
        assertThat(rig.faults()).as("fqmf is still set").isEmpty();
        rig.iommu.takeEvents();
        rig.writes(BUFFER);
        assertThat(rig.faults()).hasSize(1);
        RiscvRig asks = new RiscvRig(PRI, IommuOptions.DEFAULT, Capabilities.DEFAULT);
        long requests = asks.iommu.requests().base();
        asks.iommu.requests().base(1L << 42);
        asks.turn(turn -> assertThat(asks.iommu.request(turn, read())).isEqualTo(PageRequest.FAILURE));
        asks.iommu.requests().base(requests);
        asks.turn(turn -> assertThat(asks.iommu.request(turn, read())).as("pqmf is still set").isEqualTo(PageRequest.FAILURE));
        asks.turn(turn -> asks.iommu.emptied(turn));
        assertThat(asks.log()).containsExactly("Queue #3 error; memory fault:1 overflow:0");
        asks.turn(turn -> assertThat(asks.iommu.request(turn, read())).isEqualTo(PageRequest.NONE));
    }

    /** A device whose request is answered so asks again, until its page is there or it gives up. */
    @Test
    void aDeviceGoesOnAfterAnAutomaticSuccess() {
        RiscvRig small = new RiscvRig(PRI.retries(3), IommuOptions.DEFAULT.requests(2), Capabilities.DEFAULT);
        small.turn(turn -> small.iommu.request(turn, request(false, Translation.READ)));
        assertThat(small.writes(BUFFER)).isEqualTo("failed");
        assertThat(small.all(Event.PageResponse.class)).hasSize(4).extracting(Event.PageResponse::code).containsOnly(PageRequest.SUCCESS);
        assertThat(small.gpu.failed()).isTrue();
    }

    @Test
    void aResponseFailureIsTheEndOfTheDevice() {
        rig.iommu.requests(false);
        assertThat(rig.writes(BUFFER)).isEqualTo("failed");
        assertThat(rig.last(Event.DeviceFailed.class).after()).isEqualTo("response code 0xf");
    }

    @Test
    void anInvalidRequestIsTheEndOfTheAccessAlone() {
        rig.deviceContext(0, 0x123);
        assertThat(rig.writes(BUFFER)).isEqualTo("aborted");
        assertThat(rig.gpu.failed()).isFalse();
        rig.map(BUFFER, RW);
        assertThat(rig.writes(BUFFER)).isEqualTo("done");
    }

    @Test
    void withDtfAPageRequestThatIsDisallowedIsNotReported() {
        rig.deviceContext(0, 0x133);
        assertThat(answered(read())).isEqualTo(PageRequest.INVALID);
        assertThat(rig.faults()).isEmpty();
    }
}
