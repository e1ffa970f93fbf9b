package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A driver points a device's PASID at a top table, or at none. */
@Cites("drivers/iommu/amd_iommu.c: __set_gcr3, __clear_gcr3, 3.16-6.18; intel/pasid.c: intel_pasid_setup_first_level; arm-smmu-v3.c: arm_smmu_write_cd_entry")
public record SetTable(int iommu, int device, int pasid, long root) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.table(turn.part(Iommus.class).endpoint(device), pasid, root);
    }
}
