package dev.shootdown.conform;

import java.util.Map;
import java.util.OptionalLong;

/** The kernel's constants by the names that strace gives them: include/uapi/linux/mman.h, include/uapi/asm-generic/mman-common.h. */
final class Constants {
    private static final Map<String, Long> VALUES = Map.ofEntries(
            Map.entry("NULL", 0L),
            Map.entry("PROT_NONE", 0L), Map.entry("PROT_READ", 1L), Map.entry("PROT_WRITE", 2L), Map.entry("PROT_EXEC", 4L),
            Map.entry("PROT_GROWSDOWN", 0x01000000L), Map.entry("PROT_GROWSUP", 0x02000000L),
            Map.entry("MAP_SHARED", 1L), Map.entry("MAP_PRIVATE", 2L), Map.entry("MAP_SHARED_VALIDATE", 3L), Map.entry("MAP_DROPPABLE", 8L),
            Map.entry("MAP_FIXED", 0x10L), Map.entry("MAP_ANONYMOUS", 0x20L), Map.entry("MAP_32BIT", 0x40L), Map.entry("MAP_GROWSDOWN", 0x100L),
            Map.entry("MAP_DENYWRITE", 0x800L), Map.entry("MAP_EXECUTABLE", 0x1000L), Map.entry("MAP_LOCKED", 0x2000L),
            Map.entry("MAP_NORESERVE", 0x4000L), Map.entry("MAP_POPULATE", 0x8000L), Map.entry("MAP_NONBLOCK", 0x10000L),
            Map.entry("MAP_STACK", 0x20000L), Map.entry("MAP_HUGETLB", 0x40000L), Map.entry("MAP_FIXED_NOREPLACE", 0x100000L),
            Map.entry("MREMAP_MAYMOVE", 1L), Map.entry("MREMAP_FIXED", 2L), Map.entry("MREMAP_DONTUNMAP", 4L));

    private Constants() {}

    /** The value of names with {@code |} between them; those that are not known count for nothing. */
    static long flags(String text) {
        long value = 0;
        for (String word : text.split("\\|")) {
            value |= VALUES.getOrDefault(word.strip(), number(word.strip()).orElse(0));
        }
        return value;
    }

    /** The value of a number or of NULL; empty where it is neither. */
    static OptionalLong number(String word) {
        if (word.equals("NULL")) {
            return OptionalLong.of(0);
        }
        try {
            return OptionalLong.of(word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseLong(word));
        } catch (NumberFormatException none) {
            return OptionalLong.empty();
        }
    }
}
