package dev.shootdown.device;

import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.amd.AmdIommu;

/** A machine of one AMD IOMMU, devices, a thread and a hand-built page table, with a memory of what it emitted. */
public final class Rig extends UnitRig<AmdIommu> {
    public final AmdIommu amd0;

    public Rig(DeviceOptions options) {
        this(options, IommuOptions.DEFAULT);
    }

    public Rig(DeviceOptions options, IommuOptions sizes) {
        super(options, iommus -> new AmdIommu(iommus, "amd0", sizes));
        amd0 = unit;
    }
}
