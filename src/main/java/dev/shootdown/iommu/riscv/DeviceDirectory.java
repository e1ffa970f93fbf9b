package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * The device directory in memory, a radix tree of one to three levels that ends in device contexts, and the contexts
 * that the hardware keeps copies of: valid ones alone, until IODIR.INVAL_DDT drops them.
 */
final class DeviceDirectory {
    private static final int GROUP = 2;
    private static final int INDEX_BITS = 9;
    private static final int MSIPTP = 4;

    private final Frames frames;
    private final Capabilities capabilities;
    private final long root;
    /** What ddtp.PPN names instead of the top table, which is in no memory; 0 if it names the table. */
    private final Cell nowhere;
    /** ddtp.iommu_mode. */
    private final Cell mode;
    private final Cells cached;

    DeviceDirectory(World world, String iommu, Frames frames, Capabilities capabilities) {
        this.frames = frames;
        this.capabilities = capabilities;
        this.root = frames.allocate(Use.KERNEL, 0);
        this.nowhere = world.cell(iommu + ".ddtp.ppn");
        this.mode = world.cell(iommu + ".ddtp.iommu_mode");
        this.cached = world.cells(iommu + ".device_contexts", Role.STATE, GROUP);
        mode.set(capabilities.mode());
    }

    /** The physical address of the top table, as in ddtp.PPN. */
    long address() {
        return root << Frames.PAGE_SHIFT;
    }

    /** Software writes ddtp.PPN: an address in no memory, or the table's own. */
    void address(long written) {
        nowhere.set(written == address() ? 0 : written);
    }

    int mode() {
        return (int) mode.get();
    }

    void mode(int value) {
        mode.set(value);
    }

    // ---------------------------------------------------------------- software's side

    /** Writes a device's context, with the tables above it; nothing where the device's id is wider than the directory. */
    void write(Endpoint endpoint, DeviceContext context) {
        if (wide(endpoint)) {
            return;
        }
        long place = leaf(Iommus.requester(endpoint.number()));
        for (int i = 0; i < DeviceContext.WORDS; i++) {
            word(place + i, context.word(i));
        }
    }

    /** Whether a device's id is wider than the directory. */
    boolean wide(Endpoint endpoint) {
        return Iommus.requester(endpoint.number()) >>> capabilities.deviceIdBits() != 0;
    }

    /** The physical address of a device's context, with the tables above it allocated as needed. */
    long address(Endpoint endpoint) {
        return leaf(Iommus.requester(endpoint.number())) << 3;
    }

    private long leaf(int device) {
        long table = root;
        for (int level = capabilities.levels() - 1; level > 0; level--) {
            int index = index(device, level);
            DirectoryEntry entry = DirectoryEntry.decode(frames.word(table, index));
            if (!entry.valid()) {
                entry = new DirectoryEntry(true, frames.allocate(Use.KERNEL, 0));
                frames.word(table, index, entry.encode());
            }
            table = entry.ppn();
        }
        return context(table, device);
    }

    private int index(int device, int level) {
        return device >>> capabilities.indexShift(level) & (1 << INDEX_BITS) - 1;
    }

    /** The number of a context's first word, counted from physical address 0. */
    private long context(long table, int device) {
        int words = capabilities.extended() ? 2 * DeviceContext.WORDS : DeviceContext.WORDS;
        return table * Frames.WORDS + (long) (device & (1 << capabilities.leafBits()) - 1) * words;
    }

    private long word(long place) {
        return frames.word(place / Frames.WORDS, (int) (place % Frames.WORDS));
    }

    private void word(long place, long value) {
        frames.word(place / Frames.WORDS, (int) (place % Frames.WORDS), value);
    }

    private DeviceContext decode(long place) {
        return DeviceContext.decode(word(place), word(place + 1), word(place + 2), word(place + 3));
    }

    // ---------------------------------------------------------------- the hardware's side

    /** Forgets the copy of a device's context. */
    void drop(Endpoint endpoint) {
        cached.clear((long) endpoint.number() << GROUP, DeviceContext.WORDS);
    }

    /** Whether the copy of a device's context, by its words, leads to a process directory that has a place for a PASID. */
    boolean leadsToProcesses(Endpoint endpoint, int pasid) {
        long at = (long) endpoint.number() << GROUP;
        return mode() > Capabilities.BARE && !wide(endpoint) && DeviceContext.leadsToProcesses(cached.get(at), cached.get(at + 3), endpoint.ats(), pasid);
    }

    /** The context that {@link #locate} has found. */
    DeviceContext context(Endpoint endpoint) {
        long at = (long) endpoint.number() << GROUP;
        return DeviceContext.decode(cached.get(at), cached.get(at + 1), cached.get(at + 2), cached.get(at + 3));
    }

    /**
     * Finds a device's context, in the cache or by a walk of the directory, as specification 2.3.1 has it.
     *
     * @return why there is none, or null
     */
    Cause locate(Endpoint endpoint) {
        if (mode() == Capabilities.OFF) {
            return Cause.ALL_INBOUND_DISALLOWED;
        }
        if (mode() == Capabilities.BARE || wide(endpoint)) {
            return Cause.TRANSACTION_TYPE_DISALLOWED;
        }
        boolean known = (cached.get((long) endpoint.number() << GROUP) & 1) != 0;
        return known ? null : walk(endpoint, Iommus.requester(endpoint.number()));
    }

    private Cause walk(Endpoint endpoint, int device) {
        if (nowhere.get() != 0) {
            return Cause.DDT_LOAD_ACCESS_FAULT;
        }
        long table = root;
        for (int level = capabilities.levels() - 1; level > 0; level--) {
            long word = frames.word(table, index(device, level));
            DirectoryEntry entry = DirectoryEntry.decode(word);
            if (!entry.valid()) {
                return Cause.DDT_ENTRY_NOT_VALID;
            }
            if (DirectoryEntry.reserved(word)) {
                return Cause.DDT_ENTRY_MISCONFIGURED;
            }
            table = entry.ppn();
            if (table >= frames.count()) {
                return Cause.DDT_LOAD_ACCESS_FAULT;
            }
        }
        return load(endpoint, context(table, device));
    }

    private Cause load(Endpoint endpoint, long place) {
        DeviceContext context = decode(place);
        if (!context.valid()) {
            return Cause.DDT_ENTRY_NOT_VALID;
        }
        if (DeviceContext.reserved(word(place), word(place + 2), word(place + 3)) || messages(place) || context.misconfigured(capabilities.secondStage())) {
            return Cause.DDT_ENTRY_MISCONFIGURED;
        }
        for (int i = 0; i < DeviceContext.WORDS; i++) {
            cached.set((long) endpoint.number() << GROUP | i, word(place + i));
        }
        return null;
    }

    /** Whether the extended format's second half asks for what there is not: without a second stage msiptp must be Off. */
    private boolean messages(long place) {
        return capabilities.extended() && (word(place + MSIPTP) >>> 44 | word(place + 7)) != 0;
    }
}
