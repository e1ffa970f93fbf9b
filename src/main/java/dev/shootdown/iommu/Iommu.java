package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;

/**
 * An IOMMU: caches, a walker, three rings and interrupts, which are alike whoever made it. A vendor's subclass adds
 * its tables, its commands with their encodings and their order, and its log.
 *
 * <p>Everything that a driver asks for is a list of steps, which the calling actor takes: each puts one command into
 * the ring, or waits for one completion.
 */
public abstract class Iommu extends LogUnit {
    /** In the place of a top table's frame: the first stage translates nothing, an address is the second one's or where it says. */
    public static final long IDENTITY = Long.MAX_VALUE;
    /** There too: neither stage translates. */
    public static final long BYPASS = IDENTITY - 1;

    private static final int PASID_BITS = 20;
    private static final int HIGHEST_TABLE_WITH_PAGES = 3;
    /** Of a large page, in the place of its address's lowest bit. */
    private static final int PAT = 1 << 12;

    private final Actor faults;
    private final Walker walker;
    private final Cells rootBorn;
    private final long emptyTable;
    private final Blocks blocks;
    private final DmaDomain domain;
    private final FlushQueue flushQueue;
    /** Null where translations are not nested. */
    private final SecondStage secondStage;

    protected Iommu(Iommus iommus, String name, IommuOptions options, Geometry geometry) {
        super(iommus, name, options, geometry);
        World world = iommus.engine().world();
        iommus.add(this);
        this.faults = iommus.engine().actor(name + ".faults");
        this.walker = new Walker(this, frames(), caches());
        this.rootBorn = world.cells(name + ".root_born");
        this.emptyTable = frames().allocate(Use.KERNEL, 0);
        this.blocks = new Blocks(world, name);
        this.domain = new DmaDomain(world, this, frames(), iommus.levels());
        this.flushQueue = new FlushQueue(world, name, options.unmapping());
        this.secondStage = options.nested() ? new SecondStage(world, name, frames(), secondStageFormat(), options.iotlb()) : null;
        iommus.engine().assign(hardware(), List.of(new Serve(number())));
    }

    // ---------------------------------------------------------------- what it is

    /** Who serves its page requests; what it does is the driver's business. */
    public final Actor faults() {
        return faults;
    }

    public final Walker walker() {
        return walker;
    }

    /** A frame of zeros, which a driver may give a PASID as its top table so that nothing translates. */
    public final long emptyTable() {
        return emptyTable;
    }

    /** The address space of what is mapped by the DMA API. */
    public final DmaDomain domain() {
        return domain;
    }

    /** The hypervisor's page table, through which processes' tables are walked; null where there is none. */
    public final SecondStage secondStage() {
        return secondStage;
    }

    /** How the vendor's second stage is written. Asked while it is made. */
    protected SecondStage.Format secondStageFormat() {
        throw new IllegalArgumentException("no nested translation of this vendor's");
    }

    /** Has what comes of a range of the second stage forgotten, by the IOMMU and by devices, and waits. */
    public List<Step> flushSecondStage(long start, long end) {
        return List.of();
    }

    /** Drops from what is remembered of the second stage; and with it all that was translated by way of it. */
    protected final void invalidateSecondStage(Turn turn, long start, long end) {
        secondStage.drop(start >>> Frames.PAGE_SHIFT, end == Caches.EVERYTHING ? Caches.PAGES : end >>> Frames.PAGE_SHIFT);
        invalidateIotlb(turn);
    }

    /** Drops from what is remembered of the second stage alone; emits {@code iotlb_invalidate} without a PASID. */
    protected final void dropSecondStage(Turn turn, long start, long end) {
        long from = start >>> Frames.PAGE_SHIFT;
        long to = end == Caches.EVERYTHING ? Caches.PAGES : end >>> Frames.PAGE_SHIFT;
        int dropped = secondStage.drop(from, to);
        for (Endpoint endpoint : channels()) {
            turn.perform(new Mark.SecondStage(endpoint.number(), from, to));
        }
        turn.emit(Kind.IOTLB_INVALIDATE, () -> new Event.IotlbInvalidate(name(), start, end, null, null, dropped));
    }

    /** What was unmapped and waits for a flush. */
    public final FlushQueue flushQueue() {
        return flushQueue;
    }

    // ---------------------------------------------------------------- what a driver asks for

    /** Drops [start, end) of a PASID from the IOTLB, with pointers to tables, whichever device it has been translated for. */
    public abstract List<Step> flushIotlb(int pasid, long start, long end);

    /** Drops [start, end) of a PASID from a device's ATC; no steps for a device without one. */
    public abstract List<Step> flushAtc(int device, int pasid, long start, long end);

    /** Answers a page request group with a code as PCIe has it ({@link PageRequest}). */
    public abstract List<Step> respond(int device, int pasid, int group, int code);

    /** The same of what one device has translated, where that can be told apart. */
    public List<Step> flushIotlb(int device, int pasid, long start, long end) {
        return flushIotlb(pasid, start, end);
    }

    /** Drops everything of a PASID from the IOTLB. */
    public final List<Step> flushPasid(int pasid) {
        return flushIotlb(pasid, 0, Caches.EVERYTHING);
    }

    /** Drops everything of a PASID from a device's ATC. */
    public final List<Step> flushAtcAll(int device, int pasid) {
        return flushAtc(device, pasid, 0, Caches.EVERYTHING);
    }

    /** Waits until all commands before this are done. */
    public final List<Step> sync() {
        return List.of(new Sync(number()));
    }

    /**
     * Points a device's PASID at a top table. Invalidating what came of the old one is the caller's business; a vendor whose
     * hardware keeps copies of the entry itself has it read anew.
     */
    public List<Step> setTable(int device, int pasid, long root) {
        return List.of(new SetTable(number(), device, pasid, root));
    }

    /** Leaves a device's PASID without a table. */
    public final List<Step> clearTable(int device, int pasid) {
        return setTable(device, pasid, 0);
    }

    /**
     * What a driver sends behind the writing of a PASID's entry, of which hardware may hold a copy; asked before it is
     * written, so that it can be seen whether there was one.
     */
    protected List<Step> replaced(Endpoint endpoint, int pasid) {
        return List.of();
    }

    /** The same at once, without a step: while a machine is composed, and in tests. */
    public final void table(Endpoint endpoint, int pasid, long root) {
        rootBorn.set(rootIndex(endpoint, pasid), root == 0 ? 0 : frames().generation(root));
        writeTable(endpoint, pasid, root);
    }

    /** Lets new translations of [start, end) of a PASID wait. */
    public final List<Step> block(int pasid, long start, long end) {
        return List.of(new SetBlock(number(), pasid, start, end, true));
    }

    /** Lets them go on, if nobody else blocks them. */
    public final List<Step> unblock(int pasid, long start, long end) {
        return List.of(new SetBlock(number(), pasid, start, end, false));
    }

    /** Whether a driver lets new translations of this address wait. */
    public final boolean blocked(int pasid, long address) {
        return blocks.covers(pasid, address);
    }

    final Blocks blocks() {
        return blocks;
    }

    // ---------------------------------------------------------------- tables

    /**
     * The frame of a PASID's top table as the tables in memory, or a cached copy of them, have it; 0 if there is none,
     * {@link #IDENTITY} if the first stage translates nothing, {@link #BYPASS} if neither does.
     * Where the tables are not as they must be: the vendor's code for that, negative.
     */
    protected abstract long root(Endpoint endpoint, int pasid);

    /**
     * Whether the tables let a device translate for a PASID at all, which hardware that reads them for every access asks
     * before it looks at translations that it remembers: as {@link #root} says it, anything above 0 if they do.
     */
    protected long configured(Endpoint endpoint, int pasid) {
        return 1;
    }

    /** Writes a PASID's top table, 0 for none, into the tables in memory. */
    protected abstract void writeTable(Endpoint endpoint, int pasid, long root);

    /** The generation that the frame of a PASID's top table had when a driver wrote it, or a cached copy has. */
    protected long rootBorn(Endpoint endpoint, int pasid) {
        return rootBorn.get(rootIndex(endpoint, pasid));
    }

    private static long rootIndex(Endpoint endpoint, int pasid) {
        return (long) endpoint.number() << PASID_BITS | pasid;
    }

    // ---------------------------------------------------------------- translation

    /** What the IOTLB and the walk cache tell translations by: the PASID, and what of the device decides besides. */
    public int tag(Endpoint endpoint, int pasid) {
        return pasid;
    }

    /** The PASID in such a tag. */
    public static int pasid(int tag) {
        return tag & (1 << PASID_BITS) - 1;
    }

    /** The tag of a PASID in the address space of this number, from 0. */
    protected static int tag(int space, int pasid) {
        return space << PASID_BITS | pasid;
    }

    /** A device asks for a page: {@link Walker#ask}, which says what {@code access} is. */
    public final void ask(Turn turn, Endpoint endpoint, int pasid, long page, int access) {
        walker.ask(turn, endpoint, pasid, page, access);
    }

    /** What a translation request is answered that ends so. */
    protected Answer answer(Fault fault) {
        return Answer.EMPTY;
    }

    /** The same by the rules for a CPU's tables: bit 7 where a table must follow, and bits of a large page's address that lie within it. */
    protected static boolean reservedInCpuTables(long entry, int level) {
        if (!Entry.present(entry) || level == 1 || !Entry.huge(entry)) {
            return false;
        }
        return level > HIGHEST_TABLE_WITH_PAGES || (Entry.frame(entry) << Frames.PAGE_SHIFT & Entry.span(level) - 1 & ~PAT) != 0;
    }

    /** Whether an entry of a page table has bits set that this vendor's hardware takes for wrong. */
    protected boolean reserved(long entry, int level) {
        return false;
    }

    /**
     * The vendor's own reason to refuse an entry that allows the access, as a code ({@link Fault#code}); 0 if it has none.
     *
     * @param leaf    whether it is the page's own entry
     * @param updates whether its accessed or dirty bit is to be set
     */
    protected int refusal(Endpoint endpoint, int pasid, long entry, boolean leaf, boolean updates) {
        return 0;
    }

    /** The vendor's own reason to refuse a page that no first stage translates, as a code ({@link Fault#code}); 0 if it has none. */
    protected int beyond(Endpoint endpoint, int pasid, long page) {
        return 0;
    }

    /**
     * Why the tables do not let a device ask for what it does, execution or privileged mode, whatever the page: the vendor's code
     * ({@link Fault#code}); 0 if they do.
     */
    protected int disallowed(Endpoint endpoint, int pasid, int access) {
        return 0;
    }

    /** Which permissions of a user's page an access in privileged mode has, if the page's entry gives them. */
    protected int supervisorOnUserPage(Endpoint endpoint, int pasid) {
        return -1;
    }

    /** Whether an access with an address that the device had translated is not let through any more. */
    public boolean forbids(Endpoint endpoint, int pasid) {
        return false;
    }

    /** How an access that it forbids is logged. */
    public List<Step> forbidden(Endpoint endpoint, int pasid, long addr, int access) {
        return List.of();
    }

    /** What becomes of a fault that the device is not to ask for a page after: it is logged. */
    protected Step faulted(Endpoint endpoint, Fault fault) {
        return new LogFault(number(), endpoint.number(), fault);
    }

    /**
     * Writes the fault of an untranslated access, or of a translation request that is refused, into the event log; emits
     * {@code io_page_fault} with the kernel's line.
     */
    protected abstract void logFault(Turn turn, Endpoint endpoint, Fault fault);
}
