package dev.shootdown.machine;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.amd.AmdIommu;
import dev.shootdown.iommu.arm.ArmIommu;
import dev.shootdown.iommu.intel.IntelIommu;
import dev.shootdown.iommu.riscv.RiscvIommu;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Who makes IOMMUs that the model knows: the one place that says which class each is. */
public enum Vendor {
    AMD(AmdIommu::new),
    INTEL(IntelIommu::new),
    ARM(ArmIommu::new),
    RISCV(RiscvIommu::new);

    private interface Factory {
        Iommu make(Iommus iommus, String name, IommuOptions options);
    }

    private final Factory factory;

    Vendor(Factory factory) {
        this.factory = factory;
    }

    /** As {@code vendor=} has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> words() {
        return Stream.of(values()).map(Vendor::word).toList();
    }

    /** The vendor of this word, or null. */
    public static Vendor of(String word) {
        return Stream.of(values()).filter(vendor -> vendor.word().equals(word)).findFirst().orElse(null);
    }

    Iommu make(Iommus iommus, String name, IommuOptions options) {
        return factory.make(iommus, name, options);
    }
}
