package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.World;

/**
 * The second stage of a nested translation: a page table of the hypervisor's, in the IOMMU's own format, that says where in
 * memory lies what a process's page tables name, the tables themselves included. At first every guest-physical address is
 * where it says. What hardware remembers of it is a TLB of its own, beside the IOTLB, whose entries hold both stages.
 */
public final class SecondStage {
    /** It has four levels, and is laid out with pages of 1 GiB. */
    public static final int LEVELS = 4;

    private static final int LARGEST = 3;
    private static final int ENTRIES_BITS = 9;
    private static final int PERMISSIONS = Translation.READ | Translation.WRITE | Translation.EXECUTE;

    /** How an entry is written. */
    public interface Format {
        /** log2 of the frames of the top table. */
        default int topOrder() {
            return 0;
        }

        /** One that names the next table, which is of this level. */
        long table(long frame, int level);

        /** One that maps a page, in a table of this level. */
        long page(long frame, int permissions, int level);

        boolean present(long entry);

        boolean isPage(long entry, int level);

        /** Whether an entry that is present has a bit set that must not be. */
        default boolean reserved(long entry, int level) {
            return false;
        }

        /** As {@link Translation} has them. */
        int permissions(long entry);

        long frame(long entry);
    }

    private final Frames frames;
    private final Format format;
    private final Tlb nested;
    private final long root;

    SecondStage(World world, String iommu, Frames frames, Format format, int entries) {
        this.frames = frames;
        this.format = format;
        this.nested = new Tlb(world, iommu + ".nested", entries);
        this.root = frames.allocate(Use.KERNEL, 0, format.topOrder());
        for (long frame = 0; frame < frames.count(); frame += Entry.span(LARGEST) >>> Frames.PAGE_SHIFT) {
            frames.word(table(frame, LARGEST), index(frame, LARGEST), format.page(frame, PERMISSIONS, LARGEST));
        }
    }

    /** The frame of its top table, which a device's or a PASID's entry names. */
    public long root() {
        return root;
    }

    private static int index(long page, int level) {
        return Entry.index(page << Frames.PAGE_SHIFT, level);
    }

    // ---------------------------------------------------------------- what hardware does

    /** Where a guest's page is as far as that is remembered; one that does not allow what is wanted is dropped. 0 if it is not known. */
    long known(long page, int wanted) {
        long hit = nested.lookup(0, page);
        if (hit != 0 && !Translation.allows(hit, wanted)) {
            nested.drop(0, page);
            return 0;
        }
        return hit;
    }

    /** Remembers where a guest's page is. */
    void fill(long page, long found) {
        nested.fill(0, page, found, 0);
    }

    /** Whether a page is one that the top table has an entry for; of others there is none that is present. */
    static boolean holds(long page) {
        return page >>> ENTRIES_BITS * LEVELS == 0;
    }

    /** Whether a table is in memory. */
    boolean inMemory(long table) {
        return table < frames.count();
    }

    /** The entry for a page in a table of a level. */
    long entry(long table, long page, int level) {
        return frames.word(table, index(page, level));
    }

    /** The physical address of that entry. */
    static long address(long table, long page, int level) {
        return (table << Frames.PAGE_SHIFT) + (long) index(page, level) * Long.BYTES;
    }

    /** What is wrong with an entry, whatever is wanted; null if nothing is. */
    Fault.Why wrong(long entry, int level) {
        if (!format.present(entry)) {
            return Fault.Why.SECOND_STAGE;
        }
        return format.reserved(entry, level) ? Fault.Why.SECOND_STAGE_RESERVED : null;
    }

    /** Whether an entry maps a page, and names no table. */
    boolean isPage(long entry, int level) {
        return format.isPage(entry, level);
    }

    /** The table that an entry names. */
    long table(long entry) {
        return format.frame(entry);
    }

    /** Where an entry says that a page is, with what may be done to it. */
    long found(long entry, long page, int level) {
        long within = page & (1L << ENTRIES_BITS * (level - 1)) - 1;
        return Translation.of(format.frame(entry) + within, format.permissions(entry));
    }

    /**
     * Where a guest's page is, with what may be done to it; 0 if that is nowhere, or does not allow what is wanted. Remembers
     * what it finds.
     */
    long translate(long page, int wanted) {
        long hit = known(page, wanted);
        if (hit != 0) {
            return hit;
        }
        long table = root;
        for (int level = LEVELS; inMemory(table) && holds(page); level--) {
            long entry = entry(table, page, level);
            if (wrong(entry, level) != null) {
                return 0;
            }
            if (isPage(entry, level)) {
                long found = found(entry, page, level);
                fill(page, found);
                return Translation.allows(found, wanted) ? found : 0;
            }
            table = table(entry);
        }
        return 0;
    }

    /** Where a guest's table or context is that is to be read: the frame, or -1 if the second stage does not say or allow it. */
    public long readable(long page) {
        long found = translate(page, Translation.READ);
        return found == 0 ? -1 : Translation.frame(found);
    }

    // ---------------------------------------------------------------- what software does

    /** Says where a guest's page is, or that it is nowhere. Invalidating what is remembered is the caller's business. */
    void set(long page, long frame, int permissions) {
        frames.word(table(page, 1), index(page, 1), permissions == 0 ? 0 : format.page(frame, permissions, 1));
    }

    /** The table of a level on the way to a page; made, or made out of a larger page, where there is none. */
    private long table(long page, int level) {
        long table = root;
        for (int at = LEVELS; at > level; at--) {
            long entry = frames.word(table, index(page, at));
            if (!format.present(entry) || format.isPage(entry, at)) {
                long below = frames.allocate(Use.KERNEL, 0);
                for (int i = 0; i < Frames.WORDS && format.present(entry); i++) {
                    long piece = format.frame(entry) + ((long) i << ENTRIES_BITS * (at - 2));
                    frames.word(below, i, format.page(piece, format.permissions(entry), at - 1));
                }
                entry = format.table(below, at - 1);
                frames.word(table, index(page, at), entry);
            }
            table = format.frame(entry);
        }
        return table;
    }

    // ---------------------------------------------------------------- what is remembered

    /** Forgets the guest's pages [from, to); returns how many it knew. */
    int drop(long from, long to) {
        return nested.drop(0, from, to);
    }

    /** Forgets everything. */
    public void dropAll() {
        nested.dropAll();
    }

    /** What it remembers. */
    public Tlb nested() {
        return nested;
    }
}
