package dev.shootdown.machine;

/**
 * What {@code machine { ... }} says.
 *
 * @param kernel    one of the modelled versions: {@code 3.16}
 * @param cpus      from 1 to 64
 * @param memory    bytes
 * @param levels    of page tables: 4 or 5
 * @param thp       transparent huge pages: always, madvise, never
 * @param swap      bytes; 0 is none
 * @param nodes     NUMA nodes, the CPUs dealt out to them in turn
 * @param hugepages pages of 2 MiB in the hugetlb pool
 * @param lru       classic or mglru
 */
public record Configuration(String kernel, int cpus, long memory, int levels, String thp, long swap, int nodes, int hugepages, String lru) {
    /** What holds where nothing is said. */
    public static Configuration standard() {
        return new Configuration("6.18", 2, 4L << 30, 4, "never", 0, 1, 0, "classic");
    }

    /** The same with another kernel. */
    public Configuration kernel(String version) {
        return new Configuration(version, cpus, memory, levels, thp, swap, nodes, hugepages, lru);
    }
}
