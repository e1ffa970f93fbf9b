package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Translation;

/** Translations for who knows that nobody else moves: look-up, walk and fill in one, as measurements and set-ups want them. */
final class AtOnce {
    private final Iommu iommu;
    private final Walker walker;
    private final AccessRights rights;
    private final Frames frames;
    private final Tables tables;
    private final Caches caches;

    AtOnce(Iommu iommu, Walker walker, AccessRights rights, Frames frames, Tables tables, Caches caches) {
        this.iommu = iommu;
        this.walker = walker;
        this.rights = rights;
        this.frames = frames;
        this.tables = tables;
        this.caches = caches;
    }

    /**
     * The whole of a translation at once, without steps and events, for who knows that nobody else moves: what it returns,
     * remembers, and sets in page tables is what the steps of {@link Walker#ask} would. Allocates nothing where it hits.
     *
     * @return the page's translation, which may allow a device with ATS less than it has asked for; 0 where it does not translate
     */
    long translate(Endpoint endpoint, int pasid, long page, int access) {
        if (iommu.configured(endpoint.device(), pasid) <= 0 || walker.disallowed(endpoint, pasid, access) != 0) {
            return 0;
        }
        int tag = iommu.tag(endpoint.device(), pasid);
        long hit = caches.iotlb().lookup(tag, page);
        if (Translation.serves(hit, access)) {
            return hit;
        }
        if (hit != 0) {
            caches.iotlb().drop(tag, page);
        }
        WalkCache known = caches.walkCache();
        int level = page < Caches.PAGES ? known.deepest(tag, page) : known.levels();
        if (level < known.levels()) {
            return descend(endpoint, pasid, page, access, known.table(level, tag, page), level);
        }
        long root = iommu.root(endpoint.device(), pasid);
        if (root >= Iommu.BYPASS) {
            return iommu.beyond(endpoint.device(), pasid, page) == 0 ? identity(endpoint, tag, page, access, root == Iommu.IDENTITY) : 0;
        }
        boolean walks = root > 0 && page < Caches.PAGES && walker.canonical(page);
        return walks ? descend(endpoint, pasid, page, access, Translation.of(root, AccessRights.PERMISSIONS), level) : 0;
    }

    private long identity(Endpoint endpoint, int tag, long page, int access, boolean guest) {
        SecondStage second = guest ? iommu.secondStage() : null;
        long found = Translation.of(page, AccessRights.PERMISSIONS | access & Translation.PRIVILEGED);
        long where = second == null ? found : both(endpoint, found, second, access);
        if (page >= frames.count() || where == 0) {
            return 0;
        }
        if (second != null) {
            caches.iotlb().fill(tag, page, where, frames.generation(page));
        }
        return where;
    }

    private long descend(Endpoint endpoint, int pasid, long page, int access, long top, int from) {
        SecondStage second = iommu.secondStage();
        int tag = iommu.tag(endpoint.device(), pasid);
        long address = page << Frames.PAGE_SHIFT;
        long held = top;
        for (int level = from;; level--) {
            long where = second == null ? held : second.translate(Translation.frame(held), Translation.READ);
            long table = Translation.frame(where);
            long entry = where != 0 && table < frames.count() ? tables.entry(table, address, level) : 0;
            boolean leaf = level == 1 || Entry.huge(entry);
            int allowed = rights.allowed(endpoint, pasid, held, entry, leaf, access);
            int granted = leaf ? AccessRights.granted(endpoint, allowed, access) : access;
            boolean updates = AccessRights.updates(entry, leaf, AccessRights.writes(granted));
            boolean refused = !Translation.allows(allowed, leaf ? AccessRights.wanted(granted) : Translation.READ) || iommu.reserved(entry, level)
                    || iommu.refusal(endpoint.device(), pasid, entry, leaf, updates) != 0
                    || second != null && updates && !Translation.allows(where, Translation.WRITE);
            if (refused) {
                return 0;
            }
            long used = tables.use(table, address, level, entry, leaf, AccessRights.writes(granted));
            if (leaf) {
                long found = AccessRights.leaf(AccessRights.leafFrame(used, page, level), used, allowed, access);
                long both = second == null ? found : both(endpoint, found, second, granted);
                if (both != 0) {
                    caches.iotlb().fill(tag, page, both, walker.born(used, Translation.frame(both), table, address));
                }
                return both;
            }
            long below = Entry.frame(used);
            held = AccessRights.pointer(below, held, used, allowed);
            caches.walkCache().fill(level - 1, tag, page, held, frames.generation(below));
        }
    }

    /** What both stages make of what the first one has found; 0 if the second one allows nothing of it, or not all to an access. */
    private static long both(Endpoint endpoint, long found, SecondStage second, int access) {
        long page = Translation.frame(found);
        long where = second.translate(page, AccessRights.wanted(access));
        if (where != 0) {
            return AccessRights.both(found, where);
        }
        long less = endpoint.ats() ? AccessRights.both(found, second.translate(page, 0)) : 0;
        return (less & (Translation.READ | Translation.WRITE)) == 0 ? 0 : less;
    }
}
