package dev.shootdown.iommu;

import java.util.List;

/** A vendor's command, as a driver means it; its words are what goes into the ring. */
public interface Command extends Ring.Slot {
    /** The vendor's own name for it. */
    String name();

    /** Its encoding, for the trace. */
    List<Long> words();

    /** The first byte that it covers, or null. */
    default Long start() {
        return null;
    }

    /** The end of the bytes that it covers, or null. */
    default Long end() {
        return null;
    }

    /** The PASID that it is about, or null. */
    default Integer addressSpace() {
        return null;
    }

    /** The requester id of the device that it is about, or null. */
    default Integer requester() {
        return null;
    }
}
