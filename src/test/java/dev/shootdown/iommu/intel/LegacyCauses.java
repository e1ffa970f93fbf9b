package dev.shootdown.iommu.intel;

import static dev.shootdown.device.UnitRig.BUFFER;
import static dev.shootdown.iommu.intel.FaultCauses.NOWHERE;
import static dev.shootdown.iommu.intel.IntelRig.GPU;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;

/** The same of legacy mode, where requests without a PASID go through a second stage alone, or through none. */
final class LegacyCauses {
    private static final int GPU_ENTRY = GPU * LegacyContextEntry.WORDS * Long.BYTES;

    private LegacyCauses() {}

    /** Software has the unit take up legacy mode, with a context entry for the device in the lower half's table. */
    static void legacy(IntelRig rig, int translation, int width) {
        ScalableTables tables = rig.scalable();
        tables.register(new RootTableAddress(tables.address(), RootTableAddress.Mode.LEGACY));
        long second = translation == LegacyContextEntry.PASS_THROUGH ? 0 : rig.intel0.secondStage().root() << 12;
        LegacyContextEntry entry = new LegacyContextEntry(true, false, translation, second, width, 1);
        rig.put(place(rig), entry.word(0));
        rig.put(place(rig) + 8, entry.word(1));
    }

    private static long place(IntelRig rig) {
        return (rig.scalable().word(rig.scalable().busEntry(GPU)) & -4096) + GPU_ENTRY;
    }

    static long spoil(IntelRig rig, FaultReason reason) {
        ScalableTables tables = rig.scalable();
        boolean blocks = reason == FaultReason.LEGACY_BLOCKED;
        legacy(rig, blocks ? LegacyContextEntry.UNTRANSLATED_ONLY : LegacyContextEntry.DEVICE_TLB, LegacyContextEntry.FOUR_LEVELS);
        long frame = Entry.frame(rig.pte(BUFFER));
        long top = rig.intel0.secondStage().root() << 12;
        switch (reason) {
            case LEGACY_ROOT_NOT_PRESENT -> rig.put(tables.busEntry(GPU), 0);
            case LEGACY_CONTEXT_NOT_PRESENT -> rig.put(place(rig), 0);
            case LEGACY_CONTEXT_INVALID -> legacy(rig, LegacyContextEntry.DEVICE_TLB, 1);
            case LEGACY_ADDRESS_WIDTH, LEGACY_BLOCKED -> { }
            case LEGACY_NO_WRITE_PERMISSION -> FaultCauses.guest(rig, frame, Translation.READ);
            case LEGACY_NO_READ_PERMISSION -> FaultCauses.guest(rig, frame, Translation.WRITE);
            case LEGACY_SECOND_STAGE_ACCESS -> rig.put(top, NOWHERE | 3);
            case LEGACY_ROOT_ACCESS -> tables.register(new RootTableAddress(NOWHERE, RootTableAddress.Mode.LEGACY));
            case LEGACY_CONTEXT_ACCESS -> rig.put(tables.busEntry(GPU), NOWHERE | 1);
            case LEGACY_ROOT_RESERVED -> rig.put(tables.busEntry(GPU) + 8, 1);
            case LEGACY_CONTEXT_RESERVED -> rig.set(place(rig) + 8, 1 << 7);
            case LEGACY_SECOND_STAGE_RESERVED -> rig.set(top, 1 << 7);
            case LEGACY_INTERRUPT_ADDRESS -> legacy(rig, LegacyContextEntry.PASS_THROUGH, LegacyContextEntry.FOUR_LEVELS);
            default -> throw new IllegalArgumentException(reason.name());
        }
        return switch (reason) {
            case LEGACY_ADDRESS_WIDTH -> 1L << 48;
            case LEGACY_INTERRUPT_ADDRESS -> 0xfee0_0000L;
            default -> frame << 12;
        };
    }
}
