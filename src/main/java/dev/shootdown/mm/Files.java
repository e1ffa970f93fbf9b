package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.Map;

/**
 * Files and the page cache. A file's number is its frames' owner. Shared anonymous memory is a file too (shmem),
 * without a name of its own, which goes with its last mapping.
 */
public final class Files {
    private static final int INDEX_BITS = 38;
    /** Pages that the disk has room for. */
    private static final long DISK = 1L << 24;
    private static final int FIELDS = 2;
    private static final int SIZE = 0;
    private static final int MAPPINGS = 1;
    private static final int FLAGS = 2;
    private static final long TMPFS = 1L;
    private static final long UNNAMED = 1L << 1;
    private static final long HUGE = 1L << 2;
    private static final long NOEXEC = 1L << 3;
    private static final long SEAL_WRITE = 1L << 4;
    private static final long SEAL_FUTURE_WRITE = 1L << 5;

    private final Kernel kernel;
    private final Cells cells;
    private final Table<Long, Long> cache;
    private final Table<Long, Long> stored;
    private final Storage disk;

    Files(World world, Kernel kernel) {
        this.kernel = kernel;
        this.cells = world.cells("file");
        this.cache = world.table("page_cache");
        this.stored = world.table("disk.blocks");
        this.disk = new Storage(world, "disk", DISK, kernel.frames());
    }

    /**
     * Makes a file with all its pages in the page cache, clean and full of zeros; between two steps.
     *
     * @param size  in bytes
     * @param tmpfs whether it lives in shared memory; if not it is ext4's
     * @return its number, from {@link Owners#FILES} on
     */
    public int create(String name, long size, boolean tmpfs) {
        int file = kernel.owners().free(Owners.FILES);
        kernel.owners().name(file, name);
        set(file, SIZE, size);
        set(file, FLAGS, tmpfs ? TMPFS : 0);
        for (long index = 0; index < pages(size); index++) {
            add(file, index);
        }
        return file;
    }

    /** Its file system is mounted noexec; while the machine is composed. */
    public void mountNoexec(int file) {
        set(file, FLAGS, flags(file) | NOEXEC);
    }

    /**
     * F_ADD_SEALS with F_SEAL_WRITE or F_SEAL_FUTURE_WRITE, which the version has to know; while the machine is composed.
     *
     * @param future whether what is mapped by then may still be written to
     */
    public void seal(int file, boolean future) {
        if (future ? kernel.version().hasSealFutureWrite() : kernel.version().hasSeals()) {
            set(file, FLAGS, flags(file) | (future ? SEAL_FUTURE_WRITE : SEAL_WRITE));
        }
    }

    /** path_noexec(). */
    boolean noexec(int file) {
        return (flags(file) & NOEXEC) != 0;
    }

    boolean sealedWrite(int file) {
        return (flags(file) & SEAL_WRITE) != 0;
    }

    /** Whether nothing may write to it any more, but what has it mapped already. */
    boolean sealedAgainstWrites(int file) {
        return (flags(file) & (SEAL_WRITE | SEAL_FUTURE_WRITE)) != 0;
    }

    /** Shared anonymous memory: shmem_zero_setup(). Numbers are those of no file: the lowest that is free. */
    int createUnnamed(int mm, long size) {
        int file = Owners.FILES + (1 << 12);
        while (flags(file) != 0) {
            file++;
        }
        set(file, SIZE, size);
        set(file, FLAGS, TMPFS | UNNAMED);
        kernel.owners().name(file, kernel.name(mm));
        return file;
    }

    /** A file of the hugetlb pool without a name: hugetlb_file_setup(). */
    int createUnnamedHuge(int mm, long size) {
        int file = createUnnamed(mm, size);
        set(file, FLAGS, UNNAMED | HUGE);
        return file;
    }

    /** Whether its pages are of the hugetlb pool. */
    boolean huge(int file) {
        return (flags(file) & HUGE) != 0;
    }

    /** The number of the file of this name, or 0. */
    public int find(String name) {
        return kernel.owners().find(name, Owners.FILES, Owners.FILES + (1 << 12));
    }

    private static long pages(long size) {
        return (size + Frames.PAGE_SIZE - 1) >>> Frames.PAGE_SHIFT;
    }

    /** Its size in bytes. */
    public long size(int file) {
        return cells.get(at(file, SIZE));
    }

    void size(int file, long size) {
        set(file, SIZE, size);
    }

    /** Whether it lives in shared memory (shmem), not on a disk. */
    public boolean tmpfs(int file) {
        return (flags(file) & TMPFS) != 0;
    }

    /** Whether it is shared anonymous memory, which has no name. */
    public boolean unnamed(int file) {
        return (flags(file) & UNNAMED) != 0;
    }

    /** Whether a first write through a shared mapping is told to the file system: vma_wants_writenotify(). */
    boolean writeNotify(int file) {
        return file != 0 && !tmpfs(file) && !huge(file);
    }

    /** How many VMAs map it. */
    long mappings(int file) {
        return cells.get(at(file, MAPPINGS));
    }

    void get(int file) {
        if (file != 0) {
            cells.add(at(file, MAPPINGS), 1);
        }
    }

    void drop(int file) {
        if (file != 0) {
            cells.add(at(file, MAPPINGS), -1);
        }
    }

    /** Whether it went with its last mapping, and its pages and itself are still to be forgotten. */
    boolean orphaned(int file) {
        return unnamed(file) && mappings(file) == 0;
    }

    /** Nothing where it is none. */
    void forget(int file) {
        if (file == 0) {
            return;
        }
        forgetStored(file, 0, 1L << INDEX_BITS - 1);
        set(file, SIZE, 0);
        set(file, FLAGS, 0);
        kernel.owners().name(file, null);
    }

    // ---------------------------------------------------------------- the page cache

    /** The frame of a page, or 0 if it is not in the page cache. */
    public long frame(int file, long index) {
        Long frame = cache.get(key(file, index));
        return frame == null ? 0 : frame;
    }

    /** Puts a page into the page cache, with what the disk holds of it, else zeros; returns its frame, or 0 if there is no memory. */
    long add(int file, long index) {
        long frame = kernel.frames().allocate(tmpfs(file) ? Use.SHARED : Use.FILE, file);
        if (frame != 0) {
            cache.put(key(file, index), frame);
            kernel.folios().set(frame, file, index, 0);
            Long slot = stored.get(key(file, index));
            if (slot != null) {
                disk.load(slot, frame);
                stored.remove(key(file, index));
                disk.free(slot);
            }
        }
        return frame;
    }

    /** The page cache has a page of the hugetlb pool. */
    void addHuge(int file, long index, long frame) {
        cache.put(key(file, index), frame);
        kernel.folios().set(frame, file, index, 0);
    }

    /** The page cache has a page in another frame. */
    void replace(int file, long index, long frame) {
        cache.put(key(file, index), frame);
    }

    /** Takes a page out of the page cache; its reference is the caller's to drop. */
    void remove(int file, long index) {
        cache.remove(key(file, index));
    }

    /** Takes a clean page out of the page cache, which the disk holds from then on; its reference is the caller's to drop. */
    void evict(int file, long index, long frame) {
        remove(file, index);
        if (!kernel.frames().isFilledWith(frame, 0)) {
            stored.put(key(file, index), disk.store(frame));
        }
    }

    /** Forgets what the disk holds of the pages from one to before another. */
    void forgetStored(int file, long from, long end) {
        Map.Entry<Long, Long> entry = stored.ceiling(key(file, from));
        while (entry != null && entry.getKey() < key(file, Math.min(end, (1L << INDEX_BITS) - 1))) {
            disk.free(entry.getValue());
            stored.remove(entry.getKey());
            entry = stored.ceiling(key(file, from));
        }
    }

    /** The frame of the first page from this index on that is in the page cache, or 0. */
    long first(int file, long index) {
        Map.Entry<Long, Long> entry = cache.ceiling(key(file, index));
        return entry == null || entry.getKey() >>> INDEX_BITS != file ? 0 : entry.getValue();
    }

    private static long key(int file, long index) {
        return (long) file << INDEX_BITS | index;
    }

    private long flags(int file) {
        return cells.get(at(file, FLAGS));
    }

    private void set(int file, int field, long value) {
        cells.set(at(file, field), value);
    }

    private static long at(int file, int field) {
        return (long) (file - Owners.FILES) << FIELDS | field;
    }
}
