package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Tlb;
import dev.shootdown.sim.World;

/**
 * What an IOMMU remembers of the upper levels of page tables: for a region that one table covers, that table, with
 * what the entries above it allow and the generation that its frame had. A region has one place, as in a {@link Tlb}.
 */
public final class WalkCache {
    private final Tlb[] levels;

    /** @param levels how many levels page tables have; the top table is not cached, since a PASID's entry names it */
    public WalkCache(World world, String name, int entries, int levels) {
        this.levels = new Tlb[levels];
        for (int level = 1; level < levels; level++) {
            this.levels[level] = new Tlb(world, name + "." + level, entries);
        }
    }

    /** The levels that page tables have. */
    public int levels() {
        return levels.length;
    }

    /** The lowest level of which the table for a page is known; the number of levels if none is. */
    public int deepest(int pasid, long page) {
        for (int level = 1; level < levels.length; level++) {
            if (table(level, pasid, page) != 0) {
                return level;
            }
        }
        return levels.length;
    }

    /** The table of a level that covers a page, in the form of a translation, or 0. */
    public long table(int level, int pasid, long page) {
        return levels[level].lookup(pasid, region(level, page));
    }

    /** The generation of that table's frame when it was taken from a live entry. */
    public long born(int level, int pasid, long page) {
        return levels[level].born(pasid, region(level, page));
    }

    public void fill(int level, int pasid, long page, long table, long born) {
        levels[level].fill(pasid, region(level, page), table, born);
    }

    /** Drops every table whose span overlaps the pages [from, to); returns how many. */
    public int drop(int pasid, long from, long to) {
        int dropped = 0;
        for (int level = 1; level < levels.length; level++) {
            dropped += levels[level].drop(pasid, region(level, from), region(level, to - 1) + 1);
        }
        return dropped;
    }

    public int dropAll() {
        int dropped = 0;
        for (int level = 1; level < levels.length; level++) {
            dropped += levels[level].dropAll();
        }
        return dropped;
    }

    /** How many tables it holds of a PASID; of any if negative. */
    public int size(int pasid) {
        int size = 0;
        for (int level = 1; level < levels.length; level++) {
            size += levels[level].size(pasid);
        }
        return size;
    }

    private static long region(int level, long page) {
        return page >>> (Entry.shift(level + 1) - Entry.shift(1));
    }
}
