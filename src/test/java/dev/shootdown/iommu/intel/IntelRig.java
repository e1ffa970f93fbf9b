package dev.shootdown.iommu.intel;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.UnitRig;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.List;

/** A machine of one VT-d unit, a device, a thread and a hand-built page table, with a memory of what it emitted. */
final class IntelRig extends UnitRig<IntelIommu> {
    /** The requester id of the first device, at 00:01.0. */
    static final int GPU = 8;

    final IntelIommu intel0;

    IntelRig(DeviceOptions options) {
        this(options, IommuOptions.DEFAULT);
    }

    IntelRig(DeviceOptions options, IommuOptions sizes) {
        super(options, iommus -> new IntelIommu(iommus, "intel0", sizes));
        intel0 = unit;
    }

    /** Changes the entry of a level for an address. */
    void entry(long address, int level, long entry) {
        tables.entry(table(address, level), address, level, entry);
    }

    // ---------------------------------------------------------------- the scalable-mode tables, by hand

    ScalableTables scalable() {
        return intel0.tables();
    }

    ContextEntry context() {
        return scalable().context(gpu);
    }

    long directoryEntry() {
        return scalable().directoryEntry(context(), PASID);
    }

    long pasidEntry() {
        return scalable().pasidEntry(scalable().word(directoryEntry()), PASID);
    }

    /** Changes some bits of a word of memory. */
    void set(long address, long bits) {
        scalable().word(address, scalable().word(address) | bits);
    }

    void put(long address, long value) {
        scalable().word(address, value);
    }

    // ---------------------------------------------------------------- running

    /** Invalidates a range in the IOMMU and in the device, with one wait behind both. */
    @Override
    public List<Step> flush(long start, long end) {
        List<Step> steps = new ArrayList<>(intel0.flushIotlb(PASID, start, end));
        steps.addAll(intel0.flushAtc(gpu.number(), PASID, start, end));
        steps.addAll(intel0.sync());
        return steps;
    }
}
