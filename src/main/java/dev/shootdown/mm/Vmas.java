package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;
import java.util.Map;

/** All address spaces' lists of mappings: sorted, disjoint. */
public final class Vmas {
    private static final int PAGE_BITS = 45;

    private final Kernel kernel;
    private final Table<Long, Vma> table;
    private final Cells counts;

    Vmas(World world, Kernel kernel) {
        this.kernel = kernel;
        this.table = world.<Long, Vma>table("vma").spanning(Long::longValue, vma -> key(vma.mm(), vma.start()) + vma.pages());
        this.counts = world.cells("mm.map_count", Role.SUMMARY, 0);
    }

    static int mm(long key) {
        return (int) (key >>> PAGE_BITS);
    }

    static long key(int mm, long address) {
        return (long) mm << PAGE_BITS | address >>> Frames.PAGE_SHIFT;
    }

    /** The first mapping that ends above an address, or null: find_vma(). */
    public Vma find(int mm, long address) {
        Vma before = below(table.floor(key(mm, address)), mm);
        return before != null && Long.compareUnsigned(address, before.end()) < 0 ? before : next(mm, address);
    }

    /** The mapping that holds an address, or null. */
    public Vma at(int mm, long address) {
        Vma before = below(table.floor(key(mm, address)), mm);
        return before != null && Long.compareUnsigned(address, before.end()) < 0 ? before : null;
    }

    /** The last mapping that starts below an address, or null. */
    public Vma previous(int mm, long address) {
        return below(table.lower(key(mm, address)), mm);
    }

    /** The first mapping that starts above an address, or null. */
    public Vma next(int mm, long address) {
        return below(table.higher(key(mm, address)), mm);
    }

    /** Where the highest gap of a length in [low, high) ends, all whole pages; or 0: vma_iter_area_highest(). */
    long highestGap(int mm, long low, long high, long length) {
        return address(table.highestGap(key(mm, low), key(mm, high), length >>> Frames.PAGE_SHIFT));
    }

    /** Where the lowest gap of a length in [low, high) starts, all whole pages; or 0: vma_iter_area_lowest(). */
    long lowestGap(int mm, long low, long high, long length) {
        return address(table.lowestGap(key(mm, low), key(mm, high), length >>> Frames.PAGE_SHIFT));
    }

    private static long address(long key) {
        return key < 0 ? 0 : (key & (1L << PAGE_BITS) - 1) << Frames.PAGE_SHIFT;
    }

    /** The mappings that overlap [start, end), in order. */
    public List<Vma> overlapping(int mm, long start, long end) {
        Vma first = find(mm, start);
        return first == null || first.start() >= end
                ? List.of()
                : table.between(key(mm, first.start()), key(mm, end + Frames.PAGE_SIZE - 1));
    }

    /** All mappings of an address space, in order. */
    public List<Vma> all(int mm) {
        return table.between(key(mm, 0), key(mm + 1, 0));
    }

    /** How many there are (map_count). */
    public int count(int mm) {
        return (int) counts.get(mm);
    }

    private static Vma below(Map.Entry<Long, Vma> entry, int mm) {
        return entry != null && entry.getValue().mm() == mm ? entry.getValue() : null;
    }

    // ---------------------------------------------------------------- changes

    /** Adds a mapping, which from now on counts among its file's and its anon_vma's. */
    void insert(Vma vma) {
        kernel.files().get(vma.file());
        kernel.anonVmas().get(vma.anon());
        attach(vma);
        kernel.rmap().link(vma);
    }

    /** Takes a mapping off the list; what it holds stays held until {@link #release}. */
    void detach(Vma vma) {
        table.remove(key(vma.mm(), vma.start()));
        counts.add(vma.mm(), -1);
    }

    private void attach(Vma vma) {
        table.put(key(vma.mm(), vma.start()), vma);
        counts.add(vma.mm(), 1);
        if (kernel.version().hasVmaLocks()) {
            // No fault may come before its maker is through.
            kernel.vmaLocks().mark(vma.mm(), vma.start());
        }
    }

    /** Takes a mapping off the list, and lets go of what it held; its file stays, because a neighbour has it too. */
    void remove(Vma vma) {
        detach(vma);
        kernel.rmap().unlink(vma);
        kernel.anonVmas().put(vma.anon());
        kernel.files().drop(vma.file());
    }

    /** Puts a mapping of the same file in another's place. */
    void replace(Vma old, Vma next) {
        if (old.anon() != next.anon()) {
            kernel.anonVmas().get(next.anon());
        }
        kernel.rmap().replace(old, next);
        if (old.anon() != next.anon()) {
            kernel.anonVmas().put(old.anon());
        }
        if (old.start() != next.start()) {
            detach(old);
            attach(next);
        } else {
            table.put(key(next.mm(), next.start()), next);
        }
    }

    /** Cuts a mapping in two at an address inside it: __split_vma(). Returns the upper part. */
    Vma split(Vma vma, long address) {
        Vma upper = vma.part(address, vma.end());
        replace(vma, vma.part(vma.start(), address));
        insert(upper);
        return upper;
    }

    /** Says that the list changed. */
    void changed(Turn turn, String change, Vma vma) {
        changed(turn, change, vma, vma.start(), vma.end());
    }

    void changed(Turn turn, String change, Vma vma, long start, long end) {
        turn.emit(Kind.VMA, () -> new Event.Vma(kernel.name(vma.mm()), change, start, end, vma.prot()));
    }
}
