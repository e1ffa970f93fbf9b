package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Bits;

/**
 * A level-1 stream table descriptor (L1STD, 8 bytes; IHI 0070, 5.1).
 *
 * @param span  2^(span - 1) entries stand at {@code l2Ptr}; 0: the descriptor is not valid, and 12 and more are reserved
 */
public record StreamTableDescriptor(int span, long l2Ptr) {
    /** Spans from here on are reserved. */
    private static final int RESERVED = 12;

    public static StreamTableDescriptor decode(long word) {
        return new StreamTableDescriptor(Bits.field(word, 0, 5), Bits.address(word, 51, 6));
    }

    public long encode() {
        return Bits.put(span, 0, 5) | Bits.address(l2Ptr, 51, 6);
    }

    /** Whether it has an entry of this index: C_BAD_STREAMID otherwise. */
    boolean has(int index) {
        return span > 0 && span < RESERVED && index < 1 << span - 1;
    }
}
