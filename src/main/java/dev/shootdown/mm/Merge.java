package dev.shootdown.mm;

/**
 * Whether a stretch of memory with new rules can be one with its neighbours, and making it so: vma_merge() until 6.9,
 * vma_merge_existing_range() and vma_merge_new_range() then.
 */
final class Merge {
    private final Kernel kernel;
    private final Vmas vmas;

    Merge(Kernel kernel) {
        this.kernel = kernel;
        this.vmas = kernel.vmas();
    }

    /**
     * Merges if it can be.
     *
     * @param wanted the stretch as it is to be
     * @param middle the mapping of which it is a part by now, or null where nothing is mapped
     * @return the mapping that holds the stretch then, or null if nothing merges
     */
    Vma merge(Vma wanted, Vma middle) {
        Vma previous = vmas.previous(wanted.mm(), wanted.start());
        Vma next = vmas.next(wanted.mm(), wanted.end() - 1);
        boolean before = previous != null && previous.end() == wanted.start() && mergeable(previous, wanted)
                && previous.index(wanted.start()) == wanted.pgoff();
        boolean after = next != null && next.start() == wanted.end() && mergeable(next, wanted)
                && wanted.index(next.start()) == next.pgoff();
        if (before && after && shareAnon(previous, next)) {
            return join(wanted, middle, previous, next);
        }
        return before ? join(wanted, middle, previous, null) : after ? join(wanted, middle, null, next) : null;
    }

    private Vma join(Vma wanted, Vma middle, Vma previous, Vma next) {
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
            cutOut(middle, wanted);
        }
        if (previous != null) {
            vmas.replace(previous, joined);
            if (next != null) {
                vmas.remove(next);
            }
        } else {
            vmas.replace(next, joined);
        }
        kernel.anonVmas().put(joined.anon());
        return joined;
    }

    /** Takes a stretch at one end of a mapping, or all of it, out of it. */
    private void cutOut(Vma middle, Vma wanted) {
        if (middle.start() < wanted.start()) {
            vmas.replace(middle, middle.part(middle.start(), wanted.start()));
        } else if (middle.end() > wanted.end()) {
            vmas.replace(middle, middle.part(wanted.end(), middle.end()));
        } else {
            vmas.remove(middle);
        }
    }

    private boolean mergeable(Vma neighbour, Vma wanted) {
        return !wanted.has(Vma.SPECIAL)
                && ((neighbour.flags() ^ wanted.flags()) & ~Vma.STICKY) == 0
                && neighbour.file() == wanted.file()
                && mergeableAnon(neighbour, wanted);
    }

    /** is_mergeable_anon_vma(). */
    private boolean mergeableAnon(Vma neighbour, Vma wanted) {
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
