package dev.shootdown.iommu;

/**
 * How large an IOMMU's parts are.
 *
 * @param commands  entries of the command ring
 * @param requests  entries of the page-request log
 * @param events    entries of the event log
 * @param iotlb     translations that the IOTLB holds
 * @param automatic whether the hardware answers a request itself that finds the log full, with Success
 * @param era       whose driver it is, of those that the kernel has had
 * @param ranges    whether an SMMU invalidates ranges (IDR3.RIL); otherwise page by page
 * @param deniesPri whether an SMMU's driver denies page requests, as Linux's does; otherwise it serves them
 * @param unmapping what dma_unmap does about invalidation
 * @param nested    whether processes' tables are a guest's, and walked through a second stage
 */
public record IommuOptions(int commands, int requests, int events, int iotlb, boolean automatic, DriverEra era,
        boolean ranges, boolean deniesPri, Unmapping unmapping, boolean nested) {
    /** As Linux sets AMD's up: rings of 512 entries, no automatic responses. */
    public static final IommuOptions DEFAULT =
            new IommuOptions(512, 512, 512, 64, false, DriverEra.NEWEST, true, false, Unmapping.STRICT, false);

    /** The smallest command ring: Linux leaves three slots free. */
    public static final int LEAST_COMMANDS = 4;

    /** The smallest log: one slot stays free. */
    public static final int LEAST_LOG = 2;

    public IommuOptions {
        if (commands < LEAST_COMMANDS || requests < LEAST_LOG || events < LEAST_LOG || iotlb < 1) {
            throw new IllegalArgumentException("a ring or cache of an IOMMU is too small");
        }
    }

    public IommuOptions commands(int entries) {
        return new IommuOptions(entries, requests, events, iotlb, automatic, era, ranges, deniesPri, unmapping, nested);
    }

    public IommuOptions requests(int entries) {
        return new IommuOptions(commands, entries, events, iotlb, automatic, era, ranges, deniesPri, unmapping, nested);
    }

    public IommuOptions events(int entries) {
        return new IommuOptions(commands, requests, entries, iotlb, automatic, era, ranges, deniesPri, unmapping, nested);
    }

    public IommuOptions iotlb(int entries) {
        return new IommuOptions(commands, requests, events, entries, automatic, era, ranges, deniesPri, unmapping, nested);
    }

    public IommuOptions automatic(boolean on) {
        return new IommuOptions(commands, requests, events, iotlb, on, era, ranges, deniesPri, unmapping, nested);
    }

    public IommuOptions era(DriverEra whose) {
        return new IommuOptions(commands, requests, events, iotlb, automatic, whose, ranges, deniesPri, unmapping, nested);
    }

    public IommuOptions ranges(boolean on) {
        return new IommuOptions(commands, requests, events, iotlb, automatic, era, on, deniesPri, unmapping, nested);
    }

    public IommuOptions deniesPri(boolean on) {
        return new IommuOptions(commands, requests, events, iotlb, automatic, era, ranges, on, unmapping, nested);
    }

    public IommuOptions unmapping(Unmapping how) {
        return new IommuOptions(commands, requests, events, iotlb, automatic, era, ranges, deniesPri, how, nested);
    }

    public IommuOptions nested(boolean on) {
        return new IommuOptions(commands, requests, events, iotlb, automatic, era, ranges, deniesPri, unmapping, on);
    }
}
