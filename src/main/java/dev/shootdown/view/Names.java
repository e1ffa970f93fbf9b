package dev.shootdown.view;

import dev.shootdown.lang.Place;
import java.util.List;

/** Ranges in the user's own words: {@code buf[0 +4K]} for a part of what was named {@code buf}. */
public final class Names {
    private static final long EVERYTHING = ~0L;
    /** A longer one says less than the end does. */
    private static final int LONGEST_SIZE = 6;
    private static final String[] UNITS = {"T", "G", "M", "K"};
    private static final int[] SHIFTS = {40, 30, 20, 10};

    /** The ranges that are named in a process. */
    @FunctionalInterface
    public interface Resolver {
        List<Place> places(String process);
    }

    private final Resolver resolver;

    public Names(Resolver resolver) {
        this.resolver = resolver;
    }

    /** Names nothing. */
    public static Names none() {
        return new Names(process -> List.of());
    }

    /** A half-open range. */
    public String range(String process, long start, long end) {
        if (start == 0 && end == EVERYTHING) {
            return "everything";
        }
        Place place = around(process, start, end);
        if (place == null) {
            String size = size(end - start);
            return size.length() > LONGEST_SIZE ? hex(start) + ".." + hex(end) : hex(start) + " +" + size;
        }
        boolean whole = start == place.start() && end == place.end();
        return whole ? place.name() : place.name() + "[" + size(start - place.start()) + " +" + size(end - start) + "]";
    }

    /** One address. */
    public String address(String process, long address) {
        Place place = around(process, address, address);
        return place == null ? hex(address) : place.name() + "[" + size(address - place.start()) + "]";
    }

    /** The smallest named range around this one: the most telling. */
    private Place around(String process, long start, long end) {
        Place best = null;
        for (Place place : resolver.places(process)) {
            boolean holds = Long.compareUnsigned(place.start(), start) <= 0 && Long.compareUnsigned(end, place.end()) <= 0
                    && Long.compareUnsigned(start, place.end()) < 0;
            if (holds && (best == null || place.end() - place.start() < best.end() - best.start())) {
                best = place;
            }
        }
        return best;
    }

    static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    /** A number of bytes as the language writes it: {@code 16K}. */
    static String size(long bytes) {
        for (int i = 0; i < UNITS.length; i++) {
            if (bytes != 0 && (bytes & ((1L << SHIFTS[i]) - 1)) == 0) {
                return Long.toUnsignedString(bytes >>> SHIFTS[i]) + UNITS[i];
            }
        }
        return Long.toUnsignedString(bytes);
    }
}
