package dev.shootdown.lang.value;

import java.util.List;
import java.util.stream.Collectors;

/** What an expression comes to. Values are immutable data, so that steps may carry them. */
public sealed interface Value {
    /** As {@code print} and {@code ${}} show it. */
    String text();

    /**
     * A number of 64 bits: an address, unsigned and shown in hexadecimal, or a count of bytes, of pages, of anything, which a
     * difference may bring below 0.
     */
    record Number(long value, boolean address) implements Value {
        public Number(long value) {
            this(value, false);
        }

        /** What has no sign, however large: from 2^63 on it is shown as an address is. */
        public static Number unsigned(long value) {
            return new Number(value, value < 0);
        }

        /** Whether it is below 0. */
        public boolean negative() {
            return value < 0 && !address;
        }

        @Override
        public String text() {
            return address ? "0x" + Long.toHexString(value) : Long.toString(value);
        }
    }

    /** A string. */
    record Text(String text) implements Value {}

    /** Whether something holds. */
    record Truth(boolean holds) implements Value {
        @Override
        public String text() {
            return Boolean.toString(holds);
        }
    }

    /**
     * Addresses from {@code start} up to {@code end}, which is not among them.
     *
     * @param process whose mapping it named when it was named; empty for bare addresses
     */
    record Range(long start, long end, String process) implements Value {
        public Range(long start, long end) {
            this(start, end, "");
        }

        /** In bytes. */
        public long length() {
            return end - start;
        }

        public boolean overlaps(Range other) {
            return Long.compareUnsigned(start, other.end) < 0 && Long.compareUnsigned(other.start, end) < 0;
        }

        public boolean contains(long address) {
            return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
        }

        @Override
        public String text() {
            return "0x" + Long.toHexString(start) + "..0x" + Long.toHexString(end);
        }
    }

    /** The name of a thing: a process, a thread, a device, a word. */
    record Name(String text) implements Value {}

    /** Several values, as an option takes them in square brackets. */
    record Several(List<Value> elements) implements Value {
        public Several {
            elements = List.copyOf(elements);
        }

        @Override
        public String text() {
            return elements.stream().map(Value::text).collect(Collectors.joining(", ", "[", "]"));
        }
    }
}
