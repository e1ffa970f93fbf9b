package dev.shootdown.iommu.riscv;

/**
 * What an IOMMU of RISC-V's can do, and how software has set it up, where that decides which commands are legal and
 * what its tables look like: registers {@code capabilities}, {@code fctl} and {@code ddtp.iommu_mode}. It always has
 * ATS, page requests, 20-bit process ids and hardware updates of A and D bits.
 *
 * @param levels   of the device directory: 1, 2 or 3 (ddtp.iommu_mode 1LVL, 2LVL, 3LVL)
 * @param extended MSI_FLAT: device contexts have 64 bytes, not 32
 * @param nonLeaf  NL: an invalidation of an address may take pointers to tables along
 * @param ranges   S: an invalidation may name an aligned power of two of pages
 * @param wire     fctl.WSI: interrupts are wires, so that a fence may raise one
 * @param secondStage Sv48x4: translations may be nested
 */
public record Capabilities(int levels, boolean extended, boolean nonLeaf, boolean ranges, boolean wire, boolean secondStage) {
    /**
     * Three levels and the extended format. NL, because without it every flush that frees a table has to drop the
     * whole address space; no S, so that ranges are as Linux sends them: page by page.
     */
    public static final Capabilities DEFAULT = new Capabilities(3, true, true, false, true, false);

    /** ddtp.iommu_mode: all inbound transactions are disallowed. */
    public static final int OFF = 0;
    /** ddtp.iommu_mode: nothing is translated. */
    public static final int BARE = 1;

    private static final int DEVICE_ID_BITS = 24;
    private static final int NON_LEAF_BITS = 9;

    public Capabilities {
        if (levels < 1 || levels > 3) {
            throw new IllegalArgumentException("a device directory has 1 to 3 levels");
        }
    }

    public Capabilities levels(int count) {
        return new Capabilities(count, extended, nonLeaf, ranges, wire, secondStage);
    }

    public Capabilities extended(boolean on) {
        return new Capabilities(levels, on, nonLeaf, ranges, wire, secondStage);
    }

    public Capabilities nonLeaf(boolean on) {
        return new Capabilities(levels, extended, on, ranges, wire, secondStage);
    }

    public Capabilities ranges(boolean on) {
        return new Capabilities(levels, extended, nonLeaf, on, wire, secondStage);
    }

    public Capabilities wire(boolean on) {
        return new Capabilities(levels, extended, nonLeaf, ranges, on, secondStage);
    }

    public Capabilities secondStage(boolean on) {
        return new Capabilities(levels, extended, nonLeaf, ranges, wire, on);
    }

    /** ddtp.iommu_mode for that many levels: 2, 3 or 4. */
    public int mode() {
        return BARE + levels;
    }

    /** How many bits of a device id the directory's levels can tell apart. */
    public int deviceIdBits() {
        return Math.min(leafBits() + NON_LEAF_BITS * (levels - 1), DEVICE_ID_BITS);
    }

    /** The bits of a device id that find its context in the last table: DDI[0]. */
    int leafBits() {
        return extended ? 6 : 7;
    }

    /** Where the bits of a level's index begin in a device id; level 0 is the last table. */
    int indexShift(int level) {
        return level == 0 ? 0 : leafBits() + NON_LEAF_BITS * (level - 1);
    }
}
