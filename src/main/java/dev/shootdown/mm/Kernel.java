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
import dev.shootdown.sim.World;
import java.util.List;

/**
 * The kernel's memory management: all address spaces, by number, and what they share. Operations are steps that
 * ask for it.
 */
public final class Kernel extends AddressSpaces {
    private static final int LOCKABLE = 8;
    private static final int LOCKED_TWICE = 9;

    private final Engine engine;
    private final KernelVersion version;
    private final int levels;
    private final Tables tables;
    private final Notifier notifier;
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
        super(engine.world(), frames, cpus, owners);
        World world = engine.world();
        this.engine = engine;
        this.version = version;
        this.levels = levels;
        this.tables = new Tables(frames);
        this.notifier = notifier;
        this.limits = new MemoryLimits(this, spaces());
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

    public Tables tables() {
        return tables;
    }

    public Notifier notifier() {
        return notifier;
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

    /** The last of it goes: __mmdrop(). The top table's frame is the caller's to free. */
    void bury(int mm) {
        vmaLocks.endWriteAll(mm);
        clear(mm);
        unmapBatch.forget(mm);
        notifier.forget(mm);
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
