package dev.shootdown.conform;

/** 64-bit numbers in memory: little endian. */
final class Numbers {
    private Numbers() {}

    /** A number's bytes, one for each character. */
    static String bytes(long value) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < Long.BYTES; i++) {
            bytes.append((char) (value >>> i * Byte.SIZE & 0xff));
        }
        return bytes.toString();
    }
}
