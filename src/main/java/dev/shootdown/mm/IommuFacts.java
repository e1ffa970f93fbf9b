package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/** What the IOMMUs' drivers do. A part of {@link KernelVersion}. */
public sealed interface IommuFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** drivers/iommu/intel/cache.c: calculate_psi_aligned_address, 6.10 and later; before that svm.c rounds the page count up. */
    default boolean iommuCoversByOneBlock() {
        return this == V6_18;
    }

    /** drivers/iommu/amd/ppr.c: amd_iommu_restart_ppr_log, 6.6 and later; before, a log that had overflowed stayed so. */
    default boolean amdRestartsRequestLog() {
        return this == V6_6 || this == V6_18;
    }

    /** drivers/iommu/amd/ppr.c: ppr_is_valid, 6.10 and later. */
    default boolean amdChecksRequests() {
        return this == V6_18;
    }

    /** drivers/iommu/amd/iommu.c: gcr3_info.domid: each device's guest translations have a domain of their own, 6.10 and later. */
    default boolean amdGivesDevicesDomains() {
        return this == V6_18;
    }

    /** drivers/iommu/amd_iommu.c: iommu_print_event names PASIDs and pads no addresses, 4.18 and later; intel/dmar.c likewise, 5.17. */
    default boolean iommuLogsPasids() {
        return hasReasons();
    }

    /** drivers/iommu/amd_iommu.c: amd_iommu_report_page_fault, 4.13 and later; dmar.c: pr_fmt and faults of one line, 4.2 and later. */
    default boolean iommuFaultsAreTheDevices() {
        return this != V3_16 && this != V3_19;
    }

    /** arm-smmu-v3.c: arm_smmu_dump_event says what a record means, 6.14 and later; before, four words. */
    default boolean smmuExplainsEvents() {
        return this == V6_18;
    }
}
