package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.World;

/**
 * The scalable-mode tables in memory (root table, context tables, each device's PASID directory and PASID tables), as software
 * writes them, and where in memory their entries are.
 */
final class ScalableTables {
    /** HAW: of an address in memory. */
    static final int HOST_ADDRESS_BITS = 52;

    /** A directory of 1024 entries, PDTS 3: the 16 bits of PASID that Linux uses. */
    private static final int DIRECTORY = 3;
    private static final int DIRECTORY_ORDER = 1;
    private static final long PRESENT = 1;
    private static final int FUNCTIONS_PER_TABLE = 128;
    private static final int FUNCTION_BITS = 8;
    /** Frames 0xfee00 to 0xfeeff. */
    private static final int INTERRUPT_FRAME_BITS = 8;
    private static final long INTERRUPT_FRAMES = 0xfee;

    private final Frames frames;
    private final long root;
    /** The root table address register, where software has written something else than the table's own address in scalable mode; else 0. */
    private final Cell written;
    private final boolean fiveLevels;

    ScalableTables(World world, String iommu, Frames frames, int levels) {
        this.frames = frames;
        this.root = frames.allocate(Use.KERNEL, 0);
        this.written = world.cell(iommu + ".root_table_base");
        this.fiveLevels = levels > 4;
    }

    /** The physical address of the root table. */
    long address() {
        return root << Frames.PAGE_SHIFT;
    }

    /**
     * Software writes the register that names it, and has that take effect: with the table's address or one that is in no memory, and
     * with any mode. What hardware keeps copies of it goes on with, as long as the mode stays (CAP.ESRTPS=0).
     */
    void register(RootTableAddress register) {
        long own = new RootTableAddress(address(), RootTableAddress.Mode.SCALABLE).encode();
        written.set(register.encode() == own ? 0 : register.encode());
    }

    /** What the register says that the tables are. */
    RootTableAddress.Mode mode() {
        return written.get() == 0 ? RootTableAddress.Mode.SCALABLE : RootTableAddress.decode(written.get()).mode();
    }

    /** Whether it names the table. */
    boolean reachable() {
        return written.get() == 0 || RootTableAddress.decode(written.get()).table() == address();
    }

    // ---------------------------------------------------------------- what software writes

    /** Gives a device a context entry and an empty PASID directory. */
    void attach(Endpoint endpoint) {
        long directory = frames.allocate(Use.KERNEL, 0, DIRECTORY_ORDER) << Frames.PAGE_SHIFT;
        int requester = requester(endpoint);
        if (!RootEntry.decode(word(rootEntry(requester))).present()) {
            word(rootEntry(requester), new RootEntry(true, frames.allocate(Use.KERNEL, 0) << Frames.PAGE_SHIFT).encode());
        }
        write(endpoint, new ContextEntry(true, false, endpoint.hasAts(), true, endpoint.hasAts() && endpoint.pri(),
                endpoint.pasidWithTranslated(), DIRECTORY, directory, 0));
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

    /** The context entry as software sees it; of zeros where the root entry leads to none. */
    ContextEntry context(Endpoint endpoint) {
        long at = contextEntry(requester(endpoint));
        return memory(at) ? ContextEntry.decode(word(at), word(at + Long.BYTES)) : ContextEntry.decode(0, 0);
    }

    /** The PASID-table entry at a place. */
    PasidEntry pasid(long place) {
        return PasidEntry.decode(word(place), word(place + Long.BYTES), word(place + 2 * Long.BYTES));
    }

    // ---------------------------------------------------------------- places, as physical addresses

    long rootEntry(int requester) {
        int half = requester % (1 << FUNCTION_BITS) / FUNCTIONS_PER_TABLE;
        return busEntry(requester) + (long) half * Long.BYTES;
    }

    /** Both halves of a bus's entry. */
    long busEntry(int requester) {
        return address() + (requester >>> FUNCTION_BITS) * 2L * Long.BYTES;
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

    static int requester(Endpoint endpoint) {
        return Iommus.requester(endpoint.number());
    }

    long word(long address) {
        return frames.word(address >>> Frames.PAGE_SHIFT, (int) (address >>> 3) & Frames.WORDS - 1);
    }

    void word(long address, long value) {
        frames.word(address >>> Frames.PAGE_SHIFT, (int) (address >>> 3) & Frames.WORDS - 1, value);
    }

    boolean memory(long address) {
        return address >>> Frames.PAGE_SHIFT < frames.count();
    }

    /** Whether a page lies behind what so many bits can say. */
    static boolean beyond(long page, int bits) {
        return page >>> bits - Frames.PAGE_SHIFT != 0;
    }

    /** Whether a page is one that interrupts are written to: 0xFEEx_xxxx (VT-d 3.14). */
    static boolean interrupts(long page) {
        return page >>> INTERRUPT_FRAME_BITS == INTERRUPT_FRAMES;
    }
}
