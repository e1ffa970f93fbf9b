package dev.shootdown.iommu;

/**
 * What becomes of the invalidation when a device's mapping is taken away: iommu_dma_init_fq(), or where that fails
 * iommu_dma_init_domain(), which makes the domain a strict one.
 *
 * @param lazy    whether it is put off until a flush of everything, the addresses being kept from use until then
 * @param entries of one flush queue
 * @param single  whether there is one queue for all CPUs
 */
public record Unmapping(boolean lazy, int entries, boolean single) {
    /** IOVA_DEFAULT_FQ_SIZE. */
    public static final int DEFAULT_ENTRIES = 256;

    /** IOVA_SINGLE_FQ_SIZE. */
    public static final int SINGLE_ENTRIES = 32_768;

    /** Each unmapping invalidates, and waits for it. */
    public static final Unmapping STRICT = new Unmapping(false, DEFAULT_ENTRIES, false);

    public Unmapping {
        if (entries < 2) {
            throw new IllegalArgumentException("a flush queue holds one entry fewer than it is long");
        }
    }
}
