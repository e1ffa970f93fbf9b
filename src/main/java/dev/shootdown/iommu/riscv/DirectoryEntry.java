package dev.shootdown.iommu.riscv;

/**
 * An entry of a device or process directory that names the next table: 8 bytes, V in bit 0 and the table's page number
 * in 53:10 (specification 2.1.1 and 2.2.1).
 */
public record DirectoryEntry(boolean valid, long ppn) {
    private static final long RESERVED = Bits.mask(9, 1) | Bits.mask(63, 54);

    public static DirectoryEntry decode(long word) {
        return new DirectoryEntry(Bits.has(word, 0), Bits.field(word, 53, 10));
    }

    public long encode() {
        return Bits.bit(valid, 0) | Bits.put(ppn, 53, 10);
    }

    /** Whether a bit is set that the specification reserves: then a valid entry is misconfigured. */
    public static boolean reserved(long word) {
        return (word & RESERVED) != 0;
    }
}
