package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tlb;
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
 * The part of an IOMMU that obeys commands: the ring that a driver fills, what it drops of what it and the devices remember,
 * the words into which it stores that it is done, and its interrupts. A vendor's subclass decodes the commands and keeps their
 * order.
 */
public abstract class CommandUnit {
    /** In the place of a PASID: the message has none. */
    static final int WITHOUT_PASID = -2;

    private static final int WALK_CACHE_ENTRIES = 16;

    private final Iommus iommus;
    private final int number;
    private final String name;
    private final Frames frames;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Endpoint> channels = new ArrayList<>();
    private final Actor hardware;
    private final Caches caches;
    private final CommandQueue queue;
    private final Interrupts interrupts;
    private final Semaphores semaphores;
    private final Cells unanswered;
    private final Tags tags;

    CommandUnit(Iommus iommus, String name, IommuOptions options, Geometry geometry) {
        World world = iommus.engine().world();
        this.iommus = iommus;
        this.name = name;
        this.frames = iommus.frames();
        this.number = iommus.all().size();
        this.hardware = iommus.engine().actor(name);
        this.caches = new Caches(
                new Tlb(world, name + ".iotlb", options.iotlb()),
                new WalkCache(world, name + ".walk_cache", WALK_CACHE_ENTRIES, iommus.levels()),
                channels);
        this.queue = new CommandQueue(world, frames, name, options.commands(), geometry.commands());
        this.interrupts = new Interrupts(world, name);
        this.semaphores = new Semaphores(frames);
        this.unanswered = world.cells(name + ".unanswered");
        this.tags = new Tags(world, name);
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

    public final Ring commands() {
        return queue.ring();
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

    protected final Iommus iommus() {
        return iommus;
    }

    protected final Frames frames() {
        return frames;
    }

    /** Prepares the device's entry in the device table. */
    protected abstract void attached(Endpoint endpoint);

    // ---------------------------------------------------------------- commands

    /** Whether there is room for a command, or nobody waits for any. */
    final boolean takesCommands() {
        boolean room = queue.room();
        return room | (givesUp() && stopped());
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

    /** Puts a command into the ring; false if there was no room, and it is lost. */
    final boolean enqueue(Turn turn, Command command) {
        if (!queue.room()) {
            overrun(turn);
            return false;
        }
        queue.push(command);
        submitted(turn.actor().number(), command);
        turn.emit(Kind.COMMAND, () -> new Event.Command(name, command.name(), command.words(), command.start(),
                command.end(), command.addressSpace(), nameOf(command.requester())));
        return true;
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

    /** What one who waits does when he finds the ring stopped. Says whether he waits on; otherwise he goes on as if it were done. */
    protected boolean attend(Turn turn) {
        return true;
    }

    /** Whether who waits for room in a ring that has stopped gives his command up. */
    protected boolean givesUp() {
        return false;
    }

    /** What he says then. */
    protected void overrun(Turn turn) {}

    /** An actor has put a command into the ring: for a vendor whose driver may have to do so again. */
    protected void submitted(int actor, Command command) {}

    /** Takes the next command and obeys it; it may put steps that wait before what the hardware does next. */
    protected abstract void execute(Turn turn);

    /** Drops from the IOTLB, emits {@code iotlb_invalidate}. A negative PASID stands for every one. */
    protected final void invalidateIotlb(Turn turn, int pasid, long start, long end, boolean pointers) {
        invalidateIotlb(turn, pasid, null, start, end, pointers);
    }

    /** The same of one device's translations, where they have a tag of their own; of all devices' if there is none. */
    protected final void invalidateIotlb(Turn turn, int pasid, Endpoint only, long start, long end, boolean pointers) {
        int dropped = caches.invalidateIotlb(turn, (Iommu) this, pasid, only, start, end, pointers);
        turn.emit(Kind.IOTLB_INVALIDATE,
                () -> new Event.IotlbInvalidate(name, start, end, pasid < 0 ? null : pasid, null, dropped));
    }

    /** Drops one page from the IOTLB, with pointers to tables, as a part of something else. */
    protected final void dropPage(Turn turn, int pasid, long address) {
        caches.invalidateIotlb(turn, (Iommu) this, pasid, null, address, address + Frames.PAGE_SIZE, true);
    }

    /** Drops everything from the IOTLB, emits {@code iotlb_invalidate}. */
    protected final void invalidateIotlb(Turn turn) {
        int dropped = caches.invalidateIotlb(turn);
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
        boolean everywhere = pasid == WITHOUT_PASID;
        turn.emit(Kind.ATC_INVALIDATE, () -> new Event.AtcInvalidate(name, everywhere ? 0 : start, everywhere ? Caches.EVERYTHING : end,
                pasid < 0 ? null : pasid, endpoint.name(), dropped));
    }

    /**
     * The same of a message without a PASID: what came without one is dropped in the range, what came with one at all addresses
     * (PCIe as it is remembered; drivers count on the latter).
     */
    protected final void invalidateAtcWithoutPasid(Turn turn, Endpoint endpoint, long start, long end) {
        invalidateAtc(turn, endpoint, WITHOUT_PASID, start, end);
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

    protected final void raise(Interrupts.Cause cause) {
        interrupts.raise(cause);
    }
}
