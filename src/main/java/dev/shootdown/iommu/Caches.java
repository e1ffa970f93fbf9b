package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Tlb;
import dev.shootdown.sim.Turn;
import java.util.List;

/**
 * What an IOMMU and the devices behind it remember of translations, and what an invalidation does to it. An
 * invalidation drops entries at once and marks what is in flight; it is complete when no mark is left.
 */
public final class Caches {
    /** Behind the last page that a translation can be about. */
    public static final long PAGES = 1L << 45;
    /** The end of the range that stands for everything. */
    public static final long EVERYTHING = -1L;

    private final Tlb iotlb;
    private final WalkCache walkCache;
    private final List<Endpoint> channels;

    Caches(Tlb iotlb, WalkCache walkCache, List<Endpoint> channels) {
        this.iotlb = iotlb;
        this.walkCache = walkCache;
        this.channels = channels;
    }

    public Tlb iotlb() {
        return iotlb;
    }

    public WalkCache walkCache() {
        return walkCache;
    }

    /**
     * Drops what the IOTLB holds of [start, end) of a PASID and marks walks, and untranslated accesses, that use it.
     *
     * @param iommu    whose caches these are
     * @param pasid    negative for every PASID
     * @param only     whose translations alone, where a device's have a tag of their own; else null
     * @param pointers whether pointers to tables whose span overlaps the range are dropped too
     * @return how many translations were dropped
     */
    int invalidateIotlb(Turn turn, Iommu iommu, int pasid, Endpoint only, long start, long end, boolean pointers) {
        long from = first(start);
        long to = behind(end);
        int tag = only == null ? pasid : iommu.tag(only, pasid);
        int dropped = iotlb.drop(tag, from, to);
        if (pointers) {
            turn.perform(new DropPointers(iommu.number(), tag, from, to));
        }
        for (int i = 0; i < channels.size(); i++) {
            Endpoint endpoint = channels.get(i);
            if (only != null && endpoint.device() != only) {
                continue;
            }
            turn.perform(new Mark.Walk(endpoint.number(), pasid, from, to, pointers));
            if (!endpoint.ats()) {
                turn.perform(new Mark.Untranslated(endpoint.number(), pasid, from, to));
            }
        }
        return dropped;
    }

    /** The same for everything of every PASID. */
    int invalidateIotlb(Turn turn) {
        int dropped = iotlb.dropAll();
        walkCache.dropAll();
        for (int i = 0; i < channels.size(); i++) {
            Endpoint endpoint = channels.get(i);
            turn.perform(new Mark.Walk(endpoint.number(), -1, 0, PAGES, true));
            if (!endpoint.ats()) {
                turn.perform(new Mark.Untranslated(endpoint.number(), -1, 0, PAGES));
            }
        }
        return dropped;
    }

    /** Whether walks and untranslated accesses that an IOTLB invalidation marked are still in flight. */
    public boolean iotlbDraining() {
        boolean draining = false;
        for (int i = 0; i < channels.size(); i++) {
            Endpoint endpoint = channels.get(i);
            draining |= endpoint.walk().stale();
            draining |= !endpoint.ats() & endpoint.access().stale();
        }
        return draining;
    }

    /** Whether accesses and answers that an ATC invalidation marked are still in flight. */
    public boolean atcDraining() {
        boolean draining = false;
        for (int i = 0; i < channels.size(); i++) {
            Endpoint endpoint = channels.get(i);
            draining |= endpoint.answer().stale() | endpoint.access().stale();
        }
        return draining;
    }

    /** Whether nothing that an ATC invalidation of a device marked is still in flight. */
    static boolean drained(Endpoint endpoint) {
        boolean draining = false;
        List<? extends Endpoint> channels = endpoint.channels();
        for (int i = 0; i < channels.size(); i++) {
            draining |= channels.get(i).answer().stale() | channels.get(i).access().stale();
        }
        return !draining;
    }

    /**
     * A device drops what its ATC holds of [start, end) of a PASID; answers on their way and accesses are marked.
     *
     * @param pasid negative for every PASID; {@link CommandUnit#WITHOUT_PASID} for every one, at all addresses, and for what has none
     * @return how many translations were dropped
     */
    static int invalidateAtc(Turn turn, Endpoint endpoint, int pasid, long start, long end) {
        if (!endpoint.ats()) {
            return 0;
        }
        if (pasid == CommandUnit.WITHOUT_PASID) {
            return withoutPasid(turn, endpoint, first(start), behind(end));
        }
        long from = first(start);
        long to = behind(end);
        mark(turn, endpoint, pasid, from, to);
        return endpoint.atc().drop(pasid, from, to);
    }

    /** What is on its way is waited for whatever its address; that delays, and is right. */
    private static int withoutPasid(Turn turn, Endpoint endpoint, long from, long to) {
        mark(turn, endpoint, -1, 0, PAGES);
        Tlb atc = endpoint.atc();
        int dropped = 0;
        for (int place = 0; place < atc.entries(); place++) {
            long tag = atc.tagAt(place);
            long page = Tlb.page(tag);
            int space = atc.spaceAt(place);
            boolean concerned = tag != 0 && (space != DmaDomain.PASID || page >= from && page < to);
            dropped += concerned ? atc.drop(space, page) : 0;
        }
        return dropped;
    }

    private static void mark(Turn turn, Endpoint endpoint, int pasid, long from, long to) {
        List<? extends Endpoint> channels = endpoint.channels();
        for (int i = 0; i < channels.size(); i++) {
            turn.perform(new Mark.Answer(channels.get(i).number(), pasid, from, to));
            turn.perform(new Mark.Access(channels.get(i).number(), pasid, from, to));
        }
    }

    private static long first(long start) {
        return Math.min(start >>> Entry.shift(1), PAGES);
    }

    private static long behind(long end) {
        return end == 0 ? 0 : Math.min((end - 1 >>> Entry.shift(1)) + 1, PAGES);
    }
}
