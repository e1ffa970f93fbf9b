package dev.shootdown.mm;

import dev.shootdown.memory.Cpus;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;
import java.util.List;

/**
 * The kernel's memory management: all address spaces, by number, and what they share. Operations are steps that
 * ask for it. An address space that is not alive has no state but its name.
 */
public final class Kernel {
    private static final int FIELDS = 4;
    private static final int ROOT = 0;
    private static final int USERS = 1;
    private static final int LOCK = 2;
    private static final int GATHERS = 3;
    private static final int MMAP_BASE = 4;
    private static final int HEAP = 5;
    private static final int BREAK = 6;
    private static final int LENDER = 7;
    private static final int LOCKABLE = 8;
    private static final int LOCKED_TWICE = 9;
    private static final int COUNTERS = 2;

    private final Engine engine;
    private final KernelVersion version;
    private final int levels;
    private final Frames frames;
    private final Tables tables;
    private final Cpus cpus;
    private final Owners owners;
    private final Notifier notifier;
    private final Cells spaces;
    private final Cells rss;
    private final Cells current;
    private final Cells threadSpaces;
    private final Cells threadCpus;
    private final Cells tableLocks;
    private final Vmas vmas;
    private final VmaLocks vmaLocks;
    private final LruBatches lru;
    private final Folios folios;
    private final AnonVmas anonVmas;
    private final Files files;
    private final Rmap rmap;
    private final Swap swap;
    private final Thp thp;
    private final Hugetlb hugetlb;
    private final Cell nodes;
    private final UnmapBatch unmapBatch;
    private final Gather gather;
    private final Rcu rcu;
    private final MemoryLimits limits;
    private final long zeroFrame;

    /** Pages that wait to be moved between the lists of reclaim. */
    public LruBatches lru() {
        return lru;
    }

    /** @param levels of page tables, 4 or 5 */
    public Kernel(Engine engine, KernelVersion version, int levels, Frames frames, Cpus cpus, Owners owners, Notifier notifier) {
        World world = engine.world();
        this.engine = engine;
        this.version = version;
        this.levels = levels;
        this.frames = frames;
        this.tables = new Tables(frames);
        this.cpus = cpus;
        this.owners = owners;
        this.notifier = notifier;
        this.spaces = world.cells("mm");
        this.limits = new MemoryLimits(this, spaces);
        this.rss = world.cells("mm.rss", Role.SUMMARY, 0);
        this.current = world.cells("process.mm");
        this.threadSpaces = world.cells("thread.mm");
        this.threadCpus = world.cells("thread.cpu");
        this.tableLocks = world.cells("page_table_lock");
        this.vmas = new Vmas(world, this);
        this.vmaLocks = new VmaLocks(world, this);
        this.lru = new LruBatches(world, frames);
        this.folios = new Folios(world, frames, lru);
        this.anonVmas = new AnonVmas(world);
        this.files = new Files(world, this);
        this.rmap = new Rmap(world, this);
        this.swap = new Swap(world, this);
        this.thp = new Thp(world, this);
        this.hugetlb = new Hugetlb(world, this);
        this.nodes = world.cell("nodes");
        this.unmapBatch = new UnmapBatch(world, this);
        this.gather = new Gather(world, this);
        this.rcu = new Rcu(world);
        this.zeroFrame = frames.allocate(Use.KERNEL, 0);
        world.install(this);
        if (version.rcuTableFree()) {
            engine.assign(engine.actor("kernel.rcu"), List.of(new Rcu.GracePeriod()));
        }
    }

    // ---------------------------------------------------------------- the machine's other parts

    public KernelVersion version() {
        return version;
    }

    public Frames frames() {
        return frames;
    }

    public Tables tables() {
        return tables;
    }

    public Cpus cpus() {
        return cpus;
    }

    public Notifier notifier() {
        return notifier;
    }

    public Owners owners() {
        return owners;
    }

    public Vmas vmas() {
        return vmas;
    }

    /** The locks of the mappings, of versions that have them. */
    public VmaLocks vmaLocks() {
        return vmaLocks;
    }

    public Folios folios() {
        return folios;
    }

    public Files files() {
        return files;
    }

    Swap swap() {
        return swap;
    }

    /** Whether a page is in the swap cache, which holds a reference of it. */
    public boolean inSwapCache(long frame) {
        return swap.slot(frame) != 0;
    }

    /** The hugetlb pool. */
    public Hugetlb hugetlb() {
        return hugetlb;
    }

    /** Transparent huge pages. */
    public Thp thp() {
        return thp;
    }

    UnmapBatch unmapBatch() {
        return unmapBatch;
    }

    /** swapon(): gives the machine a swap area of so many pages; while it is composed. */
    public void swapOn(long pages) {
        swap.on(pages);
    }

    /** How many NUMA nodes there are, at least 1; CPUs are dealt out to them in turn. */
    public int nodes() {
        return (int) nodes.get() + 1;
    }

    /** Says how many NUMA nodes there are; while the machine is composed. */
    public void nodes(int count) {
        nodes.set(count - 1L);
    }

    Rmap rmap() {
        return rmap;
    }

    AnonVmas anonVmas() {
        return anonVmas;
    }

    Gather gather() {
        return gather;
    }

    Rcu rcu() {
        return rcu;
    }

    public int levels() {
        return levels;
    }

    /** The frame of zeros that reads of untouched anonymous memory get; never freed, never counted. */
    public long zeroFrame() {
        return zeroFrame;
    }

    // ---------------------------------------------------------------- address spaces

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

    /** The last of it goes: __mmdrop(). The top table's frame is the caller's to free. */
    void bury(int mm) {
        vmaLocks.endWriteAll(mm);
        for (int field = 0; field < 1 << FIELDS; field++) {
            set(mm, field, 0);
        }
        unmapBatch.forget(mm);
        notifier.forget(mm);
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

    /** How much may be mapped. */
    public MemoryLimits limits() {
        return limits;
    }

    /** Says how many pages a process may lock, that may not lock what it likes (RLIMIT_MEMLOCK without CAP_IPC_LOCK). */
    public void lockable(int mm, long pages) {
        set(mm, LOCKABLE, pages + 1);
    }

    /** Whether anything may be locked at all: can_do_mlock(). */
    boolean canLock(int mm) {
        return get(mm, LOCKABLE) != 1;
    }

    /** Whether so many pages more may be locked: mlock_future_ok(). */
    boolean mayLock(int mm, long pages) {
        return get(mm, LOCKABLE) == 0 || lockedPages(mm) + pages < get(mm, LOCKABLE);
    }

    /** mm->locked_vm. */
    private long lockedPages(int mm) {
        long pages = get(mm, LOCKED_TWICE);
        for (Vma vma : vmas.all(mm)) {
            pages += vma.has(Vma.LOCKED) ? vma.pages() : 0;
        }
        return pages;
    }

    /** So many pages count as locked though they are not any more. */
    void lockedTwice(int mm, long pages) {
        set(mm, LOCKED_TWICE, get(mm, LOCKED_TWICE) + pages);
    }

    /** The limit goes with the process, whatever address space it has. */
    void copyLimits(int from, int to) {
        set(to, LOCKABLE, get(from, LOCKABLE));
        limits.copy(from, to);
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

    private long get(int mm, int field) {
        return spaces.get((long) mm << FIELDS | field);
    }

    private void set(int mm, int field, long value) {
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

    // ---------------------------------------------------------------- page-table locks

    /** Whether nobody is in the middle of changing the entries of a table. */
    boolean unlocked(long table) {
        return tableLocks.get(table) == 0;
    }

    void lockTable(long table, Actor holder) {
        tableLocks.set(table, holder.number() + 1L);
    }

    void unlockTable(long table) {
        tableLocks.set(table, 0);
    }

    /** The lowest-level table of an address, or 0. */
    public long pteTable(int mm, long address) {
        return tables.table(root(mm), levels, address, 1);
    }

    /** The entry that maps a page: of the lowest level, or 0. A large one above it is given with the frame of this page of it. */
    public long pte(int mm, long address) {
        long table = root(mm);
        for (int level = levels; level > 1; level--) {
            long entry = tables.entry(table, address, level);
            if (Entry.huge(entry)) {
                return entry + (address & Entry.span(level) - 1 & -Frames.PAGE_SIZE);
            }
            if (!Entry.present(entry)) {
                return entry;
            }
            table = Entry.frame(entry);
        }
        return tables.entry(table, address, 1);
    }

    /** Whether an entry is a guard marker, at which every access ends with a signal. */
    public static boolean guard(long entry) {
        return SwapEntry.guard(entry);
    }

    Engine engine() {
        return engine;
    }
}
