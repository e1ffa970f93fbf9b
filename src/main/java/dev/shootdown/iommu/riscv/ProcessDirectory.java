package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * The process directories in memory, one for each device, and the process contexts that the hardware keeps copies of:
 * valid ones alone, until IODIR.INVAL_PDT or IODIR.INVAL_DDT drops them. With a copy goes the generation that its page
 * table's frame had, so that a walk from a copy that has outlived its table shows.
 */
final class ProcessDirectory {
    static final int PROCESS_ID_BITS = 20;

    private static final int GROUP = 2;
    private static final int LEAF_BITS = 8;
    private static final int INDEX_BITS = 9;
    private static final int BORN = 2;

    /** A driver makes directories of three levels, for 20 bits of process id. */
    private static final int LEVELS = DeviceContext.PD20;

    private final Frames frames;
    /** Through which directories are read, which are then a guest's; or null. */
    private final SecondStage second;
    /** The frame of each device's top table, as its driver remembers it. */
    private final Cells roots;
    private final Cells cached;

    ProcessDirectory(World world, String iommu, Frames frames, SecondStage second) {
        this.frames = frames;
        this.second = second;
        this.roots = world.cells(iommu + ".process_directories");
        this.cached = world.cells(iommu + ".process_contexts", Role.STATE, GROUP);
    }

    // ---------------------------------------------------------------- software's side

    /** Makes an empty directory for a device; returns its top table's frame. */
    long attach(Endpoint endpoint) {
        long root = frames.allocate(Use.KERNEL, 0);
        roots.set(endpoint.number(), root);
        return root;
    }

    /** Writes a process context, and allocates tables on the way; V comes last. */
    void write(Endpoint endpoint, int pid, ProcessContext context) {
        long place = leaf(endpoint, pid);
        word(place + 1, context.word(1));
        word(place, context.word(0));
    }

    /** The physical address of a process context, with the tables above it allocated as needed. */
    long address(Endpoint endpoint, int pid) {
        return leaf(endpoint, pid) << 3;
    }

    private long leaf(Endpoint endpoint, int pid) {
        long table = roots.get(endpoint.number());
        for (int level = LEVELS - 1; level > 0; level--) {
            DirectoryEntry entry = DirectoryEntry.decode(frames.word(table, index(pid, level)));
            if (!entry.valid()) {
                entry = new DirectoryEntry(true, frames.allocate(Use.KERNEL, 0));
                frames.word(table, index(pid, level), entry.encode());
            }
            table = entry.ppn();
        }
        return place(table, pid);
    }

    private static int index(int pid, int level) {
        return pid >>> LEAF_BITS + INDEX_BITS * (level - 1) & (1 << INDEX_BITS) - 1;
    }

    private static long place(long table, int pid) {
        return table * Frames.WORDS + (long) (pid & (1 << LEAF_BITS) - 1) * ProcessContext.WORDS;
    }

    private long word(long place) {
        return frames.word(place / Frames.WORDS, (int) (place % Frames.WORDS));
    }

    private void word(long place, long value) {
        frames.word(place / Frames.WORDS, (int) (place % Frames.WORDS), value);
    }

    // ---------------------------------------------------------------- the hardware's side

    /** Forgets the copy of one context. */
    void drop(Endpoint endpoint, int pid) {
        cached.clear(at(endpoint, pid), 1 << GROUP);
    }

    /** Forgets the copies of all contexts of a device. */
    void drop(Endpoint endpoint) {
        cached.clear(at(endpoint, 0), 1L << PROCESS_ID_BITS + GROUP);
    }

    private static long at(Endpoint endpoint, int pid) {
        return ((long) endpoint.number() << PROCESS_ID_BITS | pid) << GROUP;
    }

    /** The context that {@link #locate} has found. */
    ProcessContext context(Endpoint endpoint, int pid) {
        return ProcessContext.decode(cached.get(at(endpoint, pid)), cached.get(at(endpoint, pid) + 1));
    }

    /** The top table's frame by the copy of a context; 0 where there is none, or it names none. */
    long root(Endpoint endpoint, int pid) {
        long at = at(endpoint, pid);
        return (cached.get(at) & 1) == 0 ? 0 : ProcessContext.root(cached.get(at + 1));
    }

    /** The generation of its page table's frame when the copy was made. */
    long born(Endpoint endpoint, int pid) {
        return cached.get(at(endpoint, pid) + BORN);
    }

    /**
     * Finds a process context, in the cache or by a walk of the device's directory, as specification 2.3.2 has it.
     *
     * @param born the generation that its page table's frame had when the context was written
     * @return why there is none, or null
     */
    Cause locate(Endpoint endpoint, DeviceContext device, int pid, long born) {
        if (device.levels() == 0 || pid >>> bits(device.levels()) != 0) {
            return Cause.TRANSACTION_TYPE_DISALLOWED;
        }
        return (cached.get(at(endpoint, pid)) & 1) != 0 ? null : walk(endpoint, device, pid, born);
    }

    /** Bits of a process id that a directory of so many levels tells apart. */
    static int bits(int levels) {
        return Math.min(LEAF_BITS + INDEX_BITS * (levels - 1), PROCESS_ID_BITS);
    }

    private Cause walk(Endpoint endpoint, DeviceContext device, int pid, long born) {
        long table = device.root();
        for (int level = device.levels() - 1; level > 0; level--) {
            Cause unreadable = unreadable(table);
            if (unreadable != null) {
                return unreadable;
            }
            long word = frames.word(readable(table), index(pid, level));
            DirectoryEntry entry = DirectoryEntry.decode(word);
            if (!entry.valid()) {
                return Cause.PDT_ENTRY_NOT_VALID;
            }
            if (DirectoryEntry.reserved(word)) {
                return Cause.PDT_ENTRY_MISCONFIGURED;
            }
            table = entry.ppn();
        }
        Cause unreadable = unreadable(table);
        return unreadable == null ? load(endpoint, pid, place(readable(table), pid), born) : unreadable;
    }

    /** The frame of a table, physical or the guest's; negative if the second stage does not let it be read. */
    private long readable(long table) {
        return second == null ? table : second.readable(table);
    }

    /** A guest's page fault counts as one of the device's own access, whether that reads or writes; the caller knows which. */
    private Cause unreadable(long table) {
        long frame = readable(table);
        if (frame < 0) {
            return Cause.READ_GUEST_PAGE_FAULT;
        }
        return frame < frames.count() ? null : Cause.PDT_LOAD_ACCESS_FAULT;
    }

    /** The guest-physical address of the first entry on the way to a context that the second stage does not let be read. */
    long unreadable(DeviceContext device, int pid) {
        long table = device.root();
        int level = device.levels() - 1;
        while (level > 0 && unreadable(table) == null) {
            table = DirectoryEntry.decode(frames.word(readable(table), index(pid, level))).ppn();
            level--;
        }
        return level > 0 ? (table << Frames.PAGE_SHIFT) + (long) index(pid, level) * Long.BYTES : place(table, pid) * Long.BYTES;
    }

    private Cause load(Endpoint endpoint, int pid, long place, long born) {
        long ta = word(place);
        long fsc = word(place + 1);
        ProcessContext context = ProcessContext.decode(ta, fsc);
        if (!context.valid()) {
            return Cause.PDT_ENTRY_NOT_VALID;
        }
        if (ProcessContext.misconfigured(ta, fsc)) {
            return Cause.PDT_ENTRY_MISCONFIGURED;
        }
        long at = at(endpoint, pid);
        cached.set(at, ta);
        cached.set(at + 1, fsc);
        cached.set(at + BORN, born);
        return null;
    }
}
