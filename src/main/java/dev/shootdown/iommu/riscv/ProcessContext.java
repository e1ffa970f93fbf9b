package dev.shootdown.iommu.riscv;

/**
 * A process context: 16 bytes, indexed by process id (specification 2.2.2).
 *
 * @param valid      ta.V
 * @param supervisor ta.ENS: a supervisor's accesses are allowed
 * @param sum        ta.SUM: these may reach users' pages
 * @param pscid      the tag of its translations, which IOTINVAL.VMA names
 * @param mode       fsc.MODE: {@link #SV48} or {@link #SV57}, or 0 for no translation
 * @param root       fsc.PPN: the frame of the top page table
 */
public record ProcessContext(boolean valid, boolean supervisor, boolean sum, int pscid, int mode, long root) {
    /** 64-bit words in a context. */
    public static final int WORDS = 2;

    public static final int BARE = 0;
    public static final int SV39 = DeviceContext.SV39;
    public static final int SV48 = 9;
    public static final int SV57 = DeviceContext.SV57;

    private static final long TA_RESERVED = Bits.mask(11, 3) | Bits.mask(63, 32);
    private static final long FSC_RESERVED = Bits.mask(59, 44);

    public static ProcessContext decode(long ta, long fsc) {
        return new ProcessContext(Bits.has(ta, 0), Bits.has(ta, 1), Bits.has(ta, 2), (int) Bits.field(ta, 31, 12),
                (int) Bits.field(fsc, 63, 60), Bits.field(fsc, 43, 0));
    }

    /** The top table's frame, by fsc; 0 where nothing is translated. */
    static long root(long fsc) {
        return Bits.field(fsc, 63, 60) == BARE ? 0 : Bits.field(fsc, 43, 0);
    }

    /** ta or fsc. */
    public long word(int index) {
        return index == 0
                ? Bits.bit(valid, 0) | Bits.bit(supervisor, 1) | Bits.bit(sum, 2) | Bits.put(pscid, 31, 12)
                : Bits.put(root, 43, 0) | Bits.put(mode, 63, 60);
    }

    /** Whether it is valid but in no way that it may be: what "PDT entry misconfigured" is about (2.2.4). */
    static boolean misconfigured(long ta, long fsc) {
        int mode = (int) Bits.field(fsc, 63, 60);
        boolean known = mode == BARE || mode >= SV39 && mode <= SV57;
        return (ta & TA_RESERVED) != 0 || (fsc & FSC_RESERVED) != 0 || !known;
    }
}
