package dev.shootdown.iommu.intel;

import static dev.shootdown.device.UnitRig.BUFFER;
import static dev.shootdown.device.UnitRig.PASID;
import static dev.shootdown.device.UnitRig.RO;
import static dev.shootdown.device.UnitRig.RW;
import static dev.shootdown.iommu.intel.IntelRig.GPU;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** For each reason to block a request what is to be wrong in the tables, and an access that comes to it. */
final class FaultCauses {
    static final long NOWHERE = 0x123_4567_8000L;

    private static final long HUGE = RW | Entry.HUGE;
    private static final long PWSNP = 1L << 23;
    private static final Set<FaultReason> SECOND_STAGE = EnumSet.of(FaultReason.NO_READ_PERMISSION, FaultReason.SECOND_STAGE_ADDRESS_WIDTH);
    private static final Set<FaultReason> EXECUTES = EnumSet.of(FaultReason.EXECUTE_DISABLED, FaultReason.NO_EXECUTE_PERMISSION);
    private static final Set<FaultReason> READS = EnumSet.of(FaultReason.LEGACY_NO_READ_PERMISSION, FaultReason.NO_READ_PERMISSION);

    private FaultCauses() {}

    /** A machine whose unit has a second stage if it takes one. */
    static IntelRig rig(DeviceOptions options, FaultReason reason) {
        boolean nested = reason.code() >= FaultReason.FIRST_STAGE_ADDRESS_WIDTH.code() && reason.code() <= FaultReason.SECOND_STAGE_POINTER.code();
        return new IntelRig(options, IommuOptions.DEFAULT.nested(nested || SECOND_STAGE.contains(reason) || reason.legacy()));
    }

    static int pasid(FaultReason reason) {
        return reason.legacy() ? 0 : reason == FaultReason.PASID_TOO_LARGE ? 1 << 16 : PASID;
    }

    static boolean executes(FaultReason reason) {
        return EXECUTES.contains(reason);
    }

    static boolean reads(FaultReason reason) {
        return READS.contains(reason) || executes(reason);
    }

    static DmaAccess access(FaultReason reason, long address) {
        return reads(reason)
                ? DmaAccess.read(0, pasid(reason), address, address + 4096).asking(executes(reason), false)
                : DmaAccess.write(0, pasid(reason), address, address + 4096, 1).asking(false, reason == FaultReason.SUPERVISOR_DISABLED);
    }

    /** Makes the tables wrong; returns the address that the device is to come to. */
    static long spoil(IntelRig rig, FaultReason reason) {
        if (reason.legacy()) {
            return LegacyCauses.spoil(rig, reason);
        }
        switch (reason) {
            case SECOND_STAGE_ADDRESS_WIDTH -> {
                put(rig, new PasidEntry(true, false, PasidEntry.SECOND_STAGE, PasidEntry.FOUR_LEVELS, 1, true, false, false, false, 0,
                        rig.intel0.secondStage().root() << 12));
                return 1L << 48;
            }
            case HOST_ADDRESS_WIDTH -> {
                put(rig, new PasidEntry(true, false, PasidEntry.PASS_THROUGH, 1, true, false, false, false, 0));
                return 1L << 52;
            }
            case NOT_CANONICAL -> {
                return 1L << 50;
            }
            default -> {
                if (reason.code() < FaultReason.PASID_ACCESS.code()) {
                    onTheWayToADirectory(rig, reason);
                } else {
                    fromThePasidEntryOn(rig, reason);
                }
                return BUFFER;
            }
        }
    }

    private static void onTheWayToADirectory(IntelRig rig, FaultReason reason) {
        ContextEntry context = rig.context();
        ScalableTables tables = rig.scalable();
        long contextEntry = tables.contextEntry(GPU);
        switch (reason) {
            case ROOT_ADDRESS_INVALID -> tables.register(new RootTableAddress(tables.address(), RootTableAddress.Mode.RESERVED));
            case LEGACY_WITH_PASID, LEGACY_PAGE_REQUEST -> tables.register(new RootTableAddress(tables.address(), RootTableAddress.Mode.LEGACY));
            case ABORT_DMA -> tables.register(new RootTableAddress(tables.address(), RootTableAddress.Mode.ABORT_DMA));
            case ROOT_ACCESS -> tables.register(new RootTableAddress(NOWHERE, RootTableAddress.Mode.SCALABLE));
            case ROOT_NOT_PRESENT -> rig.put(tables.rootEntry(GPU), 0);
            case ROOT_RESERVED -> rig.set(tables.rootEntry(GPU), 1 << 5);
            case CONTEXT_ACCESS -> rig.put(tables.rootEntry(GPU), NOWHERE | 1);
            case CONTEXT_NOT_PRESENT -> rig.put(contextEntry, 0);
            case CONTEXT_RESERVED -> rig.set(contextEntry, 1 << 5);
            case CONTEXT_INVALID -> tables.write(rig.gpu, new ContextEntry(true, false, false, true, true, 3, context.table(), 0));
            case DEVICE_TLB_DISABLED -> tables.write(rig.gpu, new ContextEntry(true, false, false, true, false, 3, context.table(), 0));
            case PASID_DISABLED -> tables.write(rig.gpu, new ContextEntry(true, false, true, false, true, 3, context.table(), 0));
            case PASID_TOO_LARGE -> { }
            case PAGE_REQUEST_DISABLED -> tables.write(rig.gpu, new ContextEntry(true, false, true, true, false, 3, context.table(), 0));
            case PASID_IS_RID_PASID -> tables.write(rig.gpu, new ContextEntry(true, false, true, true, true, 3, context.table(), PASID));
            case TRANSLATED_WITH_PASID -> tables.write(rig.gpu, new ContextEntry(true, false, true, true, true, false, 3, context.table(), 0));
            case DIRECTORY_ACCESS -> tables.write(rig.gpu, new ContextEntry(true, false, true, true, true, 3, NOWHERE, 0));
            case DIRECTORY_NOT_PRESENT -> rig.put(rig.directoryEntry(), 0);
            case DIRECTORY_RESERVED -> rig.set(rig.directoryEntry(), 1 << 2);
            default -> throw new IllegalArgumentException(reason.name());
        }
    }

    private static void fromThePasidEntryOn(IntelRig rig, FaultReason reason) {
        long pasidEntry = rig.pasidEntry();
        switch (reason) {
            case PASID_ACCESS -> rig.put(rig.directoryEntry(), NOWHERE | 1);
            case PASID_NOT_PRESENT -> rig.put(pasidEntry, 0);
            case PASID_RESERVED -> rig.set(pasidEntry, 1 << 10);
            case PASID_INVALID -> rig.put(pasidEntry, 1 | PasidEntry.SECOND_STAGE << 6);
            case EXECUTE_DISABLED, SUPERVISOR_DISABLED -> { }
            case ROOT_TABLE_ACCESS -> rig.put(pasidEntry + 16, NOWHERE);
            case FIRST_STAGE_ACCESS -> rig.entry(BUFFER, 2, NOWHERE | RW);
            case FIRST_STAGE_NOT_PRESENT -> rig.entry(BUFFER, 1, 0);
            case FIRST_STAGE_RESERVED -> rig.entry(BUFFER, 2, Entry.of(2, HUGE));
            case FIRST_STAGE_ADDRESS_WIDTH -> rig.entry(BUFFER, 1, Entry.of(1L << 36, RW));
            case NESTED_ROOT_READ -> guest(rig, rig.root, Translation.WRITE);
            case NESTED_READ -> guest(rig, rig.table(BUFFER, 2), Translation.WRITE);
            case NESTED_WRITE -> guest(rig, rig.table(BUFFER, 1), Translation.READ);
            case SECOND_STAGE_ACCESS -> rig.put(rig.intel0.secondStage().root() << 12, NOWHERE | 3);
            case SECOND_STAGE_PERMISSION -> guest(rig, Entry.frame(rig.pte(BUFFER)), 0);
            case SECOND_STAGE_RESERVED -> rig.set(rig.intel0.secondStage().root() << 12, 1 << 7);
            case SECOND_STAGE_POINTER -> rig.put(pasidEntry, rig.scalable().word(pasidEntry) & 0xfff | NOWHERE);
            case SUPERVISOR_PAGE -> rig.entry(BUFFER, 1, Entry.of(5, Entry.PRESENT | Entry.WRITE));
            case NO_EXECUTE_PERMISSION -> {
                rig.set(pasidEntry + 16, 1 << 1);
                rig.entry(BUFFER, 1, Entry.of(5, RW | Entry.NX));
            }
            case NO_WRITE_PERMISSION -> rig.entry(BUFFER, 1, Entry.of(5, RO));
            case NO_READ_PERMISSION -> guest(rig, Entry.frame(rig.pte(BUFFER)), Translation.WRITE);
            case INTERRUPT_ADDRESS -> rig.entry(BUFFER, 1, Entry.of(0xfee01, RW));
            case NOT_SNOOPED -> rig.put(pasidEntry + 8, rig.scalable().word(pasidEntry + 8) & ~PWSNP);
            default -> throw new IllegalArgumentException(reason.name());
        }
    }

    private static void put(IntelRig rig, PasidEntry entry) {
        for (int i = 0; i < PasidEntry.WORDS; i++) {
            rig.put(rig.pasidEntry() + i * Long.BYTES, entry.word(i));
        }
    }

    /** What the second stage lets be done to a page. */
    static void guest(IntelRig rig, long page, int permissions) {
        rig.run(rig.app, new IoasMap(0, List.of(page), permissions, false));
    }
}
