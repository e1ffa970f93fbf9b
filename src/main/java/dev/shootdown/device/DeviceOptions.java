package dev.shootdown.device;

/**
 * What a device can do.
 *
 * @param ats       asks for translations and keeps them
 * @param pri       asks for pages that are not there
 * @param atc       translations that it keeps
 * @param credits   page requests that it may have outstanding
 * @param retries   page requests after the first one, each answered Success, that it makes for one page of one
 *                  access before it gives up
 * @param unlimited never gives up
 * @param silent    never completes what asks it to invalidate, nor obeys it
 * @param untrusted anybody may plug it in (pci_dev.untrusted), so that it is never served lazily
 * @param group     page requests that it makes at once, where an access needs that many pages
 * @param tags      invalidations that it may be asked for and not have completed; fewer than {@link #TAGS} are counted
 * @param prefetch  pages behind the one that it needs, whose translations it asks for too
 * @param stall     its faulting accesses wait in the IOMMU; not with ATS, since PCIe cannot stall
 * @param pasidWithTranslated the PASID goes with addresses that it has had translated, too
 */
public record DeviceOptions(boolean ats, boolean pri, int atc, int credits, int retries, boolean unlimited,
        boolean silent, boolean stall, boolean untrusted, int group, int tags, int prefetch,
        boolean pasidWithTranslated) {
    /** PCIe ATS: an ITag has five bits. */
    public static final int TAGS = 32;

    /** As the language has it where nothing is said. */
    public static final DeviceOptions DEFAULT = new DeviceOptions(false, false, 64, 32, 3, false, false, false, false, 1, TAGS, 0, false);

    public DeviceOptions {
        if (atc < 1 || credits < 1 || retries < 0 || group < 1 || tags < 1 || prefetch < 0) {
            throw new IllegalArgumentException("an ATC, credits or retries of a device are too few");
        }
        if (stall && ats) {
            throw new IllegalArgumentException("a device with ATS does not stall");
        }
    }

    public DeviceOptions ats(boolean on) {
        return new DeviceOptions(on, pri, atc, credits, retries, unlimited, silent, stall, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions pri(boolean on) {
        return new DeviceOptions(ats, on, atc, credits, retries, unlimited, silent, stall, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions atc(int entries) {
        return new DeviceOptions(ats, pri, entries, credits, retries, unlimited, silent, stall, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions credits(int count) {
        return new DeviceOptions(ats, pri, atc, count, retries, unlimited, silent, stall, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions retries(int count) {
        return new DeviceOptions(ats, pri, atc, credits, count, unlimited, silent, stall, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions unlimited(boolean on) {
        return new DeviceOptions(ats, pri, atc, credits, retries, on, silent, stall, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions silent(boolean on) {
        return new DeviceOptions(ats, pri, atc, credits, retries, unlimited, on, stall, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions stall(boolean on) {
        return new DeviceOptions(ats, pri, atc, credits, retries, unlimited, silent, on, untrusted, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions untrusted(boolean on) {
        return new DeviceOptions(ats, pri, atc, credits, retries, unlimited, silent, stall, on, group, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions group(int requests) {
        return new DeviceOptions(ats, pri, atc, credits, retries, unlimited, silent, stall, untrusted, requests, tags, prefetch, pasidWithTranslated);
    }

    public DeviceOptions prefetch(int pages) {
        return new DeviceOptions(ats, pri, atc, credits, retries, unlimited, silent, stall, untrusted, group, tags, pages, pasidWithTranslated);
    }

    public DeviceOptions tags(int count) {
        return new DeviceOptions(ats, pri, atc, credits, retries, unlimited, silent, stall, untrusted, group, count, prefetch, pasidWithTranslated);
    }

    public DeviceOptions pasidWithTranslated(boolean on) {
        return new DeviceOptions(ats, pri, atc, credits, retries, unlimited, silent, stall, untrusted, group, tags, prefetch, on);
    }
}
