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
    /** Of an entry's words: the tag, the translation and the generation, in this order. */
    private static final int TAG = 0;
    private static final int TRANSLATION = 1;
    private static final int BORN = 2;
    private static final int PAGE_BITS = 45;
    /** How far from each other the same page of neighbouring spaces lies, so that few spaces with few pages do not meet. */
    private static final int APART = 21;
    /** Above these bits of its number a space may say whose it is, a device's for one: such ones lie as far apart as those of this many numbers. */
    private static final int LOW_BITS = 20;
    private static final int LOW = (1 << LOW_BITS) - 1;
    private static final int HIGH_APART = 8;

    private final int entries;
    /** What a page's number leaves of itself where the entries are a power of two, which spares a division; else -1. */
    private final int mask;
    /** The entries, each in the stretch of its space, so that who asks for one space looks at nothing of another. */
    private final Cells cells;
    /** For each place the space that has it, plus 1; 0 where it is free. */
    private final Cells owners;

    public Tlb(World world, String name, int entries) {
        this.entries = entries;
        this.mask = Integer.bitCount(entries) == 1 ? entries - 1 : -1;
        this.cells = world.cells(name, Role.STATE, GROUP);
        this.owners = world.cells(name + ".owners");
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
        long slot = slot(space, place(space, page));
        return cells.get(slot | TAG) == tag(space, page) ? cells.get(slot | TRANSLATION) : 0;
    }

    /** The generation that the frame had when the page's translation was taken from a live entry. */
    public long born(int space, long page) {
        return cells.get(slot(space, place(space, page)) | BORN);
    }

    public void fill(int space, long page, long translation, long born) {
        long place = place(space, page);
        long owner = owners.get(place);
        if (owner != space + 1) {
            if (owner != 0) {
                clear(slot((int) owner - 1, place));
            }
            owners.set(place, space + 1L);
        }
        long slot = slot(space, place);
        cells.set(slot, tag(space, page), translation, born);
    }

    /** Drops one page; returns how many entries that was. */
    public int drop(int space, long page) {
        long place = place(space, page);
        return cells.get(slot(space, place) | TAG) == tag(space, page) ? dropPlace(space, place) : 0;
    }

    /** Drops the pages in [from, to) of a space, of any if negative; returns how many entries that was. */
    public int drop(int space, long from, long to) {
        int dropped = 0;
        if (space >= 0 && Long.compareUnsigned(to - from, entries) < 0) {
            for (long page = from; page != to; page++) {
                dropped += drop(space, page);
            }
            return dropped;
        }
        for (long place = 0; place < entries; place++) {
            int owner = space >= 0 ? space : (int) owners.get(place) - 1;
            long tag = owner < 0 ? 0 : cells.get(slot(owner, place) | TAG);
            if (tag != 0 && within(page(tag), from, to)) {
                dropped += dropPlace(owner, place);
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
        for (long place = 0; place < entries; place++) {
            int owner = (int) owners.get(place) - 1;
            dropped += owner >= 0 ? dropPlace(owner, place) : 0;
        }
        return dropped;
    }

    /** How many entries it holds of a space; of any if negative. */
    public int size(int space) {
        int size = 0;
        for (int i = 0; i < entries; i++) {
            size += tagAt(i) != 0 && (space < 0 || spaceAt(i) == space) ? 1 : 0;
        }
        return size;
    }

    /** The space of what stands at a place from 0 to {@link #entries}; -1 if nothing does. */
    public int spaceAt(int place) {
        return (int) owners.get(place) - 1;
    }

    /** The tag at a place, or 0; with {@link #spaceAt} and {@link #page} it says what stands there. */
    public long tagAt(int place) {
        int owner = (int) owners.get(place) - 1;
        return owner < 0 ? 0 : cells.get(slot(owner, place) | TAG);
    }

    public long translationAt(int place) {
        int owner = (int) owners.get(place) - 1;
        return owner < 0 ? 0 : cells.get(slot(owner, place) | TRANSLATION);
    }

    public static long page(long tag) {
        return tag & ((1L << PAGE_BITS) - 1);
    }

    private static boolean within(long page, long from, long to) {
        return page >= from && (to == 0 || page < to);
    }

    private long place(int space, long page) {
        long place = page + ((space & LOW) + (long) (space >>> LOW_BITS) * HIGH_APART) * APART;
        return mask >= 0 ? place & mask : place % entries;
    }

    private long slot(int space, long place) {
        return ((long) space * entries + place) << GROUP;
    }

    private static long tag(int space, long page) {
        return (space + 1L) << PAGE_BITS | page;
    }

    private int dropPlace(int space, long place) {
        owners.set(place, 0);
        clear(slot(space, place));
        return 1;
    }

    private void clear(long slot) {
        cells.set(slot, 0, 0, 0);
    }
}
