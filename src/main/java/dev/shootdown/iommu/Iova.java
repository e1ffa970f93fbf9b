package dev.shootdown.iommu;

import java.util.Comparator;

/** A range of I/O virtual addresses, in bytes. */
public record Iova(long start, long end) implements Comparable<Iova> {
    private static final Comparator<Iova> ORDER = Comparator.comparingLong(Iova::start).thenComparingLong(Iova::end);

    @Override
    public int compareTo(Iova other) {
        return ORDER.compare(this, other);
    }

    boolean overlaps(long from, long to) {
        return start < to && from < end;
    }
}
