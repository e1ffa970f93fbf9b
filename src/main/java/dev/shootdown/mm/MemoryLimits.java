package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import java.util.HashSet;
import java.util.Set;

/**
 * How much may be mapped: RLIMIT_AS of a process, vm.max_map_count, and the commit limit of the machine with
 * vm.overcommit_memory=2. What the machine has given out is not kept but counted when it is asked for.
 */
public final class MemoryLimits {
    private static final int FIELDS = 4;
    private static final int ADDRESS_SPACE = 10;
    /** What is the machine's has no process: row 0. */
    private static final int MAP_COUNT = 11;
    private static final int COMMIT = 12;

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

    /** Whether a process may map so many pages more: may_expand_vm(). */
    boolean mayExpand(int mm, long pages) {
        long limit = get(mm, ADDRESS_SPACE);
        if (limit == 0) {
            return true;
        }
        long mapped = 0;
        for (Vma vma : kernel.vmas().all(mm)) {
            mapped += vma.pages();
        }
        return mapped + pages < limit;
    }

    /** vm.overcommit_memory=2, where MAP_NORESERVE means nothing: OVERCOMMIT_NEVER. */
    boolean neverOvercommits() {
        return get(0, COMMIT) != 0;
    }

    /** Whether the machine may promise so many pages more: __vm_enough_memory(). */
    boolean mayCommit(long pages) {
        return !neverOvercommits() || committed() + pages < get(0, COMMIT);
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
    }
}
