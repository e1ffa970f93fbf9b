package dev.shootdown.iommu;

/** What a translation request is answered where nothing translates: PCIe ATS 10.2.3. */
public enum Answer {
    /** Success, with neither R nor W: not now; the device may ask for the page. Faults of this kind are not logged. */
    EMPTY,
    /** Unsupported Request: the access ends, and the IOMMU logs why. */
    UNSUPPORTED,
    /** Completer Abort: the access ends, and the IOMMU logs why. */
    ABORT
}
