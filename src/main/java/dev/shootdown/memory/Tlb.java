package dev.shootdown.memory;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * A TLB of 4 KiB translations, tagged by an address space: a CPU's, an IOMMU's IOTLB, a device's ATC. A page
 * of a space has one place in it, which their numbers name, and the newcomer takes it: so what a TLB holds says all about
 * it, and no history of replacement tells equal states apart.
 */
public final class Tlb {
    private static final int GROUP = 2;
    private static final int TAG = 0;
    private static final int TRANSLATION = 1;
    private static final int BORN = 2;
    private static final int PAGE_BITS = 45;
    /** How far from each other the same page of neighbouring spaces lies, so that few spaces with few pages do not meet. */
    private static final int APART = 21;

    private final int entries;
    /** What a page's number leaves of itself where the entries are a power of two, which spares a division; else -1. */
    private final int mask;
    private final Cells cells;

    public Tlb(World world, String name, int entries) {
        this.entries = entries;
        this.mask = Integer.bitCount(entries) == 1 ? entries - 1 : -1;
        this.cells = world.cells(name, Role.STATE, GROUP);
    }

    public int entries() {
        return entries;
    }

    /**
     * The translation of a page, or 0.
     *
     * @param space the tag: an address space's number, a PASID; at least 0
     * @param page  the address without its low 12 bits
     */
    public long lookup(int space, long page) {
        long slot = slot(space, page);
        return cells.get(slot | TAG) == tag(space, page) ? cells.get(slot | TRANSLATION) : 0;
    }

    /** The generation that the frame had when the page's translation was taken from a live entry. */
    public long born(int space, long page) {
        return cells.get(slot(space, page) | BORN);
    }

    public void fill(int space, long page, long translation, long born) {
        long slot = slot(space, page);
        cells.set(slot | TAG, tag(space, page));
        cells.set(slot | TRANSLATION, translation);
        cells.set(slot | BORN, born);
    }

    /** Drops one page; returns how many entries that was. */
    public int drop(int space, long page) {
        long slot = slot(space, page);
        return cells.get(slot | TAG) == tag(space, page) ? dropSlot(slot) : 0;
    }

    /** Drops the pages in [from, to) of a space, of any if negative; returns how many entries that was. */
    public int drop(int space, long from, long to) {
        if (space >= 0 && Long.compareUnsigned(to - from, entries) < 0) {
            int dropped = 0;
            for (long page = from; page != to; page++) {
                dropped += drop(space, page);
            }
            return dropped;
        }
        int dropped = 0;
        for (long slot = 0; slot < (long) entries << GROUP; slot += 1 << GROUP) {
            long tag = cells.get(slot | TAG);
            if (tag != 0 && (space < 0 || space(tag) == space) && within(page(tag), from, to)) {
                dropped += dropSlot(slot);
            }
        }
        return dropped;
    }

    /** Drops everything of a space. */
    public int dropSpace(int space) {
        return drop(space, 0, 1L << PAGE_BITS);
    }

    public int dropAll() {
        int dropped = 0;
        for (long slot = 0; slot < (long) entries << GROUP; slot += 1 << GROUP) {
            if (cells.get(slot | TAG) != 0) {
                dropped += dropSlot(slot);
            }
        }
        return dropped;
    }

    /** How many entries it holds of a space; of any if negative. */
    public int size(int space) {
        int size = 0;
        for (int i = 0; i < entries; i++) {
            long tag = tagAt(i);
            size += tag != 0 && (space < 0 || space(tag) == space) ? 1 : 0;
        }
        return size;
    }

    /** The tag at a place from 0 to {@link #entries}, or 0; with {@link #space} and {@link #page} it says what stands there. */
    public long tagAt(int place) {
        return cells.get((long) place << GROUP | TAG);
    }

    public long translationAt(int place) {
        return cells.get((long) place << GROUP | TRANSLATION);
    }

    public static int space(long tag) {
        return (int) (tag >>> PAGE_BITS) - 1;
    }

    public static long page(long tag) {
        return tag & ((1L << PAGE_BITS) - 1);
    }

    private static boolean within(long page, long from, long to) {
        return page >= from && (to == 0 || page < to);
    }

    private long slot(int space, long page) {
        long place = page + (long) space * APART;
        return (mask >= 0 ? place & mask : place % entries) << GROUP;
    }

    private static long tag(int space, long page) {
        return (space + 1L) << PAGE_BITS | page;
    }

    private int dropSlot(long slot) {
        cells.set(slot | TAG, 0);
        cells.set(slot | TRANSLATION, 0);
        cells.set(slot | BORN, 0);
        return 1;
    }
}
