package dev.shootdown.iommu.amd;

/**
 * What of a device-table entry (32 bytes, indexed by requester id) the model uses: drivers/iommu/amd_iommu_types.h.
 *
 * @param valid       V: the entry is valid
 * @param translation TV: the translation fields are
 * @param requests    PPR: page requests are allowed
 * @param guest       GV: the GCR3 fields are valid
 * @param levels      GLX + 1: levels of the GCR3 table
 * @param gcr3        physical address of the GCR3 table
 * @param domain      tag of cached translations
 * @param ats         I: ATS is allowed (AMD's name for the ATC is IOTLB)
 * @param fiveLevels  GPM: guest tables have five levels
 * @param host        the frame of the host page table of four levels (Mode 4), through which guest tables are walked; 0 for
 *                    none (Mode 0)
 */
public record DeviceTableEntry(boolean valid, boolean translation, boolean requests, boolean guest, int levels,
        long gcr3, int domain, boolean ats, boolean fiveLevels, long host) {
    /** One without a host page table. */
    public DeviceTableEntry(boolean valid, boolean translation, boolean requests, boolean guest, int levels, long gcr3, int domain,
            boolean ats, boolean fiveLevels) {
        this(valid, translation, requests, guest, levels, gcr3, domain, ats, fiveLevels, 0);
    }

    /** 64-bit words in an entry. */
    public static final int WORDS = 4;

    private static final long VALID = 1L;
    private static final long TRANSLATION = 1L << 1;
    private static final long REQUESTS = 1L << 52;
    private static final long GUEST = 1L << 55;
    private static final long MODE_4 = 4L << 9;
    private static final long READ_WRITE = 3L << 61;
    private static final long ATS = 1L << 32;
    private static final long SUPPRESS_ALL = 1L << 34;
    private static final long FIVE_LEVELS = 1L << 54;

    /** An entry from its four words. */
    public static DeviceTableEntry decode(long first, long second, long third) {
        return new DeviceTableEntry((first & VALID) != 0, (first & TRANSLATION) != 0, allowsRequests(first),
                (first & GUEST) != 0, (int) bits(first, 56, 2) + 1, gcr3(first, second), (int) bits(second, 0, 16),
                allowsAts(second), (third & FIVE_LEVELS) != 0, bits(first, 9, 3) == 0 ? 0 : bits(first, 12, 40));
    }

    /** Whether a field has a value that is reserved: Mode 7, or GLX 3 where it counts. */
    static boolean reserved(long first) {
        return bits(first, 9, 3) == 7 || (first & GUEST) != 0 && bits(first, 56, 2) == 3;
    }

    /** Where the GCR3 table is. */
    static long gcr3(long first, long second) {
        return bits(first, 58, 3) << 12 | bits(second, 16, 16) << 15 | bits(second, 43, 21) << 31;
    }

    /** How many levels the GCR3 table has; 0 if it does not count. */
    static int gcr3Levels(long first) {
        return (first & GUEST) == 0 ? 0 : (int) bits(first, 56, 2) + 1;
    }

    /** PPR. */
    static boolean allowsRequests(long first) {
        return (first & REQUESTS) != 0;
    }

    /** I. */
    static boolean allowsAts(long second) {
        return (second & ATS) != 0;
    }

    /** Whether anything is permitted: TV, and IR or IW. */
    static boolean permits(long first) {
        return (first & TRANSLATION) != 0 && (first & READ_WRITE) != 0;
    }

    /** Whether no page fault of the device's is logged: SA. */
    static boolean suppressed(long second) {
        return (second & SUPPRESS_ALL) != 0;
    }

    /** A word of the entry; what it does not name is 0, but for IR and IW, which Linux sets with TV. */
    public long word(int index) {
        return switch (index) {
            case 0 -> (valid ? VALID : 0) | (translation ? TRANSLATION | READ_WRITE : 0) | (requests ? REQUESTS : 0)
                    | (host == 0 ? 0 : host << 12 | MODE_4)
                    | (guest ? GUEST | levels - 1L << 56 | bits(gcr3, 12, 3) << 58 : 0);
            case 1 -> domain | (ats ? ATS : 0) | (guest ? bits(gcr3, 15, 16) << 16 | bits(gcr3, 31, 21) << 43 : 0);
            case 2 -> fiveLevels ? FIVE_LEVELS : 0;
            default -> 0;
        };
    }

    private static long bits(long word, int shift, int count) {
        return word >>> shift & (1L << count) - 1;
    }
}
