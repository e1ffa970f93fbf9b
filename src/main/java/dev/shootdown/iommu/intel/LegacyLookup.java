package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.memory.Frames;

/**
 * What hardware finds for a request without a PASID where the root table address says that the tables are legacy mode's (VT-d 9.1,
 * 9.3, 7.1.3). Nothing is kept: each request has its entries read.
 */
final class LegacyLookup {
    private static final int DEVICES_AND_FUNCTIONS = 256;

    private final ScalableTables tables;
    /** Whether the capabilities name an address width (CAP.SAGAW) at all. */
    private final boolean secondStage;

    LegacyLookup(ScalableTables tables, boolean secondStage) {
        this.tables = tables;
        this.secondStage = secondStage;
    }

    /** The reason for which a request is blocked, or null. */
    FaultReason find(Endpoint endpoint, Request request) {
        if (!tables.reachable()) {
            return FaultReason.LEGACY_ROOT_ACCESS;
        }
        long at = tables.busEntry(ScalableTables.requester(endpoint));
        RootEntry root = RootEntry.decode(tables.word(at));
        if (!root.present()) {
            return FaultReason.LEGACY_ROOT_NOT_PRESENT;
        }
        if (RootEntry.reserved(tables.word(at)) || tables.word(at + Long.BYTES) != 0) {
            return FaultReason.LEGACY_ROOT_RESERVED;
        }
        return tables.memory(root.table()) ? wrong(place(endpoint, root), request) : FaultReason.LEGACY_CONTEXT_ACCESS;
    }

    private FaultReason wrong(long place, Request request) {
        LegacyContextEntry entry = decode(place);
        if (!entry.present()) {
            return FaultReason.LEGACY_CONTEXT_NOT_PRESENT;
        }
        if (LegacyContextEntry.reserved(tables.word(place), tables.word(place + Long.BYTES))) {
            return FaultReason.LEGACY_CONTEXT_RESERVED;
        }
        boolean passes = entry.translation() == LegacyContextEntry.PASS_THROUGH;
        boolean walks = entry.translation() < LegacyContextEntry.PASS_THROUGH && tables.memory(entry.second());
        if (!secondStage || entry.width() != LegacyContextEntry.FOUR_LEVELS || !passes && !walks) {
            return FaultReason.LEGACY_CONTEXT_INVALID;
        }
        boolean blocked = request != Request.UNTRANSLATED && entry.translation() != LegacyContextEntry.DEVICE_TLB;
        return blocked ? FaultReason.LEGACY_BLOCKED : null;
    }

    /** A device's entry, as it stands in memory; of zeros where none can be reached. */
    LegacyContextEntry entry(Endpoint endpoint) {
        RootEntry root = RootEntry.decode(tables.word(tables.busEntry(ScalableTables.requester(endpoint))));
        boolean there = tables.reachable() && root.present() && tables.memory(root.table());
        return there ? decode(place(endpoint, root)) : LegacyContextEntry.decode(0, 0);
    }

    private static long place(Endpoint endpoint, RootEntry root) {
        int index = ScalableTables.requester(endpoint) % DEVICES_AND_FUNCTIONS;
        return (root.table() & -Frames.PAGE_SIZE) + (long) index * LegacyContextEntry.WORDS * Long.BYTES;
    }

    private LegacyContextEntry decode(long place) {
        return LegacyContextEntry.decode(tables.word(place), tables.word(place + Long.BYTES));
    }
}
