package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Bits;

/** A level-1 context descriptor (L1CD, 8 bytes; IHI 0070, 5.3): where 1024 descriptors of 64 bytes stand. */
public record ContextTableDescriptor(boolean valid, long l2Ptr) {
    public static ContextTableDescriptor decode(long word) {
        return new ContextTableDescriptor(Bits.has(word, 0), Bits.address(word, 51, 12));
    }

    public long encode() {
        return Bits.bit(valid, 0) | Bits.address(l2Ptr, 51, 12);
    }
}
