package dev.shootdown.iommu;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.List;

/**
 * The part of an IOMMU that tells software something: the log of page requests and that of faults, and what a driver of the
 * vendor's does with each.
 */
public abstract class LogUnit extends CommandUnit {
    private final Log requests;
    private final Log events;
    private final boolean automatic;

    LogUnit(Iommus iommus, String name, IommuOptions options, Geometry geometry) {
        super(iommus, name, options, geometry);
        World world = iommus.engine().world();
        this.requests = new Log(world, frames(), name + ".requests", options.requests(), geometry.requests(), interrupts(),
                Interrupts.Cause.PAGE_REQUEST);
        this.events = new Log(world, frames(), name + ".events", options.events(), geometry.events(), interrupts(),
                Interrupts.Cause.EVENT);
        this.automatic = options.automatic();
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

    /**
     * A device sends a page request: it is written into the log, with an interrupt. One that finds the log full or
     * overflowed is lost, unless {@link #automatic}.
     *
     * @return the code with which the hardware itself answers at once, or {@link PageRequest#NONE}
     */
    public int request(Turn turn, PageRequest request) {
        boolean logged = log(request);
        return logged | !automatic | !request.last() ? PageRequest.NONE : PageRequest.SUCCESS;
    }

    /** Whether the hardware itself answers, with Success, a request that is the last of its group and finds no room. */
    public final boolean automatic() {
        return automatic;
    }

    /** Writes a page request into the log and interrupts. False if it was lost. */
    protected final boolean log(PageRequest request) {
        return write(requests, entry(request));
    }

    private boolean write(Log log, Ring.Slot entry) {
        boolean before = log.aborted();
        boolean written = log.write(entry);
        if (log.aborted() && !before) {
            aborted(log);
        }
        return written;
    }

    /** A log could not be written, since its ring is in no memory: the vendor's hardware may have a way to say so. */
    protected void aborted(Log log) {}

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
        return write(events, entry);
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

    /** A page request as the log's entry. */
    protected abstract Ring.Slot entry(PageRequest request);

    /** A log entry, by its words, as a page request. */
    protected abstract PageRequest request(Ring.Slot entry);
}
