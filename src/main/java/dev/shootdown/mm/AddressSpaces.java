package dev.shootdown.mm;

import dev.shootdown.memory.Cpus;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * Address spaces by number (struct mm_struct), the processes that have them, and their threads. One that is not alive has no
 * state but its name.
 */
public abstract sealed class AddressSpaces permits Kernel {
    private static final int FIELDS = 4;
    private static final int ROOT = 0;
    private static final int USERS = 1;
    private static final int LOCK = 2;
    private static final int GATHERS = 3;
    private static final int MMAP_BASE = 4;
    private static final int HEAP = 5;
    private static final int BREAK = 6;
    private static final int LENDER = 7;
    private static final int COUNTERS = 2;

    private final Frames frames;
    private final Cpus cpus;
    private final Owners owners;
    private final Cells spaces;
    private final Cells rss;
    private final Cells current;
    private final Cells threadSpaces;
    private final Cells threadCpus;

    AddressSpaces(World world, Frames frames, Cpus cpus, Owners owners) {
        this.frames = frames;
        this.cpus = cpus;
        this.owners = owners;
        this.spaces = world.cells("mm");
        this.rss = world.cells("mm.rss", Role.SUMMARY, 0);
        this.current = world.cells("process.mm");
        this.threadSpaces = world.cells("thread.mm");
        this.threadCpus = world.cells("thread.cpu");
    }

    public Frames frames() {
        return frames;
    }

    public Cpus cpus() {
        return cpus;
    }

    public Owners owners() {
        return owners;
    }

    Cells spaces() {
        return spaces;
    }

    /** All of an address space's fields are 0 again. */
    void clear(int mm) {
        for (int field = 0; field < 1 << FIELDS; field++) {
            set(mm, field, 0);
        }
    }

    /** Gives a process's name a number, under which it can be born later ({@link Fork}); the number it has, if it has one. */
    public int reserve(String process) {
        int known = mm(process);
        if (known != 0) {
            return known;
        }
        int mm = owners.free(1);
        owners.name(mm, process);
        return mm;
    }

    /** Makes a process with an empty address space and one user; between two steps. Returns its number. */
    public int create(String process) {
        int mm = reserve(process);
        bear(mm);
        return mm;
    }

    /** mm_alloc(): the address space begins, with its top table and one user. Returns the table's frame, 0 if there is none. */
    long bear(int mm) {
        long root = frames.allocate(Use.TABLE, mm);
        set(mm, ROOT, root);
        set(mm, USERS, 1);
        set(mm, MMAP_BASE, Placement.DEFAULT_MMAP_BASE);
        return root;
    }

    /** The name of a process. */
    public String name(int mm) {
        return owners.name(mm);
    }

    /** The number of a process's address space, or 0 where there is no such process. */
    public int mm(String process) {
        int first = owners.find(process, 1, Owners.FILES);
        int later = (int) current.get(first);
        return later == 0 ? first : later;
    }

    /** A number under which nothing lives, for another address space of a process: the lowest that it had before, or a new one. */
    int another(String process) {
        int end = owners.free(1);
        int number = owners.find(process, 1, end);
        while (number < end && (!process.equals(owners.name(number)) || root(number) != 0)) {
            number++;
        }
        owners.name(number, process);
        return number;
    }

    /** A process has another address space from here on. */
    void became(String process, int mm) {
        int first = owners.find(process, 1, Owners.FILES);
        current.set(first, mm == first ? 0 : mm);
    }

    /** Whose address space a vforked child runs in, by the number that is kept for its own; 0 if it has one itself. */
    public int lender(int mm) {
        return (int) get(mm, LENDER);
    }

    void lender(int mm, int from) {
        set(mm, LENDER, from);
    }

    /** Whether it has been born and somebody still uses it (mmget_not_zero would succeed). */
    public boolean alive(int mm) {
        return users(mm) != 0;
    }

    /** The frame of its top table, which CR3 and an IOMMU's tables name; 0 before its birth and after its end. */
    public long root(int mm) {
        return get(mm, ROOT);
    }

    /** mm_users: who keeps the memory from going. A driver of 3.16 that binds takes one. */
    public long users(int mm) {
        return get(mm, USERS);
    }

    /** mmget(): one more user. {@link Mmput} drops one. */
    public void get(int mm) {
        set(mm, USERS, users(mm) + 1);
    }

    void users(int mm, long count) {
        set(mm, USERS, count);
    }

    /** mmap_lock: -1 held for writing, else how many hold it for reading. */
    public long lock(int mm) {
        return get(mm, LOCK);
    }

    void lock(int mm, long state) {
        set(mm, LOCK, state);
    }

    /** How many gathers are under way (tlb_flush_pending). */
    long gathers(int mm) {
        return get(mm, GATHERS);
    }

    void gathers(int mm, long count) {
        set(mm, GATHERS, count);
    }

    /** Where top-down placement begins. */
    public long mmapBase(int mm) {
        return get(mm, MMAP_BASE);
    }

    /** Places mappings below another address than the default one. */
    public void mmapBase(int mm, long base) {
        set(mm, MMAP_BASE, base);
    }

    /** Where brk starts; 0 where the process has no heap. */
    public long heap(int mm) {
        return get(mm, HEAP);
    }

    /** Sets where brk starts; the heap is empty then. */
    public void heap(int mm, long start) {
        set(mm, HEAP, start);
        set(mm, BREAK, start);
    }

    /** The end of the heap (mm->brk). */
    public long programBreak(int mm) {
        return get(mm, BREAK);
    }

    void programBreak(int mm, long address) {
        set(mm, BREAK, address);
    }

    /** A fork child's heap is where its parent's is. */
    void copyHeap(int from, int to) {
        set(to, HEAP, heap(from));
        set(to, BREAK, programBreak(from));
    }

    /** Pages that count in the resident set, by kind. */
    public long rss(int mm, Rss kind) {
        return rss.get((long) mm << COUNTERS | kind.ordinal());
    }

    /** Resident pages in all: get_mm_rss(). */
    public long rss(int mm) {
        return rss(mm, Rss.FILE) + rss(mm, Rss.ANON) + rss(mm, Rss.SHMEM);
    }

    void count(int mm, Rss kind, long change) {
        rss.add((long) mm << COUNTERS | kind.ordinal(), change);
    }

    long get(int mm, int field) {
        return spaces.get((long) mm << FIELDS | field);
    }

    void set(int mm, int field, long value) {
        spaces.set((long) mm << FIELDS | field, value);
    }

    // ---------------------------------------------------------------- threads

    /** Says that an actor is a thread of a process and runs on a CPU; the CPU loads the address space if it has none. */
    public void thread(Actor actor, int mm, int cpu) {
        threadSpaces.set(actor.number(), mm);
        threadCpus.set(actor.number(), cpu + 1L);
        if (cpus.loaded(cpu) == 0) {
            cpus.load(cpu, mm);
        }
    }

    /** The address space that an actor's thread belongs to, or 0. */
    public int spaceOf(Actor actor) {
        return (int) threadSpaces.get(actor.number());
    }

    /** The CPU an actor runs on; {@link Cpus#elsewhere} if it runs on none. */
    public int cpuOf(Actor actor) {
        long cpu = threadCpus.get(actor.number());
        return cpu == 0 ? cpus.elsewhere() : (int) cpu - 1;
    }
}
