package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cells;
import java.util.HashSet;
import java.util.Set;

/**
 * How much may be mapped: RLIMIT_AS and RLIMIT_DATA of a process, vm.max_map_count, and what the machine promises: any amount
 * (vm.overcommit_memory=1), what is not obviously too much (0), or no more than the commit limit (2). What the machine has given out
 * is not kept but counted when it is asked for.
 */
public final class MemoryLimits {
    private static final int FIELDS = 4;
    private static final long DATA_MASK = Vma.WRITE | Vma.SHARED | Vma.GROWSDOWN;
    private static final int ADDRESS_SPACE = 10;
    /** What is the machine's has no process: row 0. */
    private static final int MAP_COUNT = 11;
    private static final int COMMIT = 12;
    private static final int DATA = 13;
    private static final int HEURISTIC = 14;
    /** sysctl_admin_reserve_kbytes is not more than this. */
    private static final long ADMIN_RESERVE = 8L << 20;

    private final Kernel kernel;
    private final Cells spaces;

    MemoryLimits(Kernel kernel, Cells spaces) {
        this.kernel = kernel;
        this.spaces = spaces;
    }

    private long get(int mm, int field) {
        return spaces.get((long) mm << FIELDS | field);
    }

    private void set(int mm, int field, long value) {
        spaces.set((long) mm << FIELDS | field, value);
    }

    /** Limits a process's address space to so many pages: RLIMIT_AS. */
    public void addressSpace(int mm, long pages) {
        set(mm, ADDRESS_SPACE, pages + 1);
    }

    /** Limits what a process may write to of its own, and its heap, to so many bytes: RLIMIT_DATA. */
    public void data(int mm, long bytes) {
        set(mm, DATA, bytes + 1);
    }

    /** Sets vm.overcommit_memory to 0; while the machine is composed. */
    public void heuristic() {
        set(0, HEURISTIC, 1);
    }

    /** Says how many mappings a process may have: vm.max_map_count. While the machine is composed. */
    public void mapCount(long mappings) {
        set(0, MAP_COUNT, mappings);
    }

    /** Sets vm.overcommit_memory to 2, with a commit limit of so many pages; while the machine is composed. */
    public void commit(long pages) {
        set(0, COMMIT, pages + 1);
    }

    /** sysctl_max_map_count. */
    long mapCount() {
        return get(0, MAP_COUNT) == 0 ? KernelVersion.MAX_MAP_COUNT : get(0, MAP_COUNT);
    }

    /**
     * Whether a process may map so many pages more: may_expand_vm().
     *
     * @param flags of the mapping
     */
    boolean mayExpand(int mm, long flags, long pages) {
        return within(mm, get(mm, ADDRESS_SPACE), 0, 0, pages) && mayExpandData(mm, flags, pages);
    }

    /** The same for RLIMIT_DATA alone, which a mapping counts for that only its process writes to: is_data_mapping(). */
    boolean mayExpandData(int mm, long flags, long pages) {
        boolean limited = get(mm, DATA) != 0 && kernel.version().limitsData() && (flags & DATA_MASK) == Vma.WRITE;
        return !limited || within(mm, (get(mm, DATA) - 1 >>> Frames.PAGE_SHIFT) + 1, DATA_MASK, Vma.WRITE, pages);
    }

    private boolean within(int mm, long limit, long mask, long value, long pages) {
        if (limit == 0) {
            return true;
        }
        long mapped = 0;
        for (Vma vma : kernel.vmas().all(mm)) {
            mapped += (vma.flags() & mask) == value ? vma.pages() : 0;
        }
        return mapped + pages < limit;
    }

    /** check_data_rlimit(): whether the heap may end there. */
    boolean mayEndHeap(int mm, long end) {
        return get(mm, DATA) == 0 || end - kernel.heap(mm) < get(mm, DATA);
    }

    /** vm.overcommit_memory=2, where MAP_NORESERVE means nothing: OVERCOMMIT_NEVER. */
    boolean neverOvercommits() {
        return get(0, COMMIT) != 0;
    }

    /** Whether the machine may promise so many pages more: __vm_enough_memory(). */
    boolean mayCommit(long pages) {
        if (neverOvercommits()) {
            return committed() + pages < get(0, COMMIT);
        }
        return get(0, HEURISTIC) == 0 || pages <= guess();
    }

    /** OVERCOMMIT_GUESS: how many pages one call may ask for. Older kernels look at what could be had now, newer ones at all there is. */
    private long guess() {
        long all = kernel.frames().count();
        if (kernel.version().guessesByTotal()) {
            return all + kernel.swap().size();
        }
        long cached = 0;
        for (long frame = kernel.frames().nextInUse(0); frame != 0; frame = kernel.frames().nextInUse(frame)) {
            cached += kernel.frames().use(frame) == Use.FILE ? 1 : 0;
        }
        long reserve = Math.min(all / 32, ADMIN_RESERVE >>> Frames.PAGE_SHIFT);
        return all - kernel.frames().inUse() + cached + kernel.swap().left() - reserve - 1;
    }

    /** vm_committed_as: what is accounted of private mappings, and shared memory at its full size. */
    private long committed() {
        long pages = 0;
        Set<Integer> shared = new HashSet<>();
        for (int mm = 1; mm < kernel.owners().free(1); mm++) {
            for (Vma vma : kernel.vmas().all(mm)) {
                boolean first = vma.file() != 0 && kernel.files().unnamed(vma.file()) && shared.add(vma.file());
                pages += vma.has(Vma.ACCOUNT) ? vma.pages() : 0;
                pages += first ? kernel.files().size(vma.file()) >>> Frames.PAGE_SHIFT : 0;
            }
        }
        return pages;
    }

    /** What goes with the process, whatever address space it has. */
    void copy(int from, int to) {
        set(to, ADDRESS_SPACE, get(from, ADDRESS_SPACE));
        set(to, DATA, get(from, DATA));
    }
}
