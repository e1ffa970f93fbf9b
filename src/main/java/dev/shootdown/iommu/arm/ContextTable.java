package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * Devices' tables of context descriptors in memory, of two levels with 1024 descriptors in a table of the second, and the
 * descriptors that the hardware keeps copies of, whether they are valid or not, until CMD_CFGI_CD.
 */
final class ContextTable {
    /** S1CDMax here: as many as there are ASIDs. */
    static final int SUBSTREAM_BITS = 16;

    /** CTXDESC_L2_ENTRIES, as a power. */
    private static final int SPLIT = 10;
    private static final int DESCRIPTOR_SHIFT = 3;
    private static final int ENTRY_SHIFT = 6;
    private static final int SECOND_ORDER = SPLIT + ENTRY_SHIFT - Frames.PAGE_SHIFT;
    /** A copy is two words and whether it is one. */
    private static final int GROUP = 2;
    private static final int FETCHED = 2;

    private final StreamTable memory;
    /** Through which the tables are read, which are then a guest's; or null. */
    private final SecondStage second;
    private final Frames frames;
    private final Cells copies;

    ContextTable(World world, String smmu, Frames frames, StreamTable memory, SecondStage second) {
        this.memory = memory;
        this.second = second;
        this.frames = frames;
        this.copies = world.cells(smmu + ".context_descriptors", Role.STATE, GROUP);
    }

    /** An empty table: the physical address for STE.S1ContextPtr. */
    long allocate() {
        return frames.allocate(Use.KERNEL, 0) << Frames.PAGE_SHIFT;
    }

    /** The physical address of the first level's descriptor for a SubstreamID. */
    static long descriptor(StreamTableEntry stream, int ssid) {
        return stream.s1ContextPtr() + ((long) ssid >>> SPLIT << DESCRIPTOR_SHIFT);
    }

    /** The physical address of a SubstreamID's descriptor; negative if the first level has none for it: C_BAD_SUBSTREAMID. */
    long entry(StreamTableEntry stream, int ssid) {
        if (stream.s1Fmt() == StreamTableEntry.LINEAR) {
            return stream.s1ContextPtr() + ((long) ssid << ENTRY_SHIFT);
        }
        ContextTableDescriptor descriptor = ContextTableDescriptor.decode(memory.read(descriptor(stream, ssid)));
        return descriptor.valid() ? descriptor.l2Ptr() + ((ssid & (1L << SPLIT) - 1) << ENTRY_SHIFT) : -1;
    }

    /** Writes a SubstreamID's descriptor, with a second level where there is none yet (arm_smmu_alloc_cd_ptr). */
    void write(StreamTableEntry stream, int ssid, ContextDescriptor descriptor) {
        long first = descriptor(stream, ssid);
        if (stream.s1Fmt() != StreamTableEntry.LINEAR && memory.read(first) == 0) {
            long table = frames.allocate(Use.KERNEL, 0, SECOND_ORDER) << Frames.PAGE_SHIFT;
            memory.write(first, new ContextTableDescriptor(true, table).encode());
        }
        long address = entry(stream, ssid);
        for (int i = 0; i < ContextDescriptor.WORDS; i++) {
            memory.write(address + ((long) i << DESCRIPTOR_SHIFT), descriptor.word(i));
        }
    }

    /** A SubstreamID's descriptor as the hardware has it, which may be an old copy; null with {@link #entry} saying why. */
    ContextDescriptor fetch(Endpoint endpoint, StreamTableEntry stream, int ssid) {
        long copy = copy(endpoint, ssid);
        if (copies.get(copy | FETCHED) == 0 && !load(stream, ssid, copy)) {
            return null;
        }
        return ContextDescriptor.decode(copies.get(copy), copies.get(copy | 1));
    }

    /** Whether there is a copy that the SMMU can use. */
    boolean usable(Endpoint endpoint, int ssid) {
        long copy = copy(endpoint, ssid);
        return !ContextDescriptor.bad(copies.get(copy), copies.get(copy | 1));
    }

    /** Whether the SMMU can read what is at an address, physical or the guest's. */
    private boolean readable(long address) {
        return memory.memory(address) && (second == null || second.readable(address >>> Frames.PAGE_SHIFT) >= 0);
    }

    /** The address at which the second stage ends the search for a SubstreamID's descriptor; -1 if it does not. */
    long unreadable(StreamTableEntry stream, int ssid) {
        if (second == null) {
            return -1;
        }
        long first = descriptor(stream, ssid);
        if (stream.s1Fmt() != StreamTableEntry.LINEAR && !readable(first)) {
            return first;
        }
        long address = entry(stream, ssid);
        return address >= 0 && !readable(address) ? address : -1;
    }

    private boolean load(StreamTableEntry stream, int ssid, long copy) {
        if (stream.s1Fmt() != StreamTableEntry.LINEAR && !readable(descriptor(stream, ssid))) {
            return false;
        }
        long address = entry(stream, ssid);
        if (address < 0 || !readable(address)) {
            return false;
        }
        copies.set(copy, memory.read(address));
        copies.set(copy | 1, memory.read(address + (1 << DESCRIPTOR_SHIFT)));
        copies.set(copy | FETCHED, 1);
        return true;
    }

    private static long copy(Endpoint endpoint, int ssid) {
        return ((long) endpoint.number() << SUBSTREAM_BITS | ssid) << GROUP;
    }

    /** Forgets the copy of a SubstreamID's descriptor. */
    void drop(Endpoint endpoint, int ssid) {
        copies.clear(copy(endpoint, ssid), 1 << GROUP);
    }

    /** Forgets the copies of all of a stream's. */
    void drop(Endpoint endpoint) {
        copies.clear(copy(endpoint, 0), 1 << SUBSTREAM_BITS + GROUP);
    }
}
