package dev.shootdown.explore;

/** A search of all interleavings from where a machine stands. */
sealed interface Searching permits Search, ReducedSearch, Together, FactoredSearch {
    /** Searches, and leaves the machine where it stood. What it covered; of no use where the judge has {@link Judge#widened}. */
    Reach run();

    Counts counts();

    /** The fingerprints of the distinct ends that were met, in order: any two complete searches meet the same. */
    long[] ends();

    /** Whether what it found has to be found anew by a search without reduction. */
    boolean gaveUp();
}
