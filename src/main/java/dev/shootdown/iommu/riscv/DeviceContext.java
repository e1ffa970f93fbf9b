package dev.shootdown.iommu.riscv;

/**
 * A device context: 32 bytes, or 64 in the extended format, whose second half is about MSIs and stays 0 here
 * (specification 2.1.2).
 *
 * @param valid    tc.V
 * @param ats      tc.EN_ATS: translation requests and translated requests are allowed
 * @param requests tc.EN_PRI: page requests are
 * @param guest    tc.T2GPA: translation requests are answered with guest-physical addresses
 * @param silent   tc.DTF: translation faults are not reported
 * @param process  tc.PDTV: {@code root} is a process directory
 * @param pasid    tc.PRPR: what the IOMMU answers itself has the request's PASID
 * @param gade     tc.GADE: A and D bits of the second stage are updated
 * @param sade     tc.SADE: those of the first stage are
 * @param zero     tc.DPE: requests without a process id have process id 0
 * @param sbe      tc.SBE: big-endian
 * @param sxl      tc.SXL: addresses of 32 bits
 * @param gscid    iohgatp.GSCID
 * @param second   iohgatp.MODE, of the second stage
 * @param table    iohgatp.PPN
 * @param pscid    ta.PSCID, where there is no process directory
 * @param mode     fsc.MODE: {@link #PD8}, {@link #PD17}, {@link #PD20} of a process directory, otherwise of iosatp
 * @param root     fsc.PPN
 */
public record DeviceContext(boolean valid, boolean ats, boolean requests, boolean guest, boolean silent, boolean process, boolean pasid,
        boolean gade, boolean sade, boolean zero, boolean sbe, boolean sxl, int gscid, int second, long table, int pscid, int mode,
        long root) {
    /** 64-bit words of the base format. */
    public static final int WORDS = 4;

    public static final int BARE = 0;
    /** fsc.MODE of a process directory: 8, 17 or 20 bits of process id, in 1, 2 or 3 levels. */
    public static final int PD8 = 1;
    public static final int PD17 = 2;
    public static final int PD20 = 3;
    /** MODE of a first stage: the widest of Sv39, Sv48 and Sv57 that there are. */
    static final int SV39 = 8;
    static final int SV57 = 10;
    /** iohgatp.MODE of four levels. */
    static final int SV48X4 = 9;

    private static final long TOP_TABLE_MASK = 3;

    private static final int WIDEST_DIRECTORY = PD20;
    /** tc.31:24 are for custom use. */
    private static final long TC_RESERVED = Bits.mask(23, 12) | Bits.mask(63, 32);
    private static final long TA_RESERVED = Bits.mask(11, 0) | Bits.mask(63, 32);
    private static final long FSC_RESERVED = Bits.mask(59, 44);

    /**
     * A context as a driver sets it up for processes of this device: a directory of process contexts, with A and D bits
     * updated by hardware.
     */
    static DeviceContext of(boolean ats, boolean requests, long directory) {
        return new DeviceContext(true, ats, ats && requests, false, false, true, ats && requests, false, true, false, false, false, 0, BARE, 0,
                0, PD20, directory);
    }

    public static DeviceContext decode(long tc, long iohgatp, long ta, long fsc) {
        return new DeviceContext(Bits.has(tc, 0), Bits.has(tc, 1), Bits.has(tc, 2), Bits.has(tc, 3), Bits.has(tc, 4), Bits.has(tc, 5),
                Bits.has(tc, 6), Bits.has(tc, 7), Bits.has(tc, 8), Bits.has(tc, 9), Bits.has(tc, 10), Bits.has(tc, 11),
                (int) Bits.field(iohgatp, 59, 44), (int) Bits.field(iohgatp, 63, 60), Bits.field(iohgatp, 43, 0),
                (int) Bits.field(ta, 31, 12), (int) Bits.field(fsc, 63, 60), Bits.field(fsc, 43, 0));
    }

    /** tc, iohgatp, ta or fsc; 0 behind them. */
    public long word(int index) {
        return switch (index) {
            case 0 -> Bits.bit(valid, 0) | Bits.bit(ats, 1) | Bits.bit(requests, 2) | Bits.bit(guest, 3) | Bits.bit(silent, 4)
                    | Bits.bit(process, 5) | Bits.bit(pasid, 6) | Bits.bit(gade, 7) | Bits.bit(sade, 8) | Bits.bit(zero, 9)
                    | Bits.bit(sbe, 10) | Bits.bit(sxl, 11);
            case 1 -> Bits.put(table, 43, 0) | Bits.put(gscid, 59, 44) | Bits.put(second, 63, 60);
            case 2 -> Bits.put(pscid, 31, 12);
            case 3 -> Bits.put(root, 43, 0) | Bits.put(mode, 63, 60);
            default -> 0;
        };
    }

    /** Whether a context that is valid has a directory with a place for a PASID, and allows translation requests if it must. */
    static boolean leadsToProcesses(long tc, long fsc, boolean ats, int pasid) {
        int levels = (int) Bits.field(fsc, 63, 60);
        return Bits.has(tc, 0) && Bits.has(tc, 5) && (!ats || Bits.has(tc, 1)) && levels > BARE && levels <= PD20
                && pasid >>> ProcessDirectory.bits(levels) == 0;
    }

    /** How many levels the process directory has; 0 if there is none. */
    int levels() {
        return process ? mode : 0;
    }

    /** Whether a bit is set that the specification reserves (QoS ids included: there is no such capability). */
    static boolean reserved(long tc, long ta, long fsc) {
        return (tc & TC_RESERVED) != 0 || (ta & TA_RESERVED) != 0 || (fsc & FSC_RESERVED) != 0;
    }

    /** The same on a second stage of four levels. */
    DeviceContext nested(int tag, long top) {
        return new DeviceContext(valid, ats, requests, guest, silent, process, pasid, gade, sade, zero, sbe, sxl, tag, SV48X4, top, pscid, mode,
                root);
    }

    /**
     * Whether it is valid but in no way that it may be: what "DDT entry misconfigured" is about (2.1.4).
     *
     * @param secondStage whether the hardware has one
     */
    boolean misconfigured(boolean secondStage) {
        return types() || stages(secondStage) || sbe || sxl;
    }

    /** What one kind of transaction needs of another, or of the second stage. There is no capability T2GPA. */
    private boolean types() {
        return guest || (!ats && requests) || (!requests && pasid) || (!process && zero);
    }

    /** Of a second stage, if there is one, Sv48x4 is supported, whose top table is aligned to its 16 KiB; of the first one Sv39, Sv48 and Sv57. */
    private boolean stages(boolean secondStage) {
        boolean first = process ? mode <= WIDEST_DIRECTORY : mode == BARE || mode >= SV39 && mode <= SV57;
        boolean stage2 = second == BARE || secondStage && second == SV48X4 && (table & TOP_TABLE_MASK) == 0;
        return !stage2 || !first;
    }
}
