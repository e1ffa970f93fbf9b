package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * How a translation is found: in the IOTLB, or by a walk that starts at the deepest table known. Between an entry's
 * reading and what comes of it (the IOTLB's or the walk cache's fill, the next entry's reading) others may act;
 * that is the one window that each level has.
 */
public final class Walker {
    private static final int PERMISSIONS = Translation.READ | Translation.WRITE | Translation.EXECUTE;

    private final Iommu iommu;
    private final Frames frames;
    private final Tables tables;
    private final Caches caches;

    Walker(Iommu iommu, Frames frames, Caches caches) {
        this.iommu = iommu;
        this.frames = frames;
        this.tables = new Tables(frames);
        this.caches = caches;
    }

    /**
     * A device asks for a page: by a translation request, or by an access that carries an untranslated address. A hit
     * is delivered at once; otherwise the walk's first entry is read, and its steps are put before what the device's
     * actor has to do. Where neither an answer nor (without ATS) an access is in flight afterwards, the page does
     * not translate.
     */
    void ask(Turn turn, Endpoint endpoint, int pasid, long page, boolean write) {
        long configured = iommu.configured(endpoint.device(), pasid);
        if (configured <= 0) {
            fault(turn, endpoint, new Fault(pasid, page << Frames.PAGE_SHIFT, write, Fault.Why.TABLES, (int) -configured));
            return;
        }
        long hit = caches.iotlb().lookup(pasid, page);
        if (Translation.allows(hit, wanted(write))) {
            deliver(endpoint, pasid, page, hit, caches.iotlb().born(pasid, page), write);
            say(turn, endpoint, page, "iotlb", "hit");
            return;
        }
        if (hit != 0) {
            caches.iotlb().drop(pasid, page);
        }
        start(turn, endpoint, pasid, page, write);
    }

    private void start(Turn turn, Endpoint endpoint, int pasid, long page, boolean write) {
        WalkCache known = caches.walkCache();
        boolean held = page < Caches.PAGES;
        int level = held ? known.deepest(pasid, page) : known.levels();
        Place place;
        if (level < known.levels()) {
            place = new Place(pasid, page, level, known.table(level, pasid, page), known.born(level, pasid, page));
        } else {
            long root = iommu.root(endpoint.device(), pasid);
            if (root <= 0 || !held || !canonical(page)) {
                fault(turn, endpoint, new Fault(pasid, page << Frames.PAGE_SHIFT, write, why(root, page), (int) -Math.min(root, 0)));
                return;
            }
            place = new Place(pasid, page, level, Translation.of(root, PERMISSIONS), iommu.rootBorn(endpoint.device(), pasid));
        }
        if (read(turn, endpoint, place, write)) {
            say(turn, endpoint, page, "iotlb", "miss");
        }
    }

    /** Why no walk begins: where the address is no worse, the kernel's half of the tables is not there. */
    private Fault.Why why(long root, long page) {
        if (root <= 0) {
            return Fault.Why.TABLES;
        }
        return canonical(page) ? Fault.Why.NOT_PRESENT : Fault.Why.ADDRESS;
    }

    /** Whether an address has all bits alike from the highest one on that the tables' levels decide. */
    private boolean canonical(long page) {
        int unused = Long.SIZE - Entry.shift(caches.walkCache().levels() + 1);
        long address = page << Frames.PAGE_SHIFT;
        return address << unused >> unused == address;
    }

    /** Where a walk reads next. */
    private record Place(int pasid, long page, int level, long table, long born) {}

    /** A step of the walk: what came back is cached, unless it is stale by now, and the next entry is read. */
    void proceed(Turn turn, Endpoint endpoint, boolean write) {
        InFlight walk = endpoint.walk();
        int level = walk.level();
        if (level == 0) {
            finish(turn, endpoint, write);
            return;
        }
        Place place = new Place(walk.pasid(), walk.page(), level, walk.held(), walk.born());
        turn.perform(new Fill.Pointer(iommu.number(), endpoint.number()));
        read(turn, endpoint, place, write);
    }

    /** Reads one entry. True if the walk goes on; where it ends, the page does not translate. */
    private boolean read(Turn turn, Endpoint endpoint, Place at, boolean write) {
        long table = host(Translation.frame(at.table), Translation.READ);
        long address = at.page << Frames.PAGE_SHIFT;
        if (table < 0) {
            fault(turn, endpoint, secondStage(at, write, at.level, entryAddress(Translation.frame(at.table), address, at.level)));
            return false;
        }
        turn.emit(Kind.TABLE_READ,
                () -> new Event.TableRead(endpoint.name(), at.pasid, address, table, at.level, at.born));
        boolean memory = table < frames.count();
        long entry = memory ? tables.entry(table, address, at.level) : 0;
        boolean leaf = at.level == 1 || Entry.huge(entry);
        int allowed = Translation.permissions(at.table) & Tables.permissions(entry);
        if ((allowed & (leaf ? wanted(write) : Translation.READ)) == 0 || iommu.reserved(entry, at.level)) {
            fault(turn, endpoint, memory
                    ? new Fault(at.pasid, address, write, why(entry, at.level), 0)
                    : new Fault(at.pasid, address, write, Fault.Why.ACCESS, 0, entryAddress(table, address, at.level)));
            return false;
        }
        int own = iommu.refusal(endpoint.device(), at.pasid, entry, leaf);
        if (own != 0) {
            fault(turn, endpoint, new Fault(at.pasid, address, write, Fault.Why.TABLES, own));
            return false;
        }
        long used = tables.use(table, address, at.level, entry, leaf, write);
        if (leaf) {
            long frame = host(leafFrame(used, at.page, at.level), wanted(write));
            if (frame < 0) {
                fault(turn, endpoint, secondStage(at, write, 0, leafFrame(used, at.page, at.level) << Frames.PAGE_SHIFT));
                return false;
            }
            hold(endpoint, at, leaf(frame, used, allowed), born(used, frame, table, address), 0);
        } else {
            long below = Entry.frame(used);
            hold(endpoint, at, Translation.of(below, allowed & PERMISSIONS), frames.generation(below), at.level - 1);
        }
        turn.then(new WalkLevel(iommu.number(), endpoint.number(), write));
        return true;
    }

    /** Where a guest's page is, where there is a second stage; negative if that does not allow the access. */
    private long host(long page, int wanted) {
        if (iommu.secondStage() == null || page >= frames.count()) {
            return page;
        }
        long found = iommu.secondStage().translate(page);
        return Translation.allows(found, wanted) ? Translation.frame(found) : -1;
    }

    private static long entryAddress(long table, long address, int level) {
        return (table << Frames.PAGE_SHIFT) + (long) Entry.index(address, level) * Long.BYTES;
    }

    private static Fault secondStage(Place at, boolean write, int level, long guest) {
        return new Fault(at.pasid, at.page << Frames.PAGE_SHIFT, write, Fault.Why.SECOND_STAGE, level, guest);
    }

    private Fault.Why why(long entry, int level) {
        if (!Entry.present(entry)) {
            return Fault.Why.NOT_PRESENT;
        }
        if (iommu.reserved(entry, level)) {
            return Fault.Why.RESERVED;
        }
        return (entry & Entry.USER) == 0 ? Fault.Why.SUPERVISOR : Fault.Why.PERMISSION;
    }

    private static void hold(Endpoint endpoint, Place at, long found, long born, int level) {
        endpoint.walk().hold(at.pasid, at.page, found, born, level);
    }

    private static long leafFrame(long entry, long page, int level) {
        long within = page & (Entry.span(level) >>> Frames.PAGE_SHIFT) - 1;
        return (Entry.frame(entry) & -(Entry.span(level) >>> Frames.PAGE_SHIFT)) + within;
    }

    /** Write permission is remembered only where the dirty bit need not be set any more. */
    private static long leaf(long frame, long used, int allowed) {
        return Translation.of(frame, Entry.dirty(used) ? allowed : allowed & ~Translation.WRITE);
    }

    /** The generation of the page's frame when its entry was read; of one of a driver's own tables, when it was written. */
    private long born(long used, long frame, long table, long address) {
        return (used & Entry.MIRRORED) == 0 ? frames.generation(frame) : iommu.iommus().mirrored(table, address);
    }

    // ---------------------------------------------------------------- at once

    /**
     * The whole of a translation at once, without steps and events, for who knows that nobody else moves: what it returns,
     * remembers, and sets in page tables is what the steps of {@link #ask} would. Allocates nothing where it hits.
     *
     * @return the page's translation; 0 where it does not translate
     */
    public long translate(Endpoint endpoint, int pasid, long page, boolean write) {
        if (iommu.configured(endpoint.device(), pasid) <= 0) {
            return 0;
        }
        long hit = caches.iotlb().lookup(pasid, page);
        if (Translation.allows(hit, wanted(write))) {
            return hit;
        }
        if (hit != 0) {
            caches.iotlb().drop(pasid, page);
        }
        WalkCache known = caches.walkCache();
        int level = page < Caches.PAGES ? known.deepest(pasid, page) : known.levels();
        if (level < known.levels()) {
            return descend(endpoint, pasid, page, write, known.table(level, pasid, page), level);
        }
        long root = iommu.root(endpoint.device(), pasid);
        boolean walks = root > 0 && page < Caches.PAGES && canonical(page);
        return walks ? descend(endpoint, pasid, page, write, Translation.of(root, PERMISSIONS), level) : 0;
    }

    private long descend(Endpoint endpoint, int pasid, long page, boolean write, long top, int from) {
        long address = page << Frames.PAGE_SHIFT;
        long held = top;
        for (int level = from;; level--) {
            long table = host(Translation.frame(held), Translation.READ);
            long entry = table >= 0 && table < frames.count() ? tables.entry(table, address, level) : 0;
            boolean leaf = level == 1 || Entry.huge(entry);
            int allowed = Translation.permissions(held) & Tables.permissions(entry);
            boolean refused = (allowed & (leaf ? wanted(write) : Translation.READ)) == 0 || iommu.reserved(entry, level)
                    || iommu.refusal(endpoint.device(), pasid, entry, leaf) != 0;
            if (refused) {
                return 0;
            }
            long used = tables.use(table, address, level, entry, leaf, write);
            if (leaf) {
                return page(pasid, page, write, used, allowed, table, level);
            }
            long below = Entry.frame(used);
            held = Translation.of(below, allowed & PERMISSIONS);
            caches.walkCache().fill(level - 1, pasid, page, held, frames.generation(below));
        }
    }

    private long page(int pasid, long page, boolean write, long used, int allowed, long table, int level) {
        long frame = host(leafFrame(used, page, level), wanted(write));
        if (frame < 0) {
            return 0;
        }
        long found = leaf(frame, used, allowed);
        caches.iotlb().fill(pasid, page, found, born(used, frame, table, page << Frames.PAGE_SHIFT));
        return found;
    }

    /** A stale walk fills nothing, and what an untranslated access makes of it is waited for in its stead. */
    private void finish(Turn turn, Endpoint endpoint, boolean write) {
        InFlight walk = endpoint.walk();
        long page = walk.page();
        boolean stale = walk.stale();
        turn.perform(new Fill.Iotlb(iommu.number(), endpoint.number()));
        deliver(endpoint, walk.pasid(), page, walk.held(), walk.born(), write);
        if (stale && !endpoint.ats()) {
            turn.perform(new Mark.Inherited(endpoint.number()));
        }
        walk.end();
        say(turn, endpoint, page, "walk", "hit");
    }

    private void deliver(Endpoint endpoint, int pasid, long page, long translation, long born, boolean write) {
        if (endpoint.ats()) {
            endpoint.answer().begin(pasid, page, translation, born);
        } else {
            endpoint.access().begin(pasid, page, translation, born);
            endpoint.access().write(write);
        }
    }

    private void fault(Turn turn, Endpoint endpoint, Fault fault) {
        endpoint.walk().end();
        say(turn, endpoint, fault.addr() >>> Frames.PAGE_SHIFT, "walk", "fault");
        Answer answer = endpoint.ats() ? iommu.answer(fault) : Answer.ABORT;
        if (endpoint.ats() && answer != Answer.EMPTY) {
            endpoint.refuse(answer);
        }
        if (answer != Answer.EMPTY) {
            turn.then(iommu.faulted(endpoint.device(), fault));
        }
    }

    private static void say(Turn turn, Endpoint endpoint, long page, String via, String outcome) {
        turn.emit(Kind.TRANSLATE, () -> new Event.Translate(endpoint.name(), page << Frames.PAGE_SHIFT, via, outcome));
    }

    private static int wanted(boolean write) {
        return write ? Translation.WRITE : Translation.READ;
    }
}
