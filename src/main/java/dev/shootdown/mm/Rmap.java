package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The reverse mapping: from a page to the VMAs that may map it. A file has its i_mmap tree, a family of anon_vmas
 * (all that forks made of one) its interval trees; both have a lock, which who walks holds for reading, and which
 * who takes a VMA out waits for. A VMA stays in it after it was taken off its address space's list, until its page
 * tables go.
 */
final class Rmap {
    private final Kernel kernel;
    private final Table<Place, Vma> trees;
    private final Cells readers;

    /** Where a VMA stands: its family ({@link #file}, {@link #anon}), its address space, its start. */
    record Place(int family, int mm, long start) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byFamily = Integer.compare(family, other.family);
            int bySpace = byFamily != 0 ? byFamily : Integer.compare(mm, other.mm);
            return bySpace != 0 ? bySpace : Long.compareUnsigned(start, other.start);
        }
    }

    Rmap(World world, Kernel kernel) {
        this.kernel = kernel;
        this.trees = world.table("rmap");
        this.readers = world.cells("rmap.readers");
    }

    /** The family of a file's mappings. */
    static int file(int file) {
        return file - Owners.FILES << 1;
    }

    /** The family of an anon_vma. */
    int anon(int number) {
        return kernel.anonVmas().root(number) << 1 | 1;
    }

    /** vma_link(), anon_vma_chain_link(): a VMA begins to be found. */
    void link(Vma vma) {
        if (vma.file() != 0) {
            trees.put(new Place(file(vma.file()), vma.mm(), vma.start()), vma);
        }
        if (vma.anon() != 0) {
            trees.put(new Place(anon(vma.anon()), vma.mm(), vma.start()), vma);
        }
    }

    /** unlink_file_vma(), unlink_anon_vmas(): it is found no more. */
    void unlink(Vma vma) {
        if (vma.file() != 0) {
            trees.remove(new Place(file(vma.file()), vma.mm(), vma.start()));
        }
        if (vma.anon() != 0) {
            trees.remove(new Place(anon(vma.anon()), vma.mm(), vma.start()));
        }
    }

    /** Whether nobody walks or holds a tree that a VMA is in. */
    boolean unlocked(Vma vma) {
        long walking = vma.file() == 0 ? 0 : readers.get(file(vma.file()));
        return (walking | (vma.anon() == 0 ? 0 : readers.get(anon(vma.anon())))) == 0;
    }

    /** Whether a tree may be walked. */
    boolean readable(int family) {
        return readers.get(family) >= 0;
    }

    /** Keeps walkers out of the trees that a VMA is in, or lets them in again. */
    void hold(Vma vma, boolean held) {
        if (vma.file() != 0) {
            readers.set(file(vma.file()), held ? -1 : 0);
        }
        if (vma.anon() != 0) {
            readers.set(anon(vma.anon()), held ? -1 : 0);
        }
    }

    void lock(int family) {
        readers.add(family, 1);
    }

    void unlock(int family) {
        readers.add(family, -1);
    }

    /** The first VMA of a family behind a place; or null. */
    Vma next(Place place) {
        Map.Entry<Place, Vma> entry = trees.higher(place);
        return entry == null || entry.getKey().family() != place.family() ? null : entry.getValue();
    }

    /** The family whose VMAs may map a page: of its file, or of its anon_vma. */
    int family(long frame) {
        int mapping = kernel.folios().mapping(frame);
        return Rss.anonymous(kernel.frames().use(frame)) ? anon(mapping) : file(mapping);
    }

    /** The VMAs that may map a page: those of its file or anon_vma that reach over its index. */
    List<Vma> mapping(long frame) {
        return mappingAny(frame, 1);
    }

    /** The same for any of so many pages, the first of which is given. */
    List<Vma> mappingAny(long frame, int pages) {
        int mapping = kernel.folios().mapping(frame);
        boolean anonymous = Rss.anonymous(kernel.frames().use(frame));
        long index = kernel.folios().index(frame);
        List<Vma> found = new ArrayList<>();
        Vma vma = mapping == 0 ? null : next(new Place(family(frame), 0, 0));
        while (vma != null) {
            boolean inside = index + pages > vma.pgoff() && index < vma.pgoff() + vma.pages();
            if (inside && (!anonymous || kernel.anonVmas().descends(vma.anon(), mapping))) {
                found.add(vma);
            }
            vma = next(new Place(family(frame), vma.mm(), vma.start()));
        }
        return found;
    }

    /** Where a VMA has the page of an index: vma_address(). */
    static long address(Vma vma, long index) {
        return vma.start() + (index - vma.pgoff() << Frames.PAGE_SHIFT);
    }
}
