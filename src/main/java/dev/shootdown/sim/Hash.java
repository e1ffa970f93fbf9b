package dev.shootdown.sim;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * 64-bit structural hashes of the values that cells hold. A record's own {@code hashCode} does not contain
 * its class, so that two different steps with equal arguments would be taken for one; these do, by name, so
 * that they are the same in every run.
 */
public final class Hash {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private static final long LONG = 0x243f6a8885a308d3L;
    private static final long INT = 0x13198a2e03707344L;
    private static final long TRUE = 0xa4093822299f31d0L;
    private static final long FALSE = 0x082efa98ec4e6c89L;

    private static final ClassValue<ToLongFunction<Object>> RECORDS = new ClassValue<>() {
        @Override
        protected ToLongFunction<Object> computeValue(Class<?> type) {
            return RecordHasher.of(type, Hash.of(type.getName()));
        }
    };

    private static final ClassValue<Long> ENUMS = new ClassValue<>() {
        @Override
        protected Long computeValue(Class<?> type) {
            return of(type.getName());
        }
    };

    private Hash() {}

    /** A bijection of longs that leaves no bit where it was (the finalizer of SplitMix64). */
    public static long mix(long x) {
        long z = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Hash of two values in order. */
    public static long mix(long a, long b) {
        return mix(mix(a + GOLDEN) ^ (b + 0x632be59bd9b4e019L));
    }

    /** Hash of a text. */
    public static long of(String text) {
        long h = text.length();
        for (int i = 0; i < text.length(); i++) {
            h = h * 0x100000001b3L + text.charAt(i);
        }
        return mix(h ^ GOLDEN);
    }

    /**
     * The structural hash of a value: null is 0. Known are {@link Hashed}, records of known values, enums,
     * numbers, texts, booleans, and lists and sorted maps of known values.
     */
    public static long of(Object value) {
        if (value instanceof Record record) {
            return RECORDS.get(record.getClass()).applyAsLong(record);
        }
        return value instanceof Agenda agenda ? agenda.hash() : ofOther(value);
    }

    /** Apart from records and agendas, of which searches hash millions a second. */
    private static long ofOther(Object value) {
        return switch (value) {
            case null -> 0;
            case Hashed known -> known.hash();
            case Enum<?> word -> mix(ENUMS.get(word.getDeclaringClass()), word.ordinal() + 1);
            case Long number -> mix(number ^ LONG);
            case Integer number -> mix(number ^ INT);
            case Boolean bit -> of(bit.booleanValue());
            case String text -> of(text);
            case List<?> list -> ofList(list);
            case Map<?, ?> map -> ofMap(map);
            default -> throw new IllegalArgumentException("a cell cannot hold a " + value.getClass().getName());
        };
    }

    private static long ofList(List<?> list) {
        long h = list.size() + 17L;
        for (int i = 0; i < list.size(); i++) {
            h = mix(h, of(list.get(i)));
        }
        return h;
    }

    /** The order of a map's keys does not count. */
    private static long ofMap(Map<?, ?> map) {
        long h = map.size() + 19L;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            h += mix(of(entry.getKey()), of(entry.getValue()));
        }
        return mix(h);
    }

    // ---------------------------------------------------------------- what generated hashers call

    /** Takes one more part into the hash of a record. */
    public static long fold(long hash, long part) {
        return mix(hash + GOLDEN) ^ part;
    }

    /** The part that a boolean is. */
    public static long of(boolean bit) {
        return bit ? TRUE : FALSE;
    }
}
