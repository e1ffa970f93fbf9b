package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * The stream table in memory, and the entries that the hardware keeps copies of, whether they are valid or not: after a
 * change only CMD_CFGI_STE has it look again (IHI 0070, 3.21).
 */
final class StreamTable {
    /** STRTAB_SPLIT: StreamID bits that index the second level. */
    static final int SPLIT = 8;

    private static final int SID_BITS = 16;
    private static final int DESCRIPTOR_SHIFT = 3;
    private static final int ENTRY_SHIFT = 6;
    private static final int GROUP = 3;
    /** How many words a copy has, and behind them whether it is one. */
    private static final int FETCHED = 4;

    private final Frames frames;
    private final boolean twoLevels;
    private final long first;
    private final Cells copies;

    StreamTable(World world, String smmu, Frames frames, boolean twoLevels) {
        this.frames = frames;
        this.twoLevels = twoLevels;
        this.first = frames.allocate(Use.KERNEL, 0, twoLevels ? order(SID_BITS - SPLIT + DESCRIPTOR_SHIFT) : order(ArmFeatures.LINEAR_BITS + ENTRY_SHIFT));
        this.copies = world.cells(smmu + ".stream_table", Role.STATE, GROUP);
        if (!twoLevels) {
            abortAll(address(), ArmFeatures.LINEAR_BITS);
        }
    }

    private static int order(int bytesShift) {
        return Math.max(0, bytesShift - Frames.PAGE_SHIFT);
    }

    /** SMMU_STRTAB_BASE: the physical address of the table, of its first level if it has two. */
    long address() {
        return first << Frames.PAGE_SHIFT;
    }

    /** How many StreamIDs it serves: STRTAB_BASE_CFG.LOG2SIZE. */
    int log2Size() {
        return twoLevels ? SID_BITS : ArmFeatures.LINEAR_BITS;
    }

    /** Whether there is memory at a physical address: a fetch from elsewhere is an external abort. */
    boolean memory(long address) {
        return address >>> Frames.PAGE_SHIFT < frames.count();
    }

    long read(long address) {
        return frames.word(address >>> Frames.PAGE_SHIFT, index(address));
    }

    void write(long address, long word) {
        frames.word(address >>> Frames.PAGE_SHIFT, index(address), word);
    }

    private static int index(long address) {
        return (int) (address >>> DESCRIPTOR_SHIFT) & Frames.WORDS - 1;
    }

    // ---------------------------------------------------------------- where an entry is

    /** The physical address of the first level's descriptor for a StreamID. */
    long descriptor(int sid) {
        return address() + ((long) sid >>> SPLIT << DESCRIPTOR_SHIFT);
    }

    /** The physical address of a StreamID's entry; negative if there is none: C_BAD_STREAMID. */
    long entry(int sid) {
        if (sid >>> log2Size() != 0) {
            return -1;
        }
        if (!twoLevels) {
            return address() + ((long) sid << ENTRY_SHIFT);
        }
        StreamTableDescriptor descriptor = StreamTableDescriptor.decode(read(descriptor(sid)));
        int index = sid & (1 << SPLIT) - 1;
        return descriptor.has(index) ? descriptor.l2Ptr() + ((long) index << ENTRY_SHIFT) : -1;
    }

    // ---------------------------------------------------------------- what software does

    /** Writes a StreamID's entry, with a second level where there is none yet (arm_smmu_init_l2_strtab). */
    void write(int sid, StreamTableEntry entry) {
        if (twoLevels && read(descriptor(sid)) == 0) {
            long table = frames.allocate(Use.KERNEL, 0, order(SPLIT + ENTRY_SHIFT)) << Frames.PAGE_SHIFT;
            abortAll(table, SPLIT);
            write(descriptor(sid), new StreamTableDescriptor(SPLIT + 1, table).encode());
        }
        long address = entry(sid);
        if (address < 0) {
            throw new IllegalStateException("StreamID 0x" + Integer.toHexString(sid) + " is outside the stream table");
        }
        for (int i = 0; i < StreamTableEntry.WORDS; i++) {
            write(address + ((long) i << DESCRIPTOR_SHIFT), entry.word(i));
        }
    }

    /** arm_smmu_init_initial_stes: what no device uses aborts. */
    private void abortAll(long table, int bits) {
        for (long i = 0; i < 1L << bits; i++) {
            write(table + (i << ENTRY_SHIFT), StreamTableEntry.ABORTS.word(0));
        }
    }

    // ---------------------------------------------------------------- what hardware does

    /** A stream's entry as the hardware has it, which may be an old copy; null with {@link #entry} saying why. */
    StreamTableEntry fetch(Endpoint endpoint) {
        long copy = (long) endpoint.number() << GROUP;
        if (copies.get(copy | FETCHED) == 0 && !load(Iommus.requester(endpoint.number()), copy)) {
            return null;
        }
        return StreamTableEntry.decode(copies.get(copy), copies.get(copy | 1), copies.get(copy | 2), copies.get(copy | 3));
    }

    /** Whether a copy that is there translates for a SubstreamID; without a copy not. */
    boolean translates(Endpoint endpoint, int subStreamBits, int ssid) {
        long copy = (long) endpoint.number() << GROUP;
        return StreamTableEntry.translates(copies.get(copy), copies.get(copy | 1), copies.get(copy | 3), subStreamBits, endpoint.ats(), ssid);
    }

    private boolean load(int sid, long copy) {
        long address = entry(sid);
        if (address < 0 || !memory(address)) {
            return false;
        }
        for (int i = 0; i < FETCHED; i++) {
            copies.set(copy | i, read(address + ((long) i << DESCRIPTOR_SHIFT)));
        }
        copies.set(copy | FETCHED, 1);
        return true;
    }

    /** Forgets the copy of a stream's entry. */
    void drop(Endpoint endpoint) {
        copies.clear((long) endpoint.number() << GROUP, 1 << GROUP);
    }
}
