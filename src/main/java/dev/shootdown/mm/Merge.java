package dev.shootdown.mm;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/**
 * Whether a stretch of memory with new rules can be one with its neighbours, and making it so: vma_merge() until 6.9,
 * vma_merge_existing_range() and vma_merge_new_range() then.
 *
 * @param wanted   the stretch as it is to be
 * @param middle   the mapping of which it is a part by now, or null where nothing is mapped
 * @param previous the mapping below that is one with it then, or null
 * @param next     the mapping above that is one with it then, or null
 */
record Merge(Kernel kernel, Vma wanted, Vma middle, Vma previous, Vma next) {
    /**
     * Looks whether it can be.
     *
     * @param wanted the stretch as it is to be
     * @param middle the mapping of which it is a part by now, or null where nothing is mapped
     */
    static Merge of(Kernel kernel, Vma wanted, Vma middle) {
        Vma below = kernel.vmas().previous(wanted.mm(), wanted.start());
        Vma above = kernel.vmas().next(wanted.mm(), wanted.end() - 1);
        boolean before = below != null && below.end() == wanted.start() && mergeable(kernel, below, wanted)
                && below.index(wanted.start()) == wanted.pgoff();
        boolean after = above != null && above.start() == wanted.end() && mergeable(kernel, above, wanted)
                && wanted.index(above.start()) == above.pgoff();
        return new Merge(kernel, wanted, middle, before ? below : null, after && (!before || shareAnon(below, above)) ? above : null);
    }

    /** Whether a neighbour and the stretch can be one. */
    boolean possible() {
        return previous != null || next != null;
    }

    /** Marks the mappings that become one; see {@link VmaLock#startWrite}. */
    boolean startWrite(Turn turn, Step again) {
        return (previous == null || VmaLock.startWrite(kernel, turn, previous, again))
                && (middle == null || VmaLock.startWrite(kernel, turn, middle, again))
                && (next == null || VmaLock.startWrite(kernel, turn, next, again));
    }

    /** Makes them one, which it returns. */
    Vma join() {
        Vma first = previous != null ? previous : wanted;
        Vma anon = previous != null && previous.anon() != 0 ? previous : wanted.anon() != 0 ? wanted : next;
        long end = next != null ? next.end() : wanted.end();
        long sticky = (previous == null ? 0 : previous.flags()) | (next == null ? 0 : next.flags());
        Vma joined = new Vma(wanted.mm(), first.start(), end, wanted.flags() | sticky & Vma.STICKY, first.pgoff(), wanted.file(), 0, false);
        if (anon != null) {
            joined = joined.withAnon(anon.anon(), anon.forked());
        }
        kernel.anonVmas().get(joined.anon());
        if (middle != null) {
            cutOut();
        }
        if (previous != null) {
            kernel.vmas().replace(previous, joined);
            if (next != null) {
                kernel.vmas().remove(next);
            }
        } else {
            kernel.vmas().replace(next, joined);
        }
        kernel.anonVmas().put(joined.anon());
        return joined;
    }

    /** Takes a stretch at one end of a mapping, or all of it, out of it. */
    private void cutOut() {
        if (middle.start() < wanted.start()) {
            kernel.vmas().replace(middle, middle.part(middle.start(), wanted.start()));
        } else if (middle.end() > wanted.end()) {
            kernel.vmas().replace(middle, middle.part(wanted.end(), middle.end()));
        } else {
            kernel.vmas().remove(middle);
        }
    }

    private static boolean mergeable(Kernel kernel, Vma neighbour, Vma wanted) {
        return !wanted.has(Vma.SPECIAL)
                && ((neighbour.flags() ^ wanted.flags()) & ~Vma.STICKY) == 0
                && neighbour.file() == wanted.file()
                && mergeableAnon(kernel, neighbour, wanted);
    }

    /** is_mergeable_anon_vma(). */
    private static boolean mergeableAnon(Kernel kernel, Vma neighbour, Vma wanted) {
        if (neighbour.anon() == wanted.anon()) {
            return true;
        }
        if (kernel.version().mergeNeedsSingularChain()) {
            // A neighbour without an anon_vma has an empty chain, which is not singular.
            return wanted.anon() == 0 && !neighbour.forked();
        }
        return neighbour.anon() == 0 ? !wanted.forked() : wanted.anon() == 0 && !neighbour.forked();
    }

    private static boolean shareAnon(Vma previous, Vma next) {
        return previous.anon() == next.anon() || previous.anon() == 0 || next.anon() == 0;
    }
}
