package dev.shootdown.lang.word;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The commands that IOMMUs take, by their vendors' own names: AMD 48882 2.4, VT-d 6.5.2, SMMUv3 4, RISC-V IOMMU 3.1.
 * They are known, so that a script may be checked, and not carried out yet.
 */
final class VendorVerbs {
    private static final Map<String, List<String>> COMMANDS = Map.of(
            "amd", List.of("COMPLETION_WAIT", "INVALIDATE_DEVTAB_ENTRY", "INVALIDATE_IOMMU_PAGES", "INVALIDATE_IOTLB_PAGES",
                    "INVALIDATE_INTERRUPT_TABLE", "PREFETCH_IOMMU_PAGES", "COMPLETE_PPR_REQUEST", "INVALIDATE_IOMMU_ALL"),
            "arm", List.of("CMD_PREFETCH_CONFIG", "CMD_PREFETCH_ADDR", "CMD_CFGI_STE", "CMD_CFGI_STE_RANGE", "CMD_CFGI_CD", "CMD_CFGI_CD_ALL",
                    "CMD_TLBI_NH_ALL", "CMD_TLBI_NH_ASID", "CMD_TLBI_NH_VA", "CMD_TLBI_NH_VAA", "CMD_TLBI_NSNH_ALL",
                    "CMD_TLBI_S12_VMALL", "CMD_TLBI_S2_IPA", "CMD_ATC_INV", "CMD_PRI_RESP", "CMD_RESUME", "CMD_SYNC"),
            "intel", List.of("context_cache_invalidate", "iotlb_invalidate", "device_tlb_invalidate", "interrupt_entry_cache_invalidate",
                    "invalidation_wait", "piotlb_invalidate", "pasid_cache_invalidate", "pasid_device_tlb_invalidate",
                    "page_group_response", "page_stream_response"),
            "riscv", List.of("IOTINVAL.VMA", "IOTINVAL.GVMA", "IOFENCE.C", "IODIR.INVAL_DDT", "IODIR.INVAL_PDT", "ATS.INVAL", "ATS.PRGR"));

    private VendorVerbs() {}

    static List<Verb> all() {
        return COMMANDS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(vendor -> vendor.getValue().stream().map(name -> command(vendor.getKey(), name)))
                .toList();
    }

    private static Verb command(String vendor, String name) {
        String plain = name.replace('.', '_');
        return Verb.of(DeviceVerbs.IOMMU, plain, "The command " + name + " of " + vendor + ", sent as it is.")
                .alias(plain.toLowerCase(Locale.ROOT), plain.toUpperCase(Locale.ROOT));
    }
}
