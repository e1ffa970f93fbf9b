package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The reverse mapping: from a page to the VMAs that may map it. A file has its i_mmap tree, a family of anon_vmas
 * (all that forks made of one) its interval trees; both have a lock, which who walks holds for reading, and which
 * who takes a VMA out waits for. A VMA stays in it after it was taken off its address space's list, until its page
 * tables go.
 */
final class Rmap {
    private static final int NONE = -1;

    private final Kernel kernel;
    private final Table<Place, Vma> trees;
    private final Cells readers;

    /**
     * Where a VMA stands in its family ({@link #file}, {@link #anon}): by its offset in pages, as the interval trees of
     * include/linux/interval_tree_generic.h are walked; of those with the same offset the one that came first.
     */
    record Place(int family, long pgoff, int order, int mm, long start) implements Comparable<Place> {
        /** Before all VMAs of a family. */
        static Place before(int family) {
            return new Place(family, 0, -1, 0, 0);
        }

        @Override
        public int compareTo(Place other) {
            int byFamily = Integer.compare(family, other.family);
            int byOffset = byFamily != 0 ? byFamily : Long.compare(pgoff, other.pgoff);
            return byOffset != 0 ? byOffset : Integer.compare(order, other.order);
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
            link(file(vma.file()), vma);
        }
        if (vma.anon() != 0) {
            link(anon(vma.anon()), vma);
        }
    }

    private void link(int family, Vma vma) {
        Map.Entry<Place, Vma> last = trees.lower(new Place(family, vma.pgoff() + 1, -1, 0, 0));
        boolean same = last != null && last.getKey().family() == family && last.getKey().pgoff() == vma.pgoff();
        trees.put(new Place(family, vma.pgoff(), same ? last.getKey().order() + 1 : 0, vma.mm(), vma.start()), vma);
    }

    /** unlink_file_vma(), unlink_anon_vmas(): it is found no more. */
    void unlink(Vma vma) {
        if (vma.file() != 0) {
            unlink(file(vma.file()), vma);
        }
        if (vma.anon() != 0) {
            unlink(anon(vma.anon()), vma);
        }
    }

    private void unlink(int family, Vma vma) {
        Place place = place(family, vma);
        if (place != null) {
            trees.remove(place);
        }
    }

    /** Where a VMA stands in a family; null if it is not in it. */
    Place place(int family, Vma vma) {
        Map.Entry<Place, Vma> entry = trees.higher(new Place(family, vma.pgoff(), -1, 0, 0));
        while (entry != null && entry.getKey().family() == family && entry.getKey().pgoff() == vma.pgoff()) {
            if (entry.getKey().mm() == vma.mm() && entry.getKey().start() == vma.start()) {
                return entry.getKey();
            }
            entry = trees.higher(entry.getKey());
        }
        return null;
    }

    /** A VMA is another one now; where only its rules are others it keeps its place. */
    void replace(Vma old, Vma next) {
        boolean same = old.start() == next.start() && old.end() == next.end() && old.pgoff() == next.pgoff();
        replace(fileFamily(old), fileFamily(next), same, old, next);
        replace(anonFamily(old), anonFamily(next), same && old.anon() == next.anon(), old, next);
    }

    private static int fileFamily(Vma vma) {
        return vma.file() == 0 ? NONE : file(vma.file());
    }

    private int anonFamily(Vma vma) {
        return vma.anon() == 0 ? NONE : anon(vma.anon());
    }

    private void replace(int from, int to, boolean stays, Vma old, Vma next) {
        Place place = from == NONE ? null : place(from, old);
        if (stays && place != null) {
            trees.put(place, next);
            return;
        }
        if (place != null) {
            trees.remove(place);
        }
        if (to != NONE) {
            link(to, next);
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

    /** The place of the first VMA of a family behind a place; or null. */
    Place next(Place behind) {
        Map.Entry<Place, Vma> entry = trees.higher(behind);
        return entry == null || entry.getKey().family() != behind.family() ? null : entry.getKey();
    }

    Vma at(Place place) {
        return trees.get(place);
    }

    /** The family whose VMAs may map a page: of its file, or of its anon_vma. */
    int family(long frame) {
        int mapping = kernel.folios().mapping(frame);
        return Rss.anonymous(kernel.frames().use(frame)) ? anon(mapping) : file(mapping);
    }

    /** The VMAs that may map a page: those of its file or anon_vma that reach over its index, by where they begin. */
    List<Vma> mapping(long frame) {
        return mappingAny(frame, 1);
    }

    /** The same for any of so many pages, the first of which is given. */
    List<Vma> mappingAny(long frame, int pages) {
        int mapping = kernel.folios().mapping(frame);
        boolean anonymous = Rss.anonymous(kernel.frames().use(frame));
        long index = kernel.folios().index(frame);
        List<Vma> found = new ArrayList<>();
        for (Place at = mapping == 0 ? null : next(Place.before(family(frame))); at != null; at = next(at)) {
            Vma vma = at(at);
            boolean inside = index + pages > vma.pgoff() && index < vma.pgoff() + vma.pages();
            if (inside && (!anonymous || kernel.anonVmas().descends(vma.anon(), mapping))) {
                found.add(vma);
            }
        }
        found.sort(Comparator.comparingLong(Vma::pgoff));
        return found;
    }

    /** Whether another address space than this maps any of a compound page: folio_maybe_mapped_shared(). */
    boolean mappedElsewhere(long frame, int mm) {
        long head = kernel.frames().head(frame);
        for (Vma vma : mappingAny(head, 1 << kernel.frames().order(head))) {
            long from = address(vma, Math.max(kernel.folios().index(head), vma.pgoff()));
            for (long at = from; at < vma.end() && vma.mm() != mm; at += Frames.PAGE_SIZE) {
                long entry = kernel.pte(vma.mm(), at);
                if (Entry.mapped(entry) && kernel.frames().head(Entry.frame(entry)) == head) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where a VMA has the page of an index: vma_address(). */
    static long address(Vma vma, long index) {
        return vma.start() + (index - vma.pgoff() << Frames.PAGE_SHIFT);
    }
}
