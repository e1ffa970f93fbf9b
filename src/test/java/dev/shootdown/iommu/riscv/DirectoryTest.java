package dev.shootdown.iommu.riscv;

import static dev.shootdown.iommu.riscv.RiscvRig.ATS;
import static dev.shootdown.iommu.riscv.RiscvRig.BUFFER;
import static dev.shootdown.iommu.riscv.RiscvRig.GPU;
import static dev.shootdown.iommu.riscv.RiscvRig.PAGE;
import static dev.shootdown.iommu.riscv.RiscvRig.PASID;
import static dev.shootdown.iommu.riscv.RiscvRig.PLAIN;
import static dev.shootdown.iommu.riscv.RiscvRig.RO;
import static dev.shootdown.iommu.riscv.RiscvRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Device and process directories, what hardware keeps of them, and every cause by which a translation ends. The
 * reference model's tests 1 (off), 2 (Bare, as far as it refuses), 3 (device id too wide), 4 to 6 (non-leaf entries),
 * 8 to 12 (device contexts), 17 and 18 (first stage), 21 (process directory).
 */
class DirectoryTest {
    private static final long OUTSIDE = 1L << 30;

    private final RiscvRig rig = new RiscvRig(PLAIN);

    /** A write that ends with this cause, in the fault queue and in the kernel's log. */
    private static void faults(RiscvRig rig, int cause, int ttyp) {
        int before = rig.faults().size();
        assertThat(rig.writes(BUFFER)).isEqualTo("aborted");
        assertThat(rig.faults()).hasSize(before + 1);
        assertThat(rig.fault()).isEqualTo(new FaultRecord(cause, PASID, true, false, ttyp, GPU, BUFFER, 0));
        assertThat(rig.log()).last().isEqualTo("Fault " + cause + " devid: 0x8 iotval: 7f0000000000 iotval2: 0");
    }

    private void faults(int cause) {
        faults(rig, cause, FaultRecord.UNTRANSLATED_WRITE);
    }

    /** The entry of the directory's last but one table that leads to the device's context. */
    private long nonLeaf() {
        return DirectoryEntry.decode(rig.word(rig.iommu.deviceDirectory())).ppn() << 12;
    }

    // ---------------------------------------------------------------- device directory

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "3, true", "1, false", "2, false", "3, false"})
    void aDeviceIsFoundInADirectoryOfAnyShape(int levels, boolean extended) {
        RiscvRig some = new RiscvRig(PLAIN, IommuOptions.DEFAULT, Capabilities.DEFAULT.levels(levels).extended(extended));
        some.map(BUFFER, RW);
        assertThat(some.writes(BUFFER)).isEqualTo("done");
        long table = some.iommu.deviceDirectory();
        for (int level = levels - 1; level > 0; level--) {
            assertThat(some.word(table) & 1).as("V at level %d", level).isEqualTo(1);
            table = DirectoryEntry.decode(some.word(table)).ppn() << 12;
        }
        long place = table + GPU * (extended ? 64 : 32);
        assertThat(some.iommu.deviceContext(some.gpu)).isEqualTo(place);
        assertThat(some.word(place)).as("tc: V, PDTV, SADE").isEqualTo(0x121);
        assertThat(some.word(place + 24) >>> 60).as("fsc.MODE").isEqualTo(DeviceContext.PD20);
    }

    @Test
    void aDeviceWithAtsAndPriHasThemInItsContext() {
        assertThat(new RiscvRig(ATS).deviceContext(0)).isEqualTo(0x123);
        assertThat(new RiscvRig(RiscvRig.PRI).deviceContext(0)).as("EN_ATS, EN_PRI, PRPR").isEqualTo(0x167);
    }

    @Test
    void nothingComesInWhileTheIommuIsOff() {
        rig.map(BUFFER, RW);
        rig.iommu.mode(Capabilities.OFF);
        faults(256);
        rig.iommu.mode(Capabilities.DEFAULT.mode());
        assertThat(rig.writes(BUFFER)).isEqualTo("done");
    }

    @Test
    void translationRequestsAreDisallowedInBareMode() {
        RiscvRig asking = new RiscvRig(ATS);
        asking.iommu.mode(Capabilities.BARE);
        faults(asking, 260, FaultRecord.TRANSLATION_REQUEST);
    }

    /** An address is where it says, whatever the process's tables have; where no memory is, the access ends on the bus. */
    @Test
    void bareIsIdentity() {
        long frame = rig.map(BUFFER, RW);
        rig.iommu.mode(Capabilities.BARE);
        assertThat(rig.writes(frame << 12)).isEqualTo("done");
        assertThat(rig.last(Event.Dma.class).frame()).isEqualTo(frame);
        assertThat(rig.frames.byteAt(frame, 0)).isEqualTo(0xab);
        assertThat(rig.iommu.iotlb().size(-1)).isZero();
        assertThat(rig.writes(BUFFER)).isEqualTo("aborted");
        assertThat(rig.faults()).isEmpty();
        assertThat(Translation.frame(rig.iommu.walker().translate(rig.gpu, PASID, frame, true))).isEqualTo(frame);
        assertThat(rig.iommu.walker().translate(rig.gpu, PASID, BUFFER >>> 12, true)).isZero();
    }

    /** A process context, or a device context without processes, whose MODE is Bare; with ATS too, since there is a context. */
    @Test
    void aFirstStageMayBeBare() {
        long frame = rig.map(BUFFER, RW);
        rig.processContext(1, 0);
        assertThat(rig.writes(frame << 12)).isEqualTo("done");
        RiscvRig asking = new RiscvRig(ATS);
        long other = asking.map(BUFFER, RW);
        asking.processContext(1, 0);
        assertThat(asking.writes(other << 12)).isEqualTo("done");
        assertThat(Translation.frame(asking.gpu.atc().lookup(PASID, other))).isEqualTo(other);
        RiscvRig alone = new RiscvRig(PLAIN);
        long page = alone.map(BUFFER, RW);
        alone.deviceContext(0, 1);
        alone.deviceContext(3, 0);
        alone.run(alone.gpu.actor(), DmaAccess.write(0, 0, page << 12, (page << 12) + 8, 1));
        assertThat(alone.last(Event.Dma.class).outcome()).isEqualTo("done");
        assertThat(alone.writes(page << 12)).as("a process id where there are no processes").isEqualTo("aborted");
        assertThat(alone.fault().cause()).isEqualTo(Cause.TRANSACTION_TYPE_DISALLOWED.code());
    }

    /** On a second stage a Bare first one leaves guest-physical addresses, which are translated by that. */
    @Test
    void bareOnASecondStage() {
        RiscvRig nested = new RiscvRig(PLAIN, IommuOptions.DEFAULT.nested(true), Capabilities.DEFAULT);
        long frame = nested.map(BUFFER, RW);
        nested.processContext(1, 0);
        assertThat(nested.writes(frame << 12)).isEqualTo("done");
        assertThat(nested.iommu.iotlb().size(-1)).isEqualTo(1);
        nested.run(nested.app, new IoasMap(0, List.of(frame), 0, true));
        assertThat(nested.writes(frame << 12)).isEqualTo("aborted");
        assertThat(nested.fault().cause()).isEqualTo(Cause.WRITE_GUEST_PAGE_FAULT.code());
        assertThat(nested.fault().iotval2()).isEqualTo(frame << 12);
    }

    @ParameterizedTest
    @CsvSource({"true, 6, done", "true, 7, aborted", "false, 14, done", "false, 15, aborted"})
    void aDeviceIdMustNotBeWiderThanOneLevelTellsApart(boolean extended, int number, String outcome) {
        RiscvRig some = new RiscvRig(PLAIN, IommuOptions.DEFAULT, Capabilities.DEFAULT.levels(1).extended(extended));
        some.map(BUFFER, RW);
        Device last = some.gpu;
        while (last.number() < number) {
            last = some.devices.device("gpu" + (last.number() + 1), some.iommu, PLAIN);
        }
        some.iommu.table(last, PASID, some.root);
        some.run(last.actor(), DmaAccess.write(number, PASID, BUFFER, BUFFER + PAGE, 1));
        assertThat(some.last(Event.Dma.class).outcome()).isEqualTo(outcome);
        if (outcome.equals("aborted")) {
            assertThat(some.fault().cause()).isEqualTo(260);
            assertThat(some.fault().did()).isEqualTo(Iommus.requester(number));
        }
    }

    @Test
    void aNonLeafEntryMayBeNotValidMisconfiguredOrLeadNowhere() {
        long entry = nonLeaf();
        long sound = rig.word(entry);
        rig.word(entry, sound & ~1);
        faults(258);
        rig.word(entry, sound | 1 << 1);
        faults(259);
        rig.word(entry, sound | 1L << 63);
        faults(259);
        rig.word(entry, new DirectoryEntry(true, OUTSIDE).encode());
        faults(257);
        rig.word(entry, sound);
        rig.map(BUFFER, RW);
        assertThat(rig.writes(BUFFER)).as("what is not valid, or wrong, is not remembered").isEqualTo("done");
    }

    @ParameterizedTest
    @CsvSource({
        "tc.V is 0, 0, 0x120, 258",
        "tc reserved, 0, 0x1121, 259",
        "EN_PRI without EN_ATS, 0, 0x125, 259",
        "T2GPA, 0, 0x12b, 259",
        "PRPR without EN_PRI, 0, 0x161, 259",
        "SBE, 0, 0x521, 259",
        "SXL, 0, 0x921, 259",
        "a second stage, 1, 0x8000000000000001, 259",
        "ta reserved, 2, 0x1, 259",
        "RCID, 2, 0x10000000000, 259",
        "fsc reserved, 3, 0x3000100000000001, 259",
        "fsc.MODE, 3, 0x4000000000000001, 259",
        "msiptp.MODE, 4, 0x1000000000000001, 259",
        "reserved word, 7, 0x1, 259",
        "no process directory, 0, 0x101, 259",
    })
    void aDeviceContextMayBeNotValidOrMisconfigured(String what, int index, String value, int cause) {
        rig.deviceContext(index, Long.parseUnsignedLong(value.substring(2), 16));
        faults(cause);
    }

    /** Nested, the process directory lies in the guest's memory: a guest page fault, of the access's own kind, implicit. */
    @Test
    void aProcessDirectoryOfAGuest() {
        for (int level = 2; level >= 0; level--) {
            RiscvRig nested = new RiscvRig(PLAIN, IommuOptions.DEFAULT.nested(true), Capabilities.DEFAULT);
            nested.map(BUFFER, RW);
            long table = nested.deviceContext(3) & (1L << 44) - 1;
            for (int above = 2; above > level; above--) {
                table = nested.frames.word(table, 0) >>> 10;
            }
            nested.run(nested.app, new IoasMap(0, List.of(table), 0, true));
            assertThat(nested.writes(BUFFER)).isEqualTo("aborted");
            assertThat(nested.fault().cause()).isEqualTo(Cause.WRITE_GUEST_PAGE_FAULT.code());
            assertThat(nested.fault().iotval2()).isEqualTo((table << 12) + (level == 0 ? 16 * PASID : 0) & -4 | 1);
            assertThat(nested.reads(BUFFER)).isEqualTo("aborted");
            assertThat(nested.fault().cause()).isEqualTo(Cause.READ_GUEST_PAGE_FAULT.code());
            nested.run(nested.app, new IoasMap(0, List.of(table), Translation.READ, true));
            assertThat(nested.writes(BUFFER)).isEqualTo("done");
        }
    }

    /** A bit that cannot be set in the guest's table: iotval2 says that it was a write for the walk's own sake. */
    @Test
    void aTableOfAGuestThatMayOnlyBeRead() {
        RiscvRig nested = new RiscvRig(PLAIN, IommuOptions.DEFAULT.nested(true), Capabilities.DEFAULT);
        nested.map(BUFFER, RW);
        long table = nested.table(BUFFER, 1);
        nested.run(nested.app, new IoasMap(0, List.of(table), Translation.READ, true));
        assertThat(nested.reads(BUFFER)).isEqualTo("aborted");
        assertThat(nested.fault().cause()).isEqualTo(Cause.READ_GUEST_PAGE_FAULT.code());
        assertThat(nested.fault().iotval2()).isEqualTo((table << 12) + 8L * Entry.index(BUFFER, 1) | 3);
    }

    @Test
    void aDirectoryInNoMemory() {
        rig.iommu.deviceDirectory(1L << 42);
        assertThat(rig.writes(BUFFER)).isEqualTo("aborted");
        assertThat(rig.fault().cause()).isEqualTo(Cause.DDT_LOAD_ACCESS_FAULT.code());
    }

    @Test
    void aTransactionTypeMayBeDisallowed() {
        rig.deviceContext(0, 0x101);
        rig.deviceContext(3, 9L << 60 | rig.root);
        faults(260);
        RiscvRig asking = new RiscvRig(ATS);
        asking.deviceContext(0, 0x121);
        faults(asking, 260, FaultRecord.TRANSLATION_REQUEST);
        assertThat(asking.gpu.requests().get()).isZero();
    }

    @Test
    void aTranslatedAccessIsHeldAgainstTheDeviceContext() {
        RiscvRig asking = new RiscvRig(ATS);
        asking.map(BUFFER, RW);
        assertThat(asking.writes(BUFFER)).isEqualTo("done");
        asking.deviceContext(0, asking.deviceContext(0) & ~2);
        assertThat(asking.writes(BUFFER)).as("the copy of the context still allows it").isEqualTo("done");
        asking.send(new RiscvCommand.IodirInvalDdt(true, GPU));
        faults(asking, 260, FaultRecord.TRANSLATED_WRITE);
        asking.deviceContext(0, 0);
        asking.send(new RiscvCommand.IodirInvalDdt(true, GPU));
        assertThat(asking.reads(BUFFER)).isEqualTo("aborted");
        assertThat(asking.fault()).isEqualTo(new FaultRecord(258, PASID, true, false, FaultRecord.TRANSLATED_READ, GPU, BUFFER, 0));
    }

    @Test
    void withDtfTranslationFaultsAreNotReported() {
        rig.deviceContext(0, rig.deviceContext(0) | 1 << 4);
        assertThat(rig.writes(BUFFER)).isEqualTo("aborted");
        assertThat(rig.faults()).isEmpty();
        assertThat(rig.log()).isEmpty();
        rig.iommu.mode(Capabilities.OFF);
        faults(256);
    }

    // ---------------------------------------------------------------- process directory

    @Test
    void aProcessContextIsFoundThroughThreeLevels() {
        int pasid = 0xa_bcde;
        rig.map(BUFFER, RW);
        rig.iommu.table(rig.gpu, pasid, rig.root);
        long table = rig.deviceContext(3) << 12;
        table = DirectoryEntry.decode(rig.word(table + 8 * (pasid >>> 17))).ppn() << 12;
        table = DirectoryEntry.decode(rig.word(table + 8 * (pasid >>> 8 & 0x1ff))).ppn() << 12;
        long place = table + 16 * (pasid & 0xff);
        assertThat(rig.iommu.processContext(rig.gpu, pasid)).isEqualTo(place);
        assertThat(rig.word(place)).as("V, PSCID").isEqualTo(1 | (long) pasid << 12);
        assertThat(rig.word(place + 8)).as("Sv48, PPN").isEqualTo(9L << 60 | rig.root);
        rig.run(rig.gpu.actor(), DmaAccess.read(0, pasid, BUFFER, BUFFER + PAGE));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("done");
    }

    @Test
    void anEntryOfTheProcessDirectoryMayBeNotValidMisconfiguredOrLeadNowhere() {
        long entry = rig.deviceContext(3) << 12;
        long sound = rig.word(entry);
        rig.word(entry, 0);
        faults(266);
        rig.word(entry, sound | 1 << 9);
        faults(267);
        rig.word(entry, new DirectoryEntry(true, OUTSIDE).encode());
        faults(265);
        rig.deviceContext(3, 3L << 60 | OUTSIDE);
        rig.send(new RiscvCommand.IodirInvalDdt(true, GPU));
        faults(265);
    }

    @ParameterizedTest
    @CsvSource({"V is 0, 0, 0x1000, 266", "reserved, 0, 0x1009, 267", "MODE, 1, 0xb000000000000001, 267", "fsc reserved, 1, 0x9000100000000001, 267",
        "a root that is no memory, 1, 0x9000000040000000, 7"})
    void aProcessContextMayBeNotValidOrMisconfigured(String what, int index, String value, int cause) {
        rig.processContext(index, Long.parseUnsignedLong(value.substring(2), 16));
        faults(cause);
    }

    @ParameterizedTest
    @CsvSource({"1, 0xff, 266", "1, 0x100, 260", "2, 0x1ffff, 266", "2, 0x20000, 260", "3, 0xfffff, 266"})
    void aProcessIdMustNotBeWiderThanItsDirectory(int mode, String pasid, int cause) {
        long empty = rig.iommu.emptyTable();
        rig.deviceContext(3, (long) mode << 60 | empty);
        rig.run(rig.gpu.actor(), DmaAccess.read(0, Integer.decode(pasid), BUFFER, BUFFER + PAGE));
        assertThat(rig.fault().cause()).isEqualTo(cause);
        assertThat(rig.fault().pid()).isEqualTo(Integer.decode(pasid));
    }

    @Test
    void directoriesOfOneAndTwoLevelsAreWalkedToo() {
        rig.map(BUFFER, RW);
        long table = rig.deviceContext(3);
        for (int levels = 2; levels >= 1; levels--) {
            table = DirectoryEntry.decode(rig.word(table << 12)).ppn();
            rig.deviceContext(3, (long) levels << 60 | table);
            rig.send(new RiscvCommand.IodirInvalDdt(false, 0));
            assertThat(rig.writes(BUFFER)).as("%d levels", levels).isEqualTo("done");
        }
    }

    // ---------------------------------------------------------------- what hardware keeps

    @Test
    void aDeviceContextIsKeptUntilItIsInvalidated() {
        rig.map(BUFFER, RW);
        assertThat(rig.writes(BUFFER)).isEqualTo("done");
        rig.deviceContext(0, 0);
        rig.send(new RiscvCommand.IodirInvalDdt(true, GPU + 8), new RiscvCommand.IodirInvalPdt(PASID, GPU));
        rig.send(RiscvCommand.IotinvalVma.space(PASID));
        assertThat(rig.writes(BUFFER)).as("neither another device's, nor a process's, nor translations").isEqualTo("done");
        rig.send(new RiscvCommand.IodirInvalDdt(true, GPU));
        faults(258);
    }

    @Test
    void allDeviceContextsGoWithoutDv() {
        rig.map(BUFFER, RW);
        rig.writes(BUFFER);
        rig.deviceContext(0, 0);
        rig.send(new RiscvCommand.IodirInvalDdt(false, 0xff));
        faults(258);
    }

    @Test
    void aProcessContextIsKeptUntilItIsInvalidated() {
        rig.map(BUFFER, RW);
        assertThat(rig.writes(BUFFER)).isEqualTo("done");
        rig.processContext(0, 0);
        rig.send(new RiscvCommand.IodirInvalPdt(PASID + 1, GPU), new RiscvCommand.IodirInvalPdt(PASID, GPU + 8));
        assertThat(rig.writes(BUFFER)).isEqualTo("done");
        rig.send(new RiscvCommand.IodirInvalPdt(PASID, GPU));
        faults(266);
    }

    /** The reference model kept process contexts here until November 2025. */
    @Test
    void processContextsGoWithTheirDevices() {
        rig.map(BUFFER, RW);
        rig.writes(BUFFER);
        rig.processContext(0, 0);
        rig.send(new RiscvCommand.IodirInvalDdt(true, GPU));
        faults(266);
    }

    @Test
    void makingAnEntryValidNeedsNoInvalidation() {
        rig.map(BUFFER, RW);
        rig.iommu.table(rig.gpu, PASID, 0);
        faults(266);
        rig.iommu.table(rig.gpu, PASID, rig.root);
        assertThat(rig.writes(BUFFER)).isEqualTo("done");
    }

    @Test
    void aDriverThatChangesATableHasTheContextReadAnew() {
        rig.map(BUFFER, RW);
        rig.writes(BUFFER);
        rig.run(rig.app, rig.iommu.setTable(0, PASID, rig.iommu.emptyTable()));
        assertThat(rig.all(Event.Command.class)).extracting(Event.Command::name).containsExactly("IODIR.INVAL_PDT", "IOFENCE.C");
        assertThat(rig.writes(BUFFER)).as("translations are the caller's").isEqualTo("done");
        rig.run(rig.app, rig.iommu.flushPasid(PASID));
        faults(15);
    }

    /** A walk from a copy that has outlived its table says which table it meant. */
    @Test
    void aWalkFromAnOldCopyShows() {
        rig.map(BUFFER, RW);
        rig.writes(BUFFER);
        long born = rig.frames.generation(rig.root);
        rig.iommu.table(rig.gpu, PASID, rig.iommu.emptyTable());
        rig.send(RiscvCommand.IotinvalVma.space(PASID));
        rig.frames.free(rig.root);
        rig.events.clear();
        rig.writes(BUFFER);
        Event.TableRead read = rig.all(Event.TableRead.class).getFirst();
        assertThat(read.frame()).isEqualTo(rig.root);
        assertThat(read.born()).isEqualTo(born).isNotEqualTo(rig.frames.generation(rig.root));
    }

    // ---------------------------------------------------------------- first stage

    @Test
    void whatAPageTableRefusesIsAPageFault() {
        faults(15);
        rig.map(BUFFER, RO);
        faults(15);
        assertThat(rig.reads(BUFFER)).isEqualTo("done");
        assertThat(rig.reads(BUFFER + PAGE)).isEqualTo("aborted");
        assertThat(rig.fault()).isEqualTo(new FaultRecord(13, PASID, true, false, FaultRecord.UNTRANSLATED_READ, GPU, BUFFER + PAGE, 0));
        assertThat(rig.log()).last().isEqualTo("Fault 13 devid: 0x8 iotval: 7f0000001000 iotval2: 0");
    }

    @Test
    void anAddressThatNoTableHoldsIsAPageFault() {
        long address = 0x0000_8000_0000_0000L;
        rig.run(rig.gpu.actor(), DmaAccess.read(0, PASID, address, address + PAGE));
        assertThat(rig.fault().cause()).isEqualTo(13);
        assertThat(rig.fault().iotval()).isEqualTo(address);
    }

    @Test
    void aTableThatIsNoMemoryIsAnAccessFault() {
        rig.map(BUFFER, RW);
        rig.tables.entry(rig.table(BUFFER, 2), BUFFER, 2, Entry.of(OUTSIDE, RW));
        faults(7);
        rig.reads(BUFFER);
        assertThat(rig.fault().cause()).isEqualTo(5);
    }

    /** Success without R and W, Completer Abort and Unsupported Request: of the first the fault queue hears nothing. */
    @Test
    void translationRequestsThatFindNothingAreAnsweredAndNotLogged() {
        RiscvRig asking = new RiscvRig(ATS);
        assertThat(asking.writes(BUFFER)).isEqualTo("aborted");
        asking.iommu.table(asking.gpu, PASID, 0);
        asking.send(new RiscvCommand.IodirInvalPdt(PASID, GPU));
        assertThat(asking.writes(BUFFER)).isEqualTo("aborted");
        assertThat(asking.faults()).as("page fault, PDT entry not valid").isEmpty();
        asking.processContext(0, 1 << 12 | 1 << 3 | 1);
        faults(asking, 267, FaultRecord.TRANSLATION_REQUEST);
        asking.processContext(0, 1 << 12 | 1);
        asking.processContext(1, 9L << 60 | OUTSIDE);
        faults(asking, 7, FaultRecord.TRANSLATION_REQUEST);
    }
}
