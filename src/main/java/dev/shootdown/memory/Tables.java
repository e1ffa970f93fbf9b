package dev.shootdown.memory;

/**
 * Page tables in frames. A table is named by its frame; its 512 entries are the frame's words. What the
 * process's CPUs walk and what an IOMMU walks are the same words.
 */
public final class Tables {
    private final Frames frames;

    public Tables(Frames frames) {
        this.frames = frames;
    }

    public long entry(long table, long address, int level) {
        return frames.word(table, Entry.index(address, level));
    }

    public void entry(long table, long address, int level, long entry) {
        frames.word(table, Entry.index(address, level), entry);
    }

    /**
     * The table of a level that an address's walk comes to, or 0 if an entry above is empty or maps a large page.
     *
     * @param root   the top table's frame
     * @param levels how many levels the root is above the lowest: 4 or 5
     */
    public long table(long root, int levels, long address, int level) {
        long table = root;
        for (int at = levels; at > level; at--) {
            long entry = entry(table, address, at);
            if (!Entry.present(entry) || Entry.huge(entry)) {
                return 0;
            }
            table = Entry.frame(entry);
        }
        return table;
    }

    /**
     * What hardware does when it uses an entry: sets the accessed bit and, for a write, the dirty bit of a leaf.
     * Returns the entry as it is then.
     */
    public long use(long table, long address, int level, boolean leaf, boolean write) {
        return use(table, address, level, entry(table, address, level), leaf, write);
    }

    /** The same of an entry that has just been read. */
    public long use(long table, long address, int level, long entry, boolean leaf, boolean write) {
        long used = entry | Entry.ACCESSED | (leaf && write ? Entry.DIRTY : 0);
        if (used != entry) {
            entry(table, address, level, used);
        }
        return used;
    }

    /** What an entry lets a user do, as {@link Translation} permissions; 0 if it is not present. */
    public static int permissions(long entry) {
        return (entry & Entry.USER) == 0 ? 0 : privileged(entry);
    }

    /** What an entry lets a supervisor do to whom users' pages are not forbidden; 0 if it is not present. */
    public static int privileged(long entry) {
        if (!Entry.present(entry)) {
            return 0;
        }
        return Translation.READ
                | (Entry.writable(entry) ? Translation.WRITE : 0)
                | ((entry & Entry.NX) == 0 ? Translation.EXECUTE : 0)
                | (Entry.dirty(entry) ? Translation.DIRTY : 0);
    }
}
