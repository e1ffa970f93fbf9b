package dev.shootdown.trace;

/** A number that is printed as an address, where a field may hold either: the result of a call. */
public record Address(long value) {
    @Override
    public String toString() {
        return "0x" + Long.toHexString(value);
    }
}
