package dev.shootdown.iommu;

/**
 * In what the kernel's IOMMU drivers differ from version to version, where that shows.
 *
 * @param oneBlock whether Intel's covers a range by one aligned block (6.10 and later)
 * @param explains whether it says what an SMMU's event record means, beside its words
 * @param restarts whether AMD's restarts a page-request log that has lost something (amd_iommu_restart_ppr_log, 6.6 and later)
 * @param checksPpr whether AMD's looks at page requests before it passes them on (ppr_is_valid, 6.10 and later)
 * @param domains  whether AMD's gives each device's guest translations a domain of their own (6.10 and later); otherwise all behind one IOMMU
 *                 have one here
 * @param format   in which form what was logged is printed
 */
public record DriverEra(boolean oneBlock, boolean explains, boolean restarts, boolean checksPpr, boolean domains,
        LogFormat format) {
    /** The newest. */
    public static final DriverEra NEWEST = new DriverEra(true, true, true, true, true, LogFormat.LINUX_6);

    public DriverEra oneBlock(boolean on) {
        return new DriverEra(on, explains, restarts, checksPpr, domains, format);
    }

    public DriverEra explains(boolean on) {
        return new DriverEra(oneBlock, on, restarts, checksPpr, domains, format);
    }

    public DriverEra restarts(boolean on) {
        return new DriverEra(oneBlock, explains, on, checksPpr, domains, format);
    }

    public DriverEra checksPpr(boolean on) {
        return new DriverEra(oneBlock, explains, restarts, on, domains, format);
    }

    public DriverEra format(LogFormat how) {
        return new DriverEra(oneBlock, explains, restarts, checksPpr, domains, how);
    }

    public DriverEra domains(boolean on) {
        return new DriverEra(oneBlock, explains, restarts, checksPpr, on, format);
    }
}
