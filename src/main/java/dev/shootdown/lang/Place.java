package dev.shootdown.lang;

/**
 * A range that the user has named.
 *
 * @param name  as {@code let} gave it
 * @param start its first byte
 * @param end   the byte behind its last
 */
public record Place(String name, long start, long end) {}
