package dev.shootdown.lang.word;

import dev.shootdown.vocabulary.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The kernel's own constants, each with the word of the language that it stands for. */
public final class Constants {
    private static final Map<String, String> MAP = Map.ofEntries(
            Map.entry("MAP_PRIVATE", ""), Map.entry("MAP_SHARED", "shared"), Map.entry("MAP_ANONYMOUS", "anon"),
            Map.entry("MAP_ANON", "anon"), Map.entry("MAP_FIXED", "fixed"), Map.entry("MAP_FIXED_NOREPLACE", "noreplace"),
            Map.entry("MAP_POPULATE", "populate"), Map.entry("MAP_HUGETLB", "huge"), Map.entry("MAP_LOCKED", "locked"),
            Map.entry("MAP_NORESERVE", "noreserve"), Map.entry("MAP_GROWSDOWN", "growsdown"), Map.entry("MREMAP_MAYMOVE", "maymove"),
            Map.entry("MREMAP_DONTUNMAP", "dontunmap"), Map.entry("MLOCK_ONFAULT", "onfault"));
    private static final Map<String, String> PROT =
            Map.of("PROT_NONE", "", "PROT_READ", "r", "PROT_WRITE", "w", "PROT_EXEC", "x");
    private static final String ADVICE = "MADV_";

    private Constants() {}

    /** Whether it looks like one: in capitals, with a prefix that the kernel's headers use. */
    public static boolean looksLikeOne(String written) {
        return written.matches("(PROT|MAP|MADV|MREMAP|MLOCK|MS)_[A-Z0-9_]+");
    }

    public static boolean isPermission(String written) {
        return PROT.containsKey(written);
    }

    /** Several permissions together as one word: {@code rw}; {@code none} for none. */
    public static String permissions(List<String> written) {
        StringBuilder letters = new StringBuilder();
        for (String letter : List.of("r", "w", "x")) {
            if (written.stream().anyMatch(constant -> PROT.get(constant).equals(letter))) {
                letters.append(letter);
            }
        }
        return letters.isEmpty() ? "none" : letters.toString();
    }

    /** The flag or word that a constant stands for; empty for one that says what holds anyway; null if unknown. */
    public static String word(String written) {
        if (written.startsWith(ADVICE)) {
            return written.substring(ADVICE.length()).toLowerCase(Locale.ROOT);
        }
        return PROT.containsKey(written) ? permissions(List.of(written)) : MAP.get(written);
    }

    /** All constants, for completion and did-you-mean. */
    public static List<String> all() {
        List<String> names = new ArrayList<>(new LinkedHashMap<>(MAP).keySet());
        names.addAll(PROT.keySet());
        for (Verb verb : ThreadVerbs.all()) {
            for (Parameter parameter : verb.word().parameters()) {
                if (parameter.name().equals("ADVICE")) {
                    parameter.values().forEach(value -> names.add(ADVICE + value.toUpperCase(Locale.ROOT)));
                }
            }
        }
        return names.stream().sorted().toList();
    }
}
