package dev.shootdown.lang;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;

/** How small and how large the numbers of options may be. */
enum Limits {
    CPUS("cpus", 1, 64),
    LEVELS("levels", 4, 5),
    MEMORY("memory", 1L << 20, 1L << 46),
    SWAP("swap", 0, 1L << 46),
    NODES("nodes", 1, 64),
    HUGEPAGES("hugepages", 0, 1L << 24),
    MAX_MAP_COUNT("max_map_count", 1, Integer.MAX_VALUE),
    COMMIT_LIMIT("commit_limit", 0, 1L << 50),
    RLIMIT_AS("rlimit_as", 0, 1L << 62),
    RLIMIT_DATA("rlimit_data", 0, 1L << 62),
    RLIMIT_MEMLOCK("rlimit_memlock", 0, 1L << 62),
    FLUSH_QUEUE("flush_queue", 2, 32_768),
    QUEUE("queue", 4, 32_768),
    REQUESTS("requests", 2, 32_768),
    IOTLB("iotlb", 1, 65_536),
    ATC("atc", 1, 65_536),
    CREDITS("credits", 1, 512),
    PRG("prg", 1, 512),
    /** PCIe ATS: an ITag has five bits. */
    ITAGS("itags", 1, 32),
    PREFETCH("prefetch", 0, 512),
    RETRIES("retries", 0, 1_000_000),
    /** 0 is traffic without a PASID; Linux limits the rest to 16 bits (drivers/iommu/iommu-sva.c: iommu_alloc_global_pasid). */
    VALUE("value", 0, 255),
    PASID("pasid", 1, 65_535),
    /** Below the end of the smaller user address space: what 4 levels map. */
    HEAP("heap", 1L << 16, (1L << 47) - (1L << 30)),
    /** RISC-V IOMMU: 16 bits. */
    GSCID("gscid", 0, 65_535),
    /** PCIe PRI: a 9-bit PRG index, a 4-bit response code. */
    GROUP("group", 0, 511),
    CODE("code", 0, 15),
    /** Arm SMMUv3: the fields of its commands. */
    ASID("asid", 0, 65_535),
    VMID("vmid", 0, 65_535),
    STAG("stag", 0, 65_535),
    RESP("resp", 0, 3),
    RANGE("range", 0, 31),
    TIMES("repeat", 0, 1_000_000);

    private static final String UNITS = "KMGT";

    private final String name;
    private final long least;
    private final long most;

    Limits(String name, long least, long most) {
        this.name = name;
        this.least = least;
        this.most = most;
    }

    /** Refuses a number that is out of its option's bounds; options without bounds take any. */
    static void check(String name, long value, Span at) {
        for (Limits limit : values()) {
            if (limit.name.equals(name)) {
                limit.check(value, at);
            }
        }
    }

    void check(long value, Span at) {
        if (Long.compareUnsigned(value, least) < 0 || Long.compareUnsigned(value, most) > 0) {
            throw new Refusal(Diagnostic.error("out-of-range", at, name + " is from " + written(least) + " to " + written(most)));
        }
    }

    /** As a user would write it: 1M, 64T; large numbers that are no round ones in hexadecimal. */
    private static String written(long number) {
        int unit = Long.numberOfTrailingZeros(number) / 10;
        boolean round = number != 0 && unit > 0 && number >>> unit * 10 < 1024;
        if (round) {
            return (number >>> unit * 10) + UNITS.substring(unit - 1, unit);
        }
        return number > 1L << 32 ? "0x" + Long.toHexString(number) : Long.toString(number);
    }
}
