package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/** A driver points a device's PASID at a top table, or at none. */
@Cites("drivers/iommu/amd_iommu.c: __set_gcr3, __clear_gcr3, 3.16-6.18; intel/pasid.c: intel_pasid_setup_first_level; arm-smmu-v3.c: arm_smmu_write_cd_entry")
public record SetTable(int iommu, int device, int pasid, long root) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        Endpoint endpoint = turn.part(Iommus.class).endpoint(device);
        List<Step> behind = iommu.replaced(endpoint, pasid);
        iommu.table(endpoint, pasid, root);
        turn.then(behind);
    }
}
