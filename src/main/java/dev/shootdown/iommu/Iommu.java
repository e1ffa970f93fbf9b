package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An IOMMU: caches, a walker, three rings and interrupts, which are alike whoever made it. A vendor's subclass adds
 * its tables, its commands with their encodings and their order, and its log.
 *
 * <p>Everything that a driver asks for is a list of steps, which the calling actor takes: each puts one command into
 * the ring, or waits for one completion.
 */
public abstract class Iommu {
    private static final int WALK_CACHE_ENTRIES = 16;
    private static final int PASID_BITS = 20;

    private final Iommus iommus;
    private final int number;
    private final String name;
    private final Frames frames;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Endpoint> channels = new ArrayList<>();
    private final Actor hardware;
    private final Actor faults;
    private final Caches caches;
    private final Walker walker;
    private final CommandQueue queue;
    private final Log requests;
    private final Log events;
    private final Interrupts interrupts;
    private final Semaphores semaphores;
    private final Cells rootBorn;
    private final Cells unanswered;
    private final Tags tags;
    private final boolean automatic;
    private final long emptyTable;
    private final Blocks blocks;
    private final DmaDomain domain;
    private final FlushQueue flushQueue;
    /** Null where translations are not nested. */
    private final SecondStage secondStage;

    protected Iommu(Iommus iommus, String name, IommuOptions options, Geometry geometry) {
        World world = iommus.engine().world();
        this.iommus = iommus;
        this.name = name;
        this.frames = iommus.frames();
        this.number = iommus.add(this);
        this.hardware = iommus.engine().actor(name);
        this.faults = iommus.engine().actor(name + ".faults");
        this.caches = new Caches(
                new Tlb(world, name + ".iotlb", options.iotlb()),
                new WalkCache(world, name + ".walk_cache", WALK_CACHE_ENTRIES, iommus.levels()),
                channels);
        this.walker = new Walker(this, frames, caches);
        this.queue = new CommandQueue(world, frames, name, options.commands(), geometry.commands());
        this.interrupts = new Interrupts(world, name);
        this.requests = new Log(world, frames, name + ".requests", options.requests(), geometry.requests(), interrupts,
                Interrupts.Cause.PAGE_REQUEST);
        this.events = new Log(world, frames, name + ".events", options.events(), geometry.events(), interrupts,
                Interrupts.Cause.EVENT);
        this.semaphores = new Semaphores(frames);
        this.rootBorn = world.cells(name + ".root_born");
        this.unanswered = world.cells(name + ".unanswered");
        this.tags = new Tags(world, name);
        this.automatic = options.automatic();
        this.emptyTable = frames.allocate(Use.KERNEL, 0);
        this.blocks = new Blocks(world, name);
        this.domain = new DmaDomain(world, this, frames, iommus.levels());
        this.flushQueue = new FlushQueue(world, name, options.unmapping());
        this.secondStage = options.nested() ? new SecondStage(world, name, frames, secondStageFormat(), options.iotlb()) : null;
        iommus.engine().assign(hardware, List.of(new Serve(number)));
    }

    // ---------------------------------------------------------------- what it is

    public final int number() {
        return number;
    }

    public final String name() {
        return name;
    }

    /** Who obeys its commands. */
    public final Actor hardware() {
        return hardware;
    }

    /** Who serves its page requests; what it does is the driver's business. */
    public final Actor faults() {
        return faults;
    }

    /** The devices behind it. */
    public final List<Endpoint> endpoints() {
        return Collections.unmodifiableList(endpoints);
    }

    /** The channels of the devices behind it. */
    public final List<Endpoint> channels() {
        return Collections.unmodifiableList(channels);
    }

    /** Puts a device behind it; while the machine is composed. */
    public final void attach(Endpoint endpoint) {
        endpoints.add(endpoint);
        channels.addAll(endpoint.channels());
        iommus.add(endpoint);
        attached(endpoint);
    }

    public final Caches caches() {
        return caches;
    }

    /** The translations that it remembers, tagged by PASID. */
    public final Tlb iotlb() {
        return caches.iotlb();
    }

    public final Walker walker() {
        return walker;
    }

    public final Ring commands() {
        return queue.ring();
    }

    /** The page requests that wait to be taken. */
    public final Ring requests() {
        return requests.ring();
    }

    /** Where the hardware writes page requests. */
    public final Log requestLog() {
        return requests;
    }

    /** The faults that wait to be read. */
    public final Ring events() {
        return events.ring();
    }

    /** Where the hardware writes faults. */
    public final Log eventLog() {
        return events;
    }

    public final Interrupts interrupts() {
        return interrupts;
    }

    public final Semaphores semaphores() {
        return semaphores;
    }

    /** How many commands have been put into its ring. Outside the fingerprint until somebody asks. */
    public final Cell commandCount() {
        return queue.count();
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

    /** What was unmapped and waits for a flush. */
    public final FlushQueue flushQueue() {
        return flushQueue;
    }

    protected final Iommus iommus() {
        return iommus;
    }

    protected final Frames frames() {
        return frames;
    }

    // ---------------------------------------------------------------- what a driver asks for

    /** Drops [start, end) of a PASID from the IOTLB, with pointers to tables. */
    public abstract List<Step> flushIotlb(int pasid, long start, long end);

    /** Drops [start, end) of a PASID from a device's ATC; no steps for a device without one. */
    public abstract List<Step> flushAtc(int device, int pasid, long start, long end);

    /** Answers a page request group with a code as PCIe has it ({@link PageRequest}). */
    public abstract List<Step> respond(int device, int pasid, int group, int code);

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
        return List.of(new Sync(number));
    }

    /**
     * Points a device's PASID at a top table. Invalidating what came of the old one is the caller's business; a vendor whose
     * hardware keeps copies of the entry itself has it read anew.
     */
    public List<Step> setTable(int device, int pasid, long root) {
        return List.of(new SetTable(number, device, pasid, root));
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
        rootBorn.set(rootIndex(endpoint, pasid), root == 0 ? 0 : frames.generation(root));
        writeTable(endpoint, pasid, root);
    }

    /** Lets new translations of [start, end) of a PASID wait. */
    public final List<Step> block(int pasid, long start, long end) {
        return List.of(new SetBlock(number, pasid, start, end, true));
    }

    /** Lets them go on, if nobody else blocks them. */
    public final List<Step> unblock(int pasid, long start, long end) {
        return List.of(new SetBlock(number, pasid, start, end, false));
    }

    /** Whether a driver lets new translations of this address wait. */
    public final boolean blocked(int pasid, long address) {
        return blocks.covers(pasid, address);
    }

    final Blocks blocks() {
        return blocks;
    }

    // ---------------------------------------------------------------- commands

    final boolean commandRoom() {
        return queue.room();
    }

    /** Whether the hardware has something to do: a command to fetch, or work that fetched ones have left behind. */
    final boolean serves() {
        boolean fetches = queue.ready();
        return fetches | busy();
    }

    /** Whether it may fetch the next command. */
    protected final boolean fetches() {
        return queue.ready();
    }

    /**
     * Whether commands that were fetched are still to be carried out, where a vendor's hardware may take them out of
     * order: then {@link #execute} is called although there may be nothing to fetch.
     */
    protected boolean busy() {
        return false;
    }

    final void enqueue(Turn turn, Command command) {
        queue.push(command);
        submitted(turn.actor().number(), command);
        turn.emit(Kind.COMMAND, () -> new Event.Command(name, command.name(), command.words(), command.start(),
                command.end(), command.addressSpace(), nameOf(command.requester())));
    }

    /** Any command of the vendor's, by hand, as it is. */
    public final Step command(Command command) {
        return new Enqueue(number, command);
    }

    private String nameOf(Integer requester) {
        Endpoint endpoint = requester == null ? null : iommus.requesting(requester);
        return endpoint == null ? null : endpoint.name();
    }

    /** Whether it has stopped at a command, and fetches nothing. */
    public final boolean stopped() {
        return queue.stopped();
    }

    protected final void stop() {
        queue.stopped(true);
    }

    /** It goes on with the command that it stopped at, or with what software has put there instead. */
    protected final void restart() {
        queue.stopped(false);
    }

    /** A command to store into a waiter's word when all before it are done: anything but 0. */
    protected abstract Command completion(long address);

    /**
     * What a waiter does when something was stored into its word, which is 0 again: nothing, where all is done. A vendor
     * whose hardware aborts waits (after a device has not answered) has its commands sent again here.
     */
    protected void waited(Turn turn, int waiter, long word) {}

    /** In how many ways the hardware may go on now, where it keeps no order between commands; {@link Turn#choice} says which. */
    protected int ways() {
        return 1;
    }

    /** Whether those who wait for a completion look after a ring that has stopped ({@link #attend}), not a thread of its own. */
    protected boolean attends() {
        return false;
    }

    /** What one who waits does when he finds the ring stopped. */
    protected void attend(Turn turn) {}

    /** An actor has put a command into the ring: for a vendor whose driver may have to do so again. */
    protected void submitted(int actor, Command command) {}

    /** Takes the next command and obeys it; it may put steps that wait before what the hardware does next. */
    protected abstract void execute(Turn turn);

    /** Drops from the IOTLB, emits {@code iotlb_invalidate}. A negative PASID stands for every one. */
    protected final void invalidateIotlb(Turn turn, int pasid, long start, long end, boolean pointers) {
        int dropped = caches.invalidateIotlb(turn, number, pasid, start, end, pointers);
        turn.emit(Kind.IOTLB_INVALIDATE,
                () -> new Event.IotlbInvalidate(name, start, end, pasid < 0 ? null : pasid, null, dropped));
    }

    /** Drops one page from the IOTLB, with pointers to tables, as a part of something else. */
    protected final void dropPage(Turn turn, int pasid, long address) {
        caches.invalidateIotlb(turn, number, pasid, address, address + Frames.PAGE_SIZE, true);
    }

    /** Drops everything from the IOTLB, emits {@code iotlb_invalidate}. */
    protected final void invalidateIotlb(Turn turn) {
        int dropped = caches.invalidateIotlb();
        turn.emit(Kind.IOTLB_INVALIDATE,
                () -> new Event.IotlbInvalidate(name, 0, Caches.EVERYTHING, null, null, dropped));
    }

    /** A device drops from its ATC, emits {@code atc_invalidate}. A negative PASID stands for every one. */
    protected final void invalidateAtc(Turn turn, Endpoint endpoint, int pasid, long start, long end) {
        if (!tags.free(endpoint)) {
            turn.then(new AwaitTag(number, endpoint.number(), pasid, start, end));
            return;
        }
        int dropped = endpoint.completes() ? Caches.invalidateAtc(turn, endpoint, pasid, start, end) : unanswered(endpoint);
        tags.take(endpoint);
        turn.emit(Kind.ATC_INVALIDATE,
                () -> new Event.AtcInvalidate(name, start, end, pasid < 0 ? null : pasid, endpoint.name(), dropped));
    }

    /** No ITag is free, since a device has completed nothing for so long: the time for that is over. */
    protected void overdue(Turn turn, Endpoint endpoint) {}

    final Tags tags() {
        return tags;
    }

    private int unanswered(Endpoint endpoint) {
        unanswered.set(endpoint.number(), queue.ring().takenAddress());
        return 0;
    }

    /** A device that has been asked to invalidate and will never complete it; null if there is none. */
    protected final Endpoint unanswered() {
        for (Endpoint endpoint : endpoints) {
            if (unanswered.get(endpoint.number()) != 0) {
                return endpoint;
            }
        }
        return null;
    }

    /** The time for its completion is over. Returns the physical address of the command that it did not complete. */
    protected final long timedOut(Endpoint endpoint) {
        long command = unanswered.get(endpoint.number());
        unanswered.set(endpoint.number(), 0);
        return command;
    }

    /** Stores a completion's word, emits {@code completion}. */
    protected final void complete(Turn turn, long address, long data) {
        tags.completed(endpoints);
        frames.word(address >>> Frames.PAGE_SHIFT, (int) (address >>> 3) & (Frames.WORDS - 1), data);
        turn.emit(Kind.COMPLETION, () -> new Event.Completion(name, waiting(address)));
    }

    private String waiting(long address) {
        int waiter = semaphores.waiter(address);
        List<Actor> actors = iommus.engine().actors();
        return waiter >= 0 && waiter < actors.size() ? actors.get(waiter).name() : "0x" + Long.toHexString(address);
    }

    /** The device with this requester id, if it is behind this IOMMU; otherwise null. */
    protected final Endpoint behind(int requester) {
        Endpoint endpoint = iommus.requesting(requester);
        return endpoint != null && endpoints.contains(endpoint) ? endpoint : null;
    }

    // ---------------------------------------------------------------- tables

    /** Prepares the device's entry in the device table. */
    protected abstract void attached(Endpoint endpoint);

    /**
     * The frame of a PASID's top table as the tables in memory, or a cached copy of them, have it; 0 if there is none.
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

    /** A device asks for a page: {@link Walker#ask}. */
    public final void ask(Turn turn, Endpoint endpoint, int pasid, long page, boolean write) {
        walker.ask(turn, endpoint, pasid, page, write);
    }

    // ---------------------------------------------------------------- logs

    /**
     * A device sends a page request: it is written into the log, with an interrupt. One that finds the log full or
     * overflowed is lost, unless {@link #automatic}.
     *
     * @return the code with which the hardware itself answers at once, or {@link PageRequest#NONE}
     */
    public int request(Turn turn, PageRequest request) {
        boolean logged = requests.write(entry(request));
        return logged | !automatic | !request.last() ? PageRequest.NONE : PageRequest.SUCCESS;
    }

    /** Whether the hardware itself answers, with Success, a request that is the last of its group and finds no room. */
    public final boolean automatic() {
        return automatic;
    }

    /** Writes a page request into the log and interrupts. False if it was lost. */
    protected final boolean log(PageRequest request) {
        return requests.write(entry(request));
    }

    /** Whether there is a page request to take. */
    public boolean hasRequest() {
        return requests.ring().ready();
    }

    /** Takes the next page request out of the log and zeroes its entry; null if there is none. */
    public PageRequest takeRequest() {
        Ring ring = requests.ring();
        if (!ring.ready()) {
            return null;
        }
        PageRequest request = request(ring::word);
        ring.pop();
        return request;
    }

    /**
     * What the thread that serves page requests does when it has read the log empty: a driver that looks for an overflow
     * does so here.
     */
    public void emptied(Turn turn) {}

    /**
     * What a driver does with a page request that it looks at and finds unfit, before anybody else serves it: says so and
     * answers it. Nothing where it passes every request on.
     */
    public List<Step> unfit(PageRequest request) {
        return List.of();
    }

    /** Whether its driver knows a stop marker and drops it; otherwise it is served and answered as a request is. */
    public boolean dropsStopMarkers() {
        return true;
    }

    /** What the interrupt thread does when the command ring has stopped: clears the error and lets it go on, if it can. */
    public List<Step> recover() {
        return List.of();
    }

    /** Whether devices behind it ask for pages by way of the event log, which is then served as the request log is. */
    public boolean asksByEvents() {
        return false;
    }

    /** What the interrupt thread does when a completion has interrupted. */
    public List<Step> acknowledge() {
        return List.of();
    }

    /** What the interrupt thread does besides when it has read an event log empty that had lost something. */
    public List<Step> eventsLost() {
        return List.of();
    }

    /** Writes a fault into the event log and interrupts. False if it was lost because the log is full. */
    protected final boolean event(Ring.Slot entry) {
        return events.write(entry);
    }

    /**
     * What the interrupt thread does with the event log: reads it empty and, after an overflow, restarts it.
     *
     * @return how many entries there were
     */
    public final int takeEvents() {
        int taken = 0;
        while (events.ring().ready()) {
            events.ring().pop();
            taken++;
        }
        events.restart();
        return taken;
    }

    protected final void raise(Interrupts.Cause cause) {
        interrupts.raise(cause);
    }

    /** A page request as the log's entry. */
    protected abstract Ring.Slot entry(PageRequest request);

    /** A log entry, by its words, as a page request. */
    protected abstract PageRequest request(Ring.Slot entry);

    /** What a translation request is answered that ends so. */
    protected Answer answer(Fault fault) {
        return Answer.EMPTY;
    }

    /** Whether an entry of a page table has bits set that this vendor's hardware takes for wrong. */
    protected boolean reserved(long entry, int level) {
        return false;
    }

    /**
     * The vendor's own reason to refuse an entry that allows the access, as a code ({@link Fault#code}); 0 if it has none.
     *
     * @param leaf whether it is the page's own entry
     */
    protected int refusal(Endpoint endpoint, int pasid, long entry, boolean leaf) {
        return 0;
    }

    /** Whether an access with an address that the device had translated is not let through any more. */
    public boolean forbids(Endpoint endpoint) {
        return false;
    }

    /** How an access that it forbids is logged. */
    public List<Step> forbidden(Endpoint endpoint, int pasid, long addr, boolean write) {
        return List.of();
    }

    /** What becomes of a fault that the device is not to ask for a page after: it is logged. */
    protected Step faulted(Endpoint endpoint, Fault fault) {
        return new LogFault(number, endpoint.number(), fault);
    }

    /**
     * Writes the fault of an untranslated access, or of a translation request that is refused, into the event log; emits
     * {@code io_page_fault} with the kernel's line.
     */
    protected abstract void logFault(Turn turn, Endpoint endpoint, Fault fault);
}
