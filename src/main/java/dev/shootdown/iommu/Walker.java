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
    private final Iommu iommu;
    private final Frames frames;
    private final Tables tables;
    private final Caches caches;
    private final AccessRights rights;
    private final AtOnce atOnce;

    Walker(Iommu iommu, Frames frames, Caches caches) {
        this.iommu = iommu;
        this.frames = frames;
        this.tables = new Tables(frames);
        this.caches = caches;
        this.rights = new AccessRights(iommu);
        this.atOnce = new AtOnce(iommu, this, rights, frames, tables, caches);
    }

    /**
     * A device asks for a page: by a translation request, or by an access that carries an untranslated address. A hit
     * is delivered at once; otherwise the walk's first entry is read, and its steps are put before what the device's
     * actor has to do. Where neither an answer nor (without ATS) an access is in flight afterwards, the page does
     * not translate.
     */
    void ask(Turn turn, Endpoint endpoint, int pasid, long page, int access) {
        long configured = iommu.configured(endpoint.device(), pasid);
        if (configured <= 0) {
            fault(turn, endpoint, new Fault(pasid, page << Frames.PAGE_SHIFT, access, Fault.Why.TABLES, (int) -configured));
            return;
        }
        int disallowed = disallowed(endpoint, pasid, access);
        if (disallowed != 0) {
            fault(turn, endpoint, new Fault(pasid, page << Frames.PAGE_SHIFT, access, Fault.Why.TABLES, disallowed));
            return;
        }
        int tag = iommu.tag(endpoint.device(), pasid);
        long hit = caches.iotlb().lookup(tag, page);
        if (Translation.serves(hit, access)) {
            deliver(endpoint, pasid, page, hit, caches.iotlb().born(tag, page), access);
            say(turn, endpoint, page, "iotlb", "hit");
            return;
        }
        if (hit != 0) {
            caches.iotlb().drop(tag, page);
        }
        start(turn, endpoint, pasid, page, access);
    }

    /** Why the tables do not let execution or privileged mode be asked for, whatever the page; 0 if they do, or neither is. */
    int disallowed(Endpoint endpoint, int pasid, int access) {
        boolean plain = (access & (Translation.EXECUTE | Translation.PRIVILEGED)) == 0;
        return plain ? 0 : iommu.disallowed(endpoint.device(), pasid, access);
    }

    private void start(Turn turn, Endpoint endpoint, int pasid, long page, int access) {
        WalkCache known = caches.walkCache();
        int tag = iommu.tag(endpoint.device(), pasid);
        boolean held = page < Caches.PAGES;
        int level = held ? known.deepest(tag, page) : known.levels();
        Place place;
        if (level < known.levels()) {
            place = new Place(pasid, page, level, known.table(level, tag, page), known.born(level, tag, page));
        } else {
            long root = iommu.root(endpoint.device(), pasid);
            if (root >= Iommu.BYPASS) {
                untranslated(turn, endpoint, pasid, page, access, root == Iommu.IDENTITY);
                return;
            }
            if (root <= 0 || !held || !canonical(page)) {
                fault(turn, endpoint, new Fault(pasid, page << Frames.PAGE_SHIFT, access, why(root, page), (int) -Math.min(root, 0)));
                return;
            }
            place = new Place(pasid, page, level, Translation.of(root, AccessRights.PERMISSIONS), iommu.rootBorn(endpoint.device(), pasid));
        }
        if (read(turn, endpoint, place, access)) {
            say(turn, endpoint, page, "iotlb", "miss");
        }
    }

    /**
     * The first stage translates nothing: the address is the guest's, for the second stage, or where it says in memory. What is in
     * no memory ends on the bus, of which no IOMMU keeps a record.
     */
    private void untranslated(Turn turn, Endpoint endpoint, int pasid, long page, int access, boolean guest) {
        int own = iommu.beyond(endpoint.device(), pasid, page);
        if (own != 0) {
            fault(turn, endpoint, new Fault(pasid, page << Frames.PAGE_SHIFT, access, Fault.Why.TABLES, own));
            return;
        }
        boolean memory = page < frames.count();
        long found = Translation.of(page, AccessRights.PERMISSIONS | access & Translation.PRIVILEGED);
        if (guest && iommu.secondStage() != null) {
            endpoint.walk().hold(pasid, page, found, memory ? frames.generation(page) : 0, 0);
            if (page(turn, endpoint, page, access)) {
                say(turn, endpoint, page, "iotlb", "miss");
            }
        } else if (memory) {
            deliver(endpoint, pasid, page, found, frames.generation(page), access);
            say(turn, endpoint, page, "bare", "hit");
        } else {
            say(turn, endpoint, page, "bare", "fault");
            if (endpoint.ats()) {
                endpoint.refuse(Answer.ABORT);
            }
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
    boolean canonical(long page) {
        int unused = Long.SIZE - Entry.shift(caches.walkCache().levels() + 1);
        long address = page << Frames.PAGE_SHIFT;
        return address << unused >> unused == address;
    }

    /** Where a walk reads next. */
    private record Place(int pasid, long page, int level, long table, long born) {}

    /** A step of the walk: what came back is cached, unless it is stale by now, and the next entry is read. */
    void proceed(Turn turn, Endpoint endpoint, int access) {
        InFlight walk = endpoint.walk();
        int level = walk.level();
        if (level == 0) {
            finish(turn, endpoint, access);
            return;
        }
        Place place = new Place(walk.pasid(), walk.page(), level, walk.held(), walk.born());
        turn.perform(new Fill.Pointer(iommu.number(), endpoint.number()));
        read(turn, endpoint, place, access);
    }

    /**
     * Reads one entry, or the first one of the second stage on the way to it. True if the walk goes on; where it ends, the page
     * does not translate.
     */
    private boolean read(Turn turn, Endpoint endpoint, Place at, int access) {
        long table = Translation.frame(at.table);
        SecondStage second = iommu.secondStage();
        if (second == null) {
            return entry(turn, endpoint, at, Translation.of(table, AccessRights.PERMISSIONS), access);
        }
        long known = second.known(table, Translation.READ);
        if (known != 0) {
            return entry(turn, endpoint, at, known, access);
        }
        hold(endpoint, at, at.table, at.born, at.level);
        return secondStage(turn, endpoint, table, second.root(), SecondStage.LEVELS, access);
    }

    /** Reads the entry of a table of which is known where it is, and what may be done to it there. */
    private boolean entry(Turn turn, Endpoint endpoint, Place at, long where, int access) {
        long table = Translation.frame(where);
        long address = at.page << Frames.PAGE_SHIFT;
        turn.emit(Kind.TABLE_READ,
                () -> new Event.TableRead(endpoint.name(), at.pasid, address, table, at.level, at.born));
        boolean memory = table < frames.count();
        long entry = memory ? tables.entry(table, address, at.level) : 0;
        boolean leaf = at.level == 1 || Entry.huge(entry);
        int allowed = rights.allowed(endpoint, at.pasid, at.table, entry, leaf, access);
        int granted = leaf ? AccessRights.granted(endpoint, allowed, access) : access;
        if (!Translation.allows(allowed, leaf ? AccessRights.wanted(granted) : Translation.READ) || iommu.reserved(entry, at.level)) {
            fault(turn, endpoint, memory
                    ? new Fault(at.pasid, address, access, rights.why(at.table, entry, at.level, access), 0)
                    : new Fault(at.pasid, address, access, Fault.Why.ACCESS, 0, entryAddress(table, address, at.level)));
            return false;
        }
        boolean updates = AccessRights.updates(entry, leaf, AccessRights.writes(granted));
        int own = iommu.refusal(endpoint.device(), at.pasid, entry, leaf, updates);
        if (own != 0) {
            fault(turn, endpoint, new Fault(at.pasid, address, access, Fault.Why.TABLES, own));
            return false;
        }
        if (updates && !Translation.allows(where, Translation.WRITE)) {
            long guest = entryAddress(Translation.frame(at.table), address, at.level);
            fault(turn, endpoint, new Fault(at.pasid, address, access, Fault.Why.SECOND_STAGE_UPDATE, at.level, guest));
            return false;
        }
        return use(turn, endpoint, at, table, entry, leaf, allowed, granted);
    }

    /** An entry that is right is used: it leads to the next table, or to the page. */
    private boolean use(Turn turn, Endpoint endpoint, Place at, long table, long entry, boolean leaf, int allowed, int access) {
        long address = at.page << Frames.PAGE_SHIFT;
        long used = tables.use(table, address, at.level, entry, leaf, AccessRights.writes(access));
        if (leaf) {
            long frame = AccessRights.leafFrame(used, at.page, at.level);
            hold(endpoint, at, AccessRights.leaf(frame, used, allowed, access), born(used, frame, table, address), 0);
            return page(turn, endpoint, frame, access);
        }
        long below = Entry.frame(used);
        hold(endpoint, at, AccessRights.pointer(below, at.table, used, allowed), frames.generation(below), at.level - 1);
        turn.then(new WalkLevel(iommu.number(), endpoint.number(), access));
        return true;
    }

    // ---------------------------------------------------------------- the second stage

    /** The page is found: at once where there is no second stage, or it is known there where the page is. */
    private boolean page(Turn turn, Endpoint endpoint, long page, int access) {
        SecondStage second = iommu.secondStage();
        if (second != null) {
            long known = second.known(page, AccessRights.wanted(access));
            if (known == 0) {
                return secondStage(turn, endpoint, page, second.root(), SecondStage.LEVELS, access);
            }
            both(endpoint.walk(), known);
        }
        turn.then(new WalkLevel(iommu.number(), endpoint.number(), access));
        return true;
    }

    /** Reads one entry of the second stage, for a guest's page. True if the walk goes on. */
    private boolean secondStage(Turn turn, Endpoint endpoint, long page, long table, int level, int access) {
        SecondStage second = iommu.secondStage();
        if (!second.inMemory(table)) {
            long place = SecondStage.address(table, page, level);
            fault(turn, endpoint, secondStage(endpoint.walk(), access, Fault.Why.SECOND_STAGE_ACCESS, place));
            return false;
        }
        long entry = SecondStage.holds(page) ? second.entry(table, page, level) : 0;
        Fault.Why wrong = second.wrong(entry, level);
        if (wrong != null) {
            fault(turn, endpoint, secondStage(endpoint.walk(), access, wrong, guest(endpoint.walk(), page)));
            return false;
        }
        int pasid = endpoint.walk().pasid();
        if (second.isPage(entry, level)) {
            endpoint.nested().hold(pasid, page, second.found(entry, page, level), 0, 0);
        } else {
            endpoint.nested().hold(pasid, page, Translation.of(second.table(entry), 0), 0, level - 1);
        }
        turn.then(new SecondStageLevel(iommu.number(), endpoint.number(), access));
        return true;
    }

    /** A step of the walk in the second stage: its next entry is read or, where it has found the page, the first stage goes on. */
    void proceedSecondStage(Turn turn, Endpoint endpoint, int access) {
        InFlight nested = endpoint.nested();
        InFlight walk = endpoint.walk();
        long page = nested.page();
        long found = nested.held();
        if (nested.level() > 0) {
            secondStage(turn, endpoint, page, Translation.frame(found), nested.level(), access);
            return;
        }
        turn.perform(new Fill.Nested(iommu.number(), endpoint.number()));
        nested.end();
        boolean leaf = walk.level() == 0;
        int granted = leaf ? AccessRights.granted(endpoint, Translation.permissions(AccessRights.both(walk.held(), found)), access) : access;
        if (!Translation.allows(found, leaf ? AccessRights.wanted(granted) : Translation.READ)) {
            fault(turn, endpoint, secondStage(walk, access, Fault.Why.SECOND_STAGE_PERMISSION, guest(walk, page)));
        } else if (leaf) {
            both(walk, found);
            finish(turn, endpoint, granted);
        } else {
            entry(turn, endpoint, new Place(walk.pasid(), walk.page(), walk.level(), walk.held(), walk.born()), found, access);
        }
    }

    /** What both stages allow, of the page that the second one has found. */
    private static void both(InFlight walk, long found) {
        walk.hold(walk.pasid(), walk.page(), AccessRights.both(walk.held(), found), walk.born(), 0);
    }

    /** The guest-physical address that a walk looks for: of a table's entry, or of the page. */
    private static long guest(InFlight walk, long page) {
        return walk.level() == 0 ? page << Frames.PAGE_SHIFT : entryAddress(page, walk.page() << Frames.PAGE_SHIFT, walk.level());
    }

    private static Fault secondStage(InFlight walk, int access, Fault.Why why, long at) {
        return new Fault(walk.pasid(), walk.page() << Frames.PAGE_SHIFT, access, why, walk.level(), at);
    }

    private static long entryAddress(long table, long address, int level) {
        return (table << Frames.PAGE_SHIFT) + (long) Entry.index(address, level) * Long.BYTES;
    }

    private static void hold(Endpoint endpoint, Place at, long found, long born, int level) {
        endpoint.walk().hold(at.pasid, at.page, found, born, level);
    }

    /** The generation of the page's frame when its entry was read; of one of a driver's own tables, when it was written. */
    long born(long used, long frame, long table, long address) {
        return (used & Entry.MIRRORED) == 0 ? frames.generation(frame) : iommu.iommus().mirrored(table, address);
    }

    // ---------------------------------------------------------------- at once

    /** The whole of a translation without steps and events: {@link AtOnce#translate}. */
    public long translate(Endpoint endpoint, int pasid, long page, boolean write) {
        return atOnce.translate(endpoint, pasid, page, write ? Translation.WRITE : Translation.READ);
    }

    // ---------------------------------------------------------------- how it ends

    /** A stale walk fills nothing, and what an untranslated access makes of it is waited for in its stead. */
    private void finish(Turn turn, Endpoint endpoint, int access) {
        InFlight walk = endpoint.walk();
        long page = walk.page();
        boolean stale = walk.stale();
        turn.perform(new Fill.Iotlb(iommu.number(), endpoint.number()));
        deliver(endpoint, walk.pasid(), page, walk.held(), walk.born(), access);
        if (stale && !endpoint.ats()) {
            turn.perform(new Mark.Inherited(endpoint.number()));
        }
        walk.end();
        say(turn, endpoint, page, "walk", "hit");
    }

    private void deliver(Endpoint endpoint, int pasid, long page, long translation, long born, int access) {
        if (endpoint.ats()) {
            endpoint.answer().begin(pasid, page, AccessRights.completion(translation, access), born);
        } else {
            endpoint.access().begin(pasid, page, translation, born);
            endpoint.access().write(AccessRights.writes(access));
        }
    }

    private void fault(Turn turn, Endpoint endpoint, Fault fault) {
        endpoint.walk().end();
        if (endpoint.nested() != null) {
            endpoint.nested().end();
        }
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
}
