package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * AMD's device table in memory, each device's GCR3 table behind it, and the entries that the hardware keeps copies
 * of. A GCR3 table, which is a guest's where there is a host page table and is then read through that, has 512 entries of 8 bytes at
 * each level: bit 0 valid, 51:12 the next level's address or, at the last one, that of a process's top page table.
 */
final class DeviceTable {
    /** Frames of the table: room for 1024 requester ids. */
    private static final int ORDER = 3;
    private static final int GROUP = 2;
    /** Two levels hold the 16 bits of PASID that Linux uses. */
    private static final int GCR3_LEVELS = 2;
    private static final int INDEX_BITS = 9;
    private static final long VALID = 1;
    private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

    private final Frames frames;
    private final long first;
    private final Cells cached;
    /** What the base register names instead of the table, which is in no memory; 0 if it names the table. */
    private final Cell nowhere;
    private final boolean fiveLevels;
    /** Null where there is no host page table. */
    private final SecondStage host;

    DeviceTable(World world, String iommu, Frames frames, int levels, SecondStage host) {
        this.frames = frames;
        this.first = frames.allocate(Use.KERNEL, 0, ORDER);
        this.cached = world.cells(iommu + ".device_table", Role.STATE, GROUP);
        this.nowhere = world.cell(iommu + ".device_table_base");
        this.fiveLevels = levels > 4;
        this.host = host;
    }

    /** Where it is, as its base register has it. */
    long address() {
        return nowhere.get() == 0 ? first << Frames.PAGE_SHIFT : nowhere.get();
    }

    /** Software writes the base register: an address in no memory, or the table's own. */
    void address(long written) {
        nowhere.set(written == first << Frames.PAGE_SHIFT ? 0 : written);
    }

    /** The physical address of a device's entry, as hardware looks for it. */
    long place(Endpoint endpoint) {
        return address() + (long) Iommus.requester(endpoint.number()) * DeviceTableEntry.WORDS * Long.BYTES;
    }

    /** Gives a device an entry and an empty GCR3 table. */
    void attach(Endpoint endpoint, int domain) {
        if (Iommus.requester(endpoint.number()) >= (Frames.WORDS << ORDER) / DeviceTableEntry.WORDS) {
            throw new IllegalStateException("more devices than the device table has entries");
        }
        long gcr3 = frames.allocate(Use.KERNEL, 0) << Frames.PAGE_SHIFT;
        write(endpoint, new DeviceTableEntry(true, true, endpoint.pri(), true, GCR3_LEVELS, gcr3, domain,
                endpoint.hasAts(), fiveLevels, host == null ? 0 : host.root()));
    }

    void write(Endpoint endpoint, DeviceTableEntry entry) {
        for (int i = 0; i < DeviceTableEntry.WORDS; i++) {
            frames.word(frame(endpoint), index(endpoint) + i, entry.word(i));
        }
    }

    /** The entry as the hardware has it, which may be an old copy. */
    private long cached(Endpoint endpoint, int word) {
        return cached.get((long) endpoint.number() << GROUP | word);
    }

    private void load(Endpoint endpoint) {
        for (int i = 0; i < DeviceTableEntry.WORDS; i++) {
            cached.set((long) endpoint.number() << GROUP | i, frames.word(frame(endpoint), index(endpoint) + i));
        }
    }

    /** Forgets the copy of a device's entry. */
    void drop(Endpoint endpoint) {
        cached.clear((long) endpoint.number() << GROUP, DeviceTableEntry.WORDS);
    }

    /** The first word of the entry as the hardware has it, which copies one that is valid. */
    private long hardware(Endpoint endpoint) {
        long first = cached(endpoint, 0);
        if ((first & VALID) == 0 && nowhere.get() == 0) {
            load(endpoint);
            first = cached(endpoint, 0);
        }
        return first;
    }

    /** What the entry itself, by its first two words, has against a device's requests, or null. */
    private TableFault wrong(Endpoint endpoint, long first, long second) {
        if ((first & VALID) == 0) {
            return nowhere.get() == 0 ? TableFault.NOT_VALID : TableFault.NO_DEVICE_TABLE;
        }
        if (DeviceTableEntry.reserved(first)) {
            return TableFault.RESERVED;
        }
        if (endpoint.ats() && !DeviceTableEntry.allowsAts(second)) {
            return TableFault.NO_ATS;
        }
        return DeviceTableEntry.permits(first) ? null : TableFault.NO_PERMISSION;
    }

    /**
     * The frame of a PASID's top page table, as hardware finds it; 0 if its GCR3 entry, or one on the way to it, is not valid; or
     * negative the code of a {@link TableFault}.
     */
    long root(Endpoint endpoint, int pasid) {
        long first = hardware(endpoint);
        long second = cached(endpoint, 1);
        TableFault wrong = wrong(endpoint, first, second);
        if (wrong != null) {
            return -wrong.code();
        }
        long place = gcr3Entry(first, second, pasid);
        if (place == 0) {
            return 0;
        }
        long frame = readable(place >>> Frames.PAGE_SHIFT);
        if (frame < 0) {
            return -TableFault.HOST.code();
        }
        return frame < frames.count() ? next(frames.word(frame, gcr3Index(pasid, 0))) : -TableFault.NO_MEMORY.code();
    }

    /** The frame of a GCR3 table; negative if the host's table does not let it be read. */
    private long readable(long table) {
        return host == null ? table : host.readable(table);
    }

    private boolean inMemory(long frame) {
        return frame >= 0 && frame < frames.count();
    }

    /**
     * The address, physical or the guest's, of a PASID's GCR3 entry, or of the one on the way to it that cannot be read; 0 if there
     * is none.
     */
    private long gcr3Entry(long first, long second, int pasid) {
        int level = DeviceTableEntry.gcr3Levels(first) - 1;
        if (level < 0 || pasid >>> INDEX_BITS * (level + 1) != 0) {
            return 0;
        }
        long table = DeviceTableEntry.gcr3(first, second) >>> Frames.PAGE_SHIFT;
        for (long at = readable(table); level > 0 && table != 0 && inMemory(at); at = readable(table)) {
            table = next(frames.word(at, gcr3Index(pasid, level)));
            level--;
        }
        return table == 0 ? 0 : (table << Frames.PAGE_SHIFT) + (long) gcr3Index(pasid, level) * Long.BYTES;
    }

    /** The same as hardware finds it. */
    long gcr3Entry(Endpoint endpoint, int pasid) {
        return gcr3Entry(hardware(endpoint), cached(endpoint, 1), pasid);
    }

    /** Whether a device may ask for pages: PPR. */
    boolean mayRequest(Endpoint endpoint) {
        return DeviceTableEntry.allowsRequests(hardware(endpoint));
    }

    /** Whether a device's page faults are not logged: SA. */
    boolean quiet(Endpoint endpoint) {
        return DeviceTableEntry.suppressed(cached(endpoint, 1));
    }

    /** A word of a device's entry as it stands in memory. */
    long word(Endpoint endpoint, int index) {
        return frames.word(frame(endpoint), index(endpoint) + index);
    }

    /** Writes a PASID's entry, 0 for none; allocates a table on the way where there is none. */
    void root(Endpoint endpoint, int pasid, long root) {
        DeviceTableEntry entry = DeviceTableEntry.decode(frames.word(frame(endpoint), index(endpoint)),
                frames.word(frame(endpoint), index(endpoint) + 1), frames.word(frame(endpoint), index(endpoint) + 2));
        long table = entry.gcr3() >>> Frames.PAGE_SHIFT;
        for (int level = entry.levels() - 1; level > 0; level--) {
            long next = next(frames.word(table, gcr3Index(pasid, level)));
            if (next == 0) {
                next = frames.allocate(Use.KERNEL, 0);
                frames.word(table, gcr3Index(pasid, level), next << Frames.PAGE_SHIFT | VALID);
            }
            table = next;
        }
        frames.word(table, gcr3Index(pasid, 0), root == 0 ? 0 : root << Frames.PAGE_SHIFT | VALID);
    }

    private static long next(long entry) {
        return (entry & VALID) == 0 ? 0 : (entry & ADDRESS) >>> Frames.PAGE_SHIFT;
    }

    private static int gcr3Index(int pasid, int level) {
        return pasid >>> INDEX_BITS * level & Frames.WORDS - 1;
    }

    private long frame(Endpoint endpoint) {
        return first + (long) Iommus.requester(endpoint.number()) * DeviceTableEntry.WORDS / Frames.WORDS;
    }

    private static int index(Endpoint endpoint) {
        return Iommus.requester(endpoint.number()) * DeviceTableEntry.WORDS % Frames.WORDS;
    }
}
