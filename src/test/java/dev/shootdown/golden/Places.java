package dev.shootdown.golden;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A case's regions, and how to write a range in terms of them. */
final class Places {
    static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger NEAR = BigInteger.ONE.shiftLeft(30);
    private static final BigInteger A = BigInteger.valueOf(0x1000_0000_0000L);
    private static final BigInteger B = BigInteger.valueOf(0x1100_0000_0000L);
    private static final Map<String, BigInteger> SLOTS = Map.of("A", A, "L", A, "R", A, "B", B, "BR", B, "BRK", BigInteger.ZERO);
    private static final Pattern RELATIVE = Pattern.compile("(\\w+)([+-])(0x[0-9a-f]+)");

    /** Where a region begins, and how long it is. */
    private record Region(BigInteger base, BigInteger size) {}

    private final Map<String, Region> regions = new LinkedHashMap<>();
    private final List<JsonNode> pending = new ArrayList<>();

    Places(JsonNode list) {
        for (JsonNode region : list) {
            BigInteger slot = SLOTS.get(region.get("name").asString());
            if (slot == null) {
                pending.add(region);
            } else {
                BigInteger base = slot.add(region.get("base_mod_1g").bigIntegerValue());
                regions.put(region.get("name").asString(), new Region(base, region.get("len").bigIntegerValue()));
            }
        }
    }

    /** Whether some regions were placed by the kernel, so that only the run can say where. */
    boolean pending() {
        return !pending.isEmpty();
    }

    void learn(BigInteger address) {
        pending.forEach(region -> regions.put(region.get("name").asString(), new Region(address, region.get("len").bigIntegerValue())));
        pending.clear();
    }

    /** A recorded address ({@code A+0x1000}, {@code 0}, {@code MAX}) as a number; null if it belongs to nothing of the case. */
    BigInteger absolute(String word) {
        if (word.equals("0") || word.equals("MAX")) {
            return word.equals("0") ? BigInteger.ZERO : MAX;
        }
        Matcher matcher = RELATIVE.matcher(word);
        if (!matcher.matches() || !regions.containsKey(matcher.group(1))) {
            return null;
        }
        BigInteger offset = new BigInteger(matcher.group(3).substring(2), 16);
        BigInteger base = regions.get(matcher.group(1)).base;
        return matcher.group(2).equals("+") ? base.add(offset) : base.subtract(offset);
    }

    /** The region that a range is in, or near to; null if none. */
    String home(BigInteger low, BigInteger high) {
        String nearest = null;
        BigInteger best = null;
        for (Map.Entry<String, Region> entry : regions.entrySet()) {
            BigInteger base = entry.getValue().base;
            BigInteger end = base.add(entry.getValue().size);
            if (base.compareTo(low) <= 0 && low.compareTo(end) < 0) {
                return entry.getKey();
            }
            if (low.compareTo(end.add(NEAR)) < 0 && high.compareTo(base.subtract(NEAR)) > 0) {
                BigInteger distance = low.subtract(base).abs().min(low.subtract(end).abs());
                int order = best == null ? -1 : distance.compareTo(best);
                if (order < 0 || (order == 0 && entry.getKey().compareTo(nearest) < 0)) {
                    best = distance;
                    nearest = entry.getKey();
                }
            }
        }
        return nearest;
    }

    /** A range as text, {@code A[0 +16p]}; null if it is not the case's business. */
    String write(BigInteger low, BigInteger high) {
        if (low.signum() == 0 && high.equals(MAX)) {
            return "all";
        }
        if (low.equals(MAX)) {
            return high.equals(MAX) ? "MAX +0" : "MAX +" + hex(high.subtract(MAX));
        }
        String name = home(low, high);
        return name == null ? null : name + "[" + size(low.subtract(regions.get(name).base)) + " +" + size(high.subtract(low)) + "]";
    }

    private static String size(BigInteger bytes) {
        if (bytes.signum() == 0) {
            return "0";
        }
        boolean pages = bytes.mod(BigInteger.valueOf(4096)).signum() == 0;
        return pages ? bytes.shiftRight(12) + "p" : hex(bytes);
    }

    private static String hex(BigInteger value) {
        return value.signum() < 0 ? "-0x" + value.negate().toString(16) : "0x" + value.toString(16);
    }
}
