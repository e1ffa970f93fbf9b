package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Bits;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * What hardware finds in the scalable-mode tables for a request, and what it keeps of that: the context cache and the PASID cache,
 * with copies of entries that are present and right.
 */
final class TableLookup {
    private static final int PASID_BITS = 20;
    private static final int GROUP = 2;
    /** In the copy of a PASID-table entry: the generation that the table's frame had. */
    private static final int BORN = 3;
    private static final long PRESENT = 1;
    private static final long QUIET = 1L << 1;
    private static final long DIRECTORY_RESERVED = Bits.ones(2, 10);

    private final ScalableTables tables;
    private final LegacyLookup legacy;
    private final Cells contexts;
    private final Cells pasids;
    private final boolean nested;
    private final boolean fiveLevels;

    /**
     * @param nested whether there is a second stage
     * @param levels of the first-stage tables that it can walk
     */
    TableLookup(World world, String iommu, ScalableTables tables, boolean nested, int levels) {
        this.tables = tables;
        this.legacy = new LegacyLookup(tables, nested);
        this.contexts = world.cells(iommu + ".context_cache", Role.STATE, GROUP);
        this.pasids = world.cells(iommu + ".pasid_cache", Role.STATE, GROUP);
        this.nested = nested;
        this.fiveLevels = levels > 4;
    }

    /**
     * The reason for which a request is blocked before any page table is looked at, or null. Copies what it finds present on its way.
     *
     * @param pasid that it carries; 0 for none
     * @param born  the generation that the top table's frame had when software wrote the PASID's entry
     */
    FaultReason find(Endpoint endpoint, int pasid, Request request, long born) {
        RootTableAddress.Mode mode = tables.mode();
        if (mode != RootTableAddress.Mode.SCALABLE) {
            return otherwise(mode, endpoint, pasid, request);
        }
        FaultReason wrong = loadContext(endpoint);
        if (wrong != null) {
            return wrong;
        }
        ContextEntry context = cachedContext(endpoint);
        wrong = allowed(context, pasid, request);
        return wrong != null || request == Request.TRANSLATED ? wrong : loadPasid(endpoint, context, pasid == 0 ? context.ridPasid() : pasid, born);
    }

    private FaultReason otherwise(RootTableAddress.Mode mode, Endpoint endpoint, int pasid, Request request) {
        return switch (mode) {
            case LEGACY -> request == Request.PAGE ? FaultReason.LEGACY_PAGE_REQUEST
                    : pasid != 0 ? FaultReason.LEGACY_WITH_PASID : legacy.find(endpoint, request);
            case SCALABLE -> null;
            case RESERVED -> FaultReason.ROOT_ADDRESS_INVALID;
            case ABORT_DMA -> FaultReason.ABORT_DMA;
        };
    }

    private static FaultReason allowed(ContextEntry context, int pasid, Request request) {
        boolean asks = request == Request.TRANSLATION || request == Request.TRANSLATED;
        if (asks && !context.deviceTlb()) {
            return FaultReason.DEVICE_TLB_DISABLED;
        }
        FaultReason wrong = pasid == 0 ? null : allowed(context, pasid);
        if (wrong != null) {
            return wrong;
        }
        if (request == Request.TRANSLATED && pasid != 0 && !context.translated()) {
            return FaultReason.TRANSLATED_WITH_PASID;
        }
        return request == Request.PAGE && !context.requests() ? FaultReason.PAGE_REQUEST_DISABLED : null;
    }

    private static FaultReason allowed(ContextEntry context, int pasid) {
        if (!context.pasids()) {
            return FaultReason.PASID_DISABLED;
        }
        if (!context.holds(pasid)) {
            return FaultReason.PASID_TOO_LARGE;
        }
        return pasid == context.ridPasid() ? FaultReason.PASID_IS_RID_PASID : null;
    }

    private FaultReason loadContext(Endpoint endpoint) {
        long slot = (long) endpoint.number() << GROUP;
        if (contexts.get(slot) != 0) {
            return null;
        }
        if (!tables.reachable()) {
            return FaultReason.ROOT_ACCESS;
        }
        long half = tables.word(tables.rootEntry(ScalableTables.requester(endpoint)));
        if (!RootEntry.decode(half).present()) {
            return FaultReason.ROOT_NOT_PRESENT;
        }
        if (RootEntry.reserved(half)) {
            return FaultReason.ROOT_RESERVED;
        }
        long at = tables.contextEntry(ScalableTables.requester(endpoint));
        return tables.memory(at) ? loadContext(slot, at) : FaultReason.CONTEXT_ACCESS;
    }

    private FaultReason loadContext(long slot, long at) {
        long low = tables.word(at);
        long high = tables.word(at + Long.BYTES);
        if ((low & PRESENT) == 0) {
            return FaultReason.CONTEXT_NOT_PRESENT;
        }
        if (ContextEntry.reserved(low, high, tables.word(at + 2 * Long.BYTES), tables.word(at + 3 * Long.BYTES))) {
            return FaultReason.CONTEXT_RESERVED;
        }
        if (ContextEntry.decode(low, high).inconsistent()) {
            return FaultReason.CONTEXT_INVALID;
        }
        contexts.set(slot, low);
        contexts.set(slot | 1, high);
        return null;
    }

    private ContextEntry cachedContext(Endpoint endpoint) {
        long slot = (long) endpoint.number() << GROUP;
        return ContextEntry.decode(contexts.get(slot), contexts.get(slot | 1));
    }

    private FaultReason loadPasid(Endpoint endpoint, ContextEntry context, int pasid, long born) {
        long slot = slot(endpoint, pasid);
        if (pasids.get(slot) != 0) {
            return null;
        }
        long at = tables.directoryEntry(context, pasid);
        if (!tables.memory(at)) {
            return FaultReason.DIRECTORY_ACCESS;
        }
        long directory = tables.word(at);
        if ((directory & PRESENT) == 0) {
            return FaultReason.DIRECTORY_NOT_PRESENT;
        }
        if ((directory & DIRECTORY_RESERVED) != 0) {
            return FaultReason.DIRECTORY_RESERVED;
        }
        long place = tables.pasidEntry(directory, pasid);
        return tables.memory(place) ? loadPasid(slot, place, born) : FaultReason.PASID_ACCESS;
    }

    private FaultReason loadPasid(long slot, long place, long born) {
        PasidEntry entry = tables.pasid(place);
        if (!entry.present()) {
            return FaultReason.PASID_NOT_PRESENT;
        }
        for (int i = 0; i < PasidEntry.WORDS; i++) {
            if (PasidEntry.reserved(tables.word(place + i * Long.BYTES), i)) {
                return FaultReason.PASID_RESERVED;
            }
        }
        FaultReason wrong = unusable(entry);
        if (wrong != null) {
            return wrong;
        }
        for (int i = 0; i < BORN; i++) {
            pasids.set(slot | i, entry.word(i));
        }
        pasids.set(slot | BORN, born);
        return null;
    }

    private FaultReason unusable(PasidEntry entry) {
        if (!entry.usable(nested, fiveLevels)) {
            return FaultReason.PASID_INVALID;
        }
        if (entry.secondStage() && !tables.memory(entry.second())) {
            return FaultReason.SECOND_STAGE_POINTER;
        }
        boolean host = entry.firstStage() && !entry.secondStage();
        return host && !tables.memory(entry.table()) ? FaultReason.ROOT_TABLE_ACCESS : null;
    }

    private static long slot(Endpoint endpoint, int pasid) {
        return ((long) endpoint.number() << PASID_BITS | pasid) << GROUP;
    }

    private long found(Endpoint endpoint, int pasid) {
        return slot(endpoint, pasid == 0 ? cachedContext(endpoint).ridPasid() : pasid);
    }

    // ---------------------------------------------------------------- what has been found

    /** Whether the tables are legacy mode's. */
    boolean legacy() {
        return tables.mode() == RootTableAddress.Mode.LEGACY;
    }

    /** The PASID's entry as {@link #find} has left it. */
    PasidEntry entry(Endpoint endpoint, int pasid) {
        long slot = found(endpoint, pasid);
        return PasidEntry.decode(pasids.get(slot), pasids.get(slot | 1), pasids.get(slot | 2));
    }

    /** The frame of the top table that {@link #find} has found, or how addresses go without one. */
    long root(Endpoint endpoint, int pasid) {
        if (legacy()) {
            return legacy.entry(endpoint).translation() == LegacyContextEntry.PASS_THROUGH ? Iommu.BYPASS : Iommu.IDENTITY;
        }
        PasidEntry entry = entry(endpoint, pasid);
        if (entry.firstStage()) {
            return entry.table() >>> Frames.PAGE_SHIFT;
        }
        return entry.secondStage() ? Iommu.IDENTITY : Iommu.BYPASS;
    }

    /** The generation that the top table's frame had when software wrote the PASID's entry. */
    long born(Endpoint endpoint, int pasid) {
        return pasids.get(found(endpoint, pasid) | BORN);
    }

    /**
     * Why an address that no first stage translates is blocked, or null: it is wider than the second stage or, where nothing
     * translates, than the host's; or interrupts are written to there.
     */
    FaultReason beyond(Endpoint endpoint, int pasid, long page) {
        boolean passes = root(endpoint, pasid) == Iommu.BYPASS;
        if (ScalableTables.beyond(page, passes ? ScalableTables.HOST_ADDRESS_BITS : PasidEntry.SECOND_STAGE_BITS)) {
            return legacy() ? FaultReason.LEGACY_ADDRESS_WIDTH : passes ? FaultReason.HOST_ADDRESS_WIDTH : FaultReason.SECOND_STAGE_ADDRESS_WIDTH;
        }
        boolean interrupts = passes && Request.of(endpoint) == Request.UNTRANSLATED && ScalableTables.interrupts(page);
        return !interrupts ? null : legacy() ? FaultReason.LEGACY_INTERRUPT_ADDRESS : FaultReason.INTERRUPT_ADDRESS;
    }

    /** Whether faults of this request are to be kept quiet: FPD in an entry on the way, be that present or not. */
    boolean quiet(Endpoint endpoint, int pasid) {
        if (legacy()) {
            return legacy.entry(endpoint).quiet();
        }
        long slot = (long) endpoint.number() << GROUP;
        ContextEntry context = contexts.get(slot) != 0 ? cachedContext(endpoint) : tables.context(endpoint);
        int index = pasid == 0 ? context.ridPasid() : pasid;
        long at = tables.directoryEntry(context, index);
        if (context.quiet() || !context.present() || !context.holds(index) || !tables.memory(at)) {
            return context.quiet();
        }
        long directory = tables.word(at);
        long place = tables.pasidEntry(directory, index);
        return (directory & QUIET) != 0 || (directory & PRESENT) != 0 && tables.memory(place) && (tables.word(place) & QUIET) != 0;
    }

    // ---------------------------------------------------------------- what invalidations drop

    void dropContext(Endpoint endpoint) {
        contexts.clear((long) endpoint.number() << GROUP, 1 << GROUP);
    }

    /** @param pasid negative for every one */
    void dropPasid(Endpoint endpoint, int pasid) {
        if (pasid < 0) {
            pasids.clear(slot(endpoint, 0), 1L << PASID_BITS + GROUP);
        } else {
            pasids.clear(slot(endpoint, pasid), 1 << GROUP);
        }
    }
}
