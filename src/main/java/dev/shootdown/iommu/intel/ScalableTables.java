package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * The scalable-mode tables in memory (root table, context tables, each device's PASID directory and PASID tables) and what
 * the hardware keeps copies of: context entries and PASID-table entries, present ones only.
 */
final class ScalableTables {
    private static final int PASID_BITS = 20;
    private static final int GROUP = 2;
    /** In the copy of a PASID-table entry: the generation that the table's frame had. */
    private static final int BORN = 3;
    /** A directory of 1024 entries, PDTS 3: the 16 bits of PASID that Linux uses. */
    private static final int DIRECTORY = 3;
    private static final int DIRECTORY_ORDER = 1;
    private static final long PRESENT = 1;
    private static final long QUIET = 1L << 1;
    private static final long DIRECTORY_RESERVED = Bits.ones(2, 10);
    private static final int FUNCTIONS_PER_TABLE = 128;
    private static final int FUNCTION_BITS = 8;

    private final Frames frames;
    private final long root;
    /** What the base register names instead of the root table, which is in no memory; 0 if it names the table. */
    private final Cell nowhere;
    private final Cells contexts;
    private final Cells pasids;
    private final boolean fiveLevels;

    ScalableTables(World world, String iommu, Frames frames, int levels) {
        this.frames = frames;
        this.root = frames.allocate(Use.KERNEL, 0);
        this.nowhere = world.cell(iommu + ".root_table_base");
        this.contexts = world.cells(iommu + ".context_cache", Role.STATE, GROUP);
        this.pasids = world.cells(iommu + ".pasid_cache", Role.STATE, GROUP);
        this.fiveLevels = levels > 4;
    }

    /** The physical address of the root table, as in the register at 0x20. */
    long address() {
        return root << Frames.PAGE_SHIFT;
    }

    /** Software writes that register: an address in no memory, or the table's own. */
    void address(long written) {
        nowhere.set(written == address() ? 0 : written);
    }

    // ---------------------------------------------------------------- what software writes

    /** Gives a device a context entry and an empty PASID directory. */
    void attach(Endpoint endpoint) {
        long directory = frames.allocate(Use.KERNEL, 0, DIRECTORY_ORDER) << Frames.PAGE_SHIFT;
        int requester = requester(endpoint);
        if (!RootEntry.decode(word(rootEntry(requester))).present()) {
            word(rootEntry(requester), new RootEntry(true, frames.allocate(Use.KERNEL, 0) << Frames.PAGE_SHIFT).encode());
        }
        write(endpoint, new ContextEntry(true, false, endpoint.hasAts(), true, endpoint.pri(), DIRECTORY, directory, 0));
    }

    void write(Endpoint endpoint, ContextEntry entry) {
        for (int i = 0; i < ContextEntry.WORDS; i++) {
            word(contextEntry(requester(endpoint)) + i * Long.BYTES, entry.word(i));
        }
    }

    /** Points a PASID at a top table, 0 for none; makes a PASID table where there is none. */
    void table(Endpoint endpoint, int pasid, long top, int domain, long second) {
        long at = directoryEntry(context(endpoint), pasid);
        if ((word(at) & PRESENT) == 0) {
            word(at, frames.allocate(Use.KERNEL, 0) << Frames.PAGE_SHIFT | PRESENT);
        }
        PasidEntry entry = PasidEntry.of(top << Frames.PAGE_SHIFT, domain, fiveLevels, second << Frames.PAGE_SHIFT);
        long place = pasidEntry(word(at), pasid);
        for (int i = 0; i < PasidEntry.WORDS; i++) {
            word(place + i * Long.BYTES, top == 0 ? 0 : entry.word(i));
        }
    }

    /** Whether a PASID's entry in memory is present. */
    boolean present(Endpoint endpoint, int pasid) {
        long directory = word(directoryEntry(context(endpoint), pasid));
        return (directory & PRESENT) != 0 && (word(pasidEntry(directory, pasid)) & PRESENT) != 0;
    }

    /** The context entry as software sees it. */
    ContextEntry context(Endpoint endpoint) {
        long at = contextEntry(requester(endpoint));
        return ContextEntry.decode(word(at), word(at + Long.BYTES));
    }

    // ---------------------------------------------------------------- places, as physical addresses

    long rootEntry(int requester) {
        int half = requester % (1 << FUNCTION_BITS) / FUNCTIONS_PER_TABLE;
        return address() + (requester >>> FUNCTION_BITS) * 2L * Long.BYTES + (long) half * Long.BYTES;
    }

    long contextEntry(int requester) {
        long table = RootEntry.decode(word(rootEntry(requester))).table();
        return table + (long) requester % FUNCTIONS_PER_TABLE * ContextEntry.WORDS * Long.BYTES;
    }

    long directoryEntry(ContextEntry context, int pasid) {
        return context.table() + (long) (pasid >>> PasidEntry.INDEX_BITS) * Long.BYTES;
    }

    /** @param entry the directory's entry */
    long pasidEntry(long entry, int pasid) {
        return (entry & -Frames.PAGE_SIZE) + (long) (pasid & (1 << PasidEntry.INDEX_BITS) - 1) * PasidEntry.WORDS * Long.BYTES;
    }

    private static int requester(Endpoint endpoint) {
        return Iommus.requester(endpoint.number());
    }

    long word(long address) {
        return frames.word(address >>> Frames.PAGE_SHIFT, (int) (address >>> 3) & Frames.WORDS - 1);
    }

    void word(long address, long value) {
        frames.word(address >>> Frames.PAGE_SHIFT, (int) (address >>> 3) & Frames.WORDS - 1, value);
    }

    private boolean memory(long address) {
        return address >>> Frames.PAGE_SHIFT < frames.count();
    }

    // ---------------------------------------------------------------- what hardware finds

    /**
     * The reason for which a request does not get to a page table, or null. Copies what it finds present on its way.
     *
     * @param born the generation that the top table's frame had when software wrote the PASID's entry
     */
    FaultReason find(Endpoint endpoint, int pasid, long born) {
        FaultReason wrong = loadContext(endpoint);
        if (wrong != null) {
            return wrong;
        }
        ContextEntry context = cachedContext(endpoint);
        wrong = allowed(context, endpoint, pasid);
        return wrong == null ? loadPasid(endpoint, context, pasid == 0 ? context.ridPasid() : pasid, born) : wrong;
    }

    private static FaultReason allowed(ContextEntry context, Endpoint endpoint, int pasid) {
        if (endpoint.ats() && !context.deviceTlb()) {
            return FaultReason.DEVICE_TLB_DISABLED;
        }
        if (pasid == 0) {
            return null;
        }
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
        if (nowhere.get() != 0) {
            return FaultReason.ROOT_ACCESS;
        }
        long half = word(rootEntry(requester(endpoint)));
        if (!RootEntry.decode(half).present()) {
            return FaultReason.ROOT_NOT_PRESENT;
        }
        if (RootEntry.reserved(half)) {
            return FaultReason.ROOT_RESERVED;
        }
        long at = contextEntry(requester(endpoint));
        if (!memory(at)) {
            return FaultReason.CONTEXT_ACCESS;
        }
        long low = word(at);
        long high = word(at + Long.BYTES);
        if ((low & PRESENT) == 0) {
            return FaultReason.CONTEXT_NOT_PRESENT;
        }
        if (ContextEntry.reserved(low, high)) {
            return FaultReason.CONTEXT_RESERVED;
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
        long at = directoryEntry(context, pasid);
        if (!memory(at)) {
            return FaultReason.DIRECTORY_ACCESS;
        }
        long directory = word(at);
        if ((directory & PRESENT) == 0) {
            return FaultReason.DIRECTORY_NOT_PRESENT;
        }
        if ((directory & DIRECTORY_RESERVED) != 0) {
            return FaultReason.DIRECTORY_RESERVED;
        }
        long place = pasidEntry(directory, pasid);
        return memory(place) ? loadPasid(slot, place, born) : FaultReason.PASID_ACCESS;
    }

    private FaultReason loadPasid(long slot, long place, long born) {
        long first = word(place);
        PasidEntry entry = PasidEntry.decode(first, word(place + Long.BYTES), word(place + 2 * Long.BYTES));
        if (!entry.present()) {
            return FaultReason.PASID_NOT_PRESENT;
        }
        if (PasidEntry.reserved(first)) {
            return FaultReason.PASID_RESERVED;
        }
        if (!entry.usable()) {
            return FaultReason.PASID_INVALID;
        }
        if (entry.translation() == PasidEntry.NESTED && !memory(entry.second())) {
            return FaultReason.SECOND_STAGE_POINTER;
        }
        long top = entry.table() >>> Frames.PAGE_SHIFT;
        if (top >= frames.count()) {
            return FaultReason.ROOT_TABLE_ACCESS;
        }
        for (int i = 0; i < BORN; i++) {
            pasids.set(slot | i, entry.word(i));
        }
        pasids.set(slot | BORN, born);
        return null;
    }

    private static long slot(Endpoint endpoint, int pasid) {
        return ((long) endpoint.number() << PASID_BITS | pasid) << GROUP;
    }

    /** The PASID's entry as {@link #find} has left it. */
    PasidEntry entry(Endpoint endpoint, int pasid) {
        long slot = slot(endpoint, pasid == 0 ? cachedContext(endpoint).ridPasid() : pasid);
        return PasidEntry.decode(pasids.get(slot), pasids.get(slot | 1), pasids.get(slot | 2));
    }

    /** Whether a device may ask for pages: PRE, as {@link #find} has left the entry. */
    boolean mayRequest(Endpoint endpoint) {
        return cachedContext(endpoint).requests();
    }

    /** The generation that the top table's frame had when software wrote the PASID's entry. */
    long born(Endpoint endpoint, int pasid) {
        return pasids.get(slot(endpoint, pasid == 0 ? cachedContext(endpoint).ridPasid() : pasid) | BORN);
    }

    /** Whether faults of this request are to be kept quiet: FPD in an entry on the way. */
    boolean quiet(Endpoint endpoint, int pasid) {
        ContextEntry context = cachedContext(endpoint);
        if (context.quiet()) {
            return true;
        }
        long at = directoryEntry(context, pasid);
        if (!context.present() || !context.holds(pasid) || !memory(at)) {
            return false;
        }
        long directory = word(at);
        long place = pasidEntry(directory, pasid);
        return (directory & QUIET) != 0 || (directory & PRESENT) != 0 && memory(place) && (word(place) & QUIET) != 0;
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
