package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Bits;
import dev.shootdown.iommu.Ring;
import java.util.Locale;

/**
 * A record of the event queue: 32 bytes (IHI 0070, 7.3; arm-smmu-v3.h: EVTQ_0_ID). Which of its fields count depends on
 * the {@link Id}; the others are 0.
 *
 * @param id          the code; {@link Id} says which it may be
 * @param ssv         whether {@code ssid} counts
 * @param stag        the stalled transaction's tag
 * @param stall       it waits for a CMD_RESUME
 * @param pnu         privileged
 * @param ind         instruction
 * @param rnw         a read
 * @param s2          of stage 2
 * @param classOf     what was being done: {@link #CLASS_CD}, {@link #CLASS_TTD}, {@link #CLASS_IN}
 * @param ttrnw       the access to the table was a read
 * @param address     the input address
 * @param fetch       the address of what was fetched, or the IPA (51:3)
 */
public record ArmEvent(int id, boolean ssv, int ssid, int sid, int stag, boolean stall, boolean pnu, boolean ind, boolean rnw,
        boolean s2, int classOf, boolean ttrnw, long address, long fetch) implements Ring.Slot {
    /** 64-bit words in a record. */
    public static final int WORDS = 4;

    /** The fault came of fetching a context descriptor. */
    public static final int CLASS_CD = 0;

    /** The fault came of a translation table. */
    public static final int CLASS_TTD = 1;

    /** The fault came of the input address itself. */
    public static final int CLASS_IN = 2;

    /** What there is to record. */
    public enum Id {
        F_UUT(0x01),
        C_BAD_STREAMID(0x02),
        F_STE_FETCH(0x03),
        C_BAD_STE(0x04),
        F_BAD_ATS_TREQ(0x05),
        F_STREAM_DISABLED(0x06),
        F_TRANSL_FORBIDDEN(0x07),
        C_BAD_SUBSTREAMID(0x08),
        F_CD_FETCH(0x09),
        C_BAD_CD(0x0a),
        F_WALK_EABT(0x0b),
        F_TRANSLATION(0x10),
        F_ADDR_SIZE(0x11),
        F_ACCESS(0x12),
        F_PERMISSION(0x13),
        F_TLB_CONFLICT(0x20),
        F_CFG_CONFLICT(0x21),
        E_PAGE_REQUEST(0x24),
        F_VMS_FETCH(0x25);

        private final int code;

        Id(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** The record of this code; null if there is none. */
        public static Id of(int code) {
            for (Id known : values()) {
                if (known.code == code) {
                    return known;
                }
            }
            return null;
        }

        /** Whether it is of translation itself: what may stall, and what CD.R and CD.A are about (3.12). */
        boolean translation() {
            return switch (this) {
                case F_TRANSLATION, F_ADDR_SIZE, F_ACCESS, F_PERMISSION -> true;
                case F_UUT, C_BAD_STREAMID, F_STE_FETCH, C_BAD_STE, F_BAD_ATS_TREQ, F_STREAM_DISABLED, F_TRANSL_FORBIDDEN,
                        C_BAD_SUBSTREAMID, F_CD_FETCH, C_BAD_CD, F_WALK_EABT, F_TLB_CONFLICT, F_CFG_CONFLICT, E_PAGE_REQUEST,
                        F_VMS_FETCH -> false;
            };
        }

        /** Whether the record says what address was fetched. */
        boolean fetches() {
            return this == F_STE_FETCH || this == F_CD_FETCH || this == F_VMS_FETCH || this == F_WALK_EABT;
        }

        /** Whether the record says which access it was, and of which address. */
        boolean addressed() {
            return translation() || this == F_WALK_EABT || this == F_TRANSL_FORBIDDEN || this == F_BAD_ATS_TREQ;
        }
    }

    public static ArmEvent decode(long first, long second, long third, long fourth) {
        return new ArmEvent(field(first, 0, 8), has(first, 11), field(first, 12, 20), (int) (first >>> 32), field(second, 0, 16),
                has(second, 31), has(second, 33), has(second, 34), has(second, 35), has(second, 39), field(second, 40, 2),
                has(second, 44), third, Bits.address(fourth, 51, 3));
    }

    @Override
    public long word(int index) {
        return switch (index) {
            case 0 -> put(id, 0, 8) | bit(ssv, 11) | put(ssid, 12, 20) | put(sid, 32, 32);
            case 1 -> put(stag, 0, 16) | bit(stall, 31) | bit(pnu, 33) | bit(ind, 34) | bit(rnw, 35) | bit(s2, 39)
                    | put(classOf, 40, 2) | bit(ttrnw, 44);
            case 2 -> address;
            default -> Bits.address(fetch, 51, 3);
        };
    }

    /** Which record it is; null if there is none of this code. */
    public Id kind() {
        return Id.of(id);
    }

    /**
     * What the kernel prints of it: five lines, and from 6.14 on what they mean (arm_smmu_dump_event).
     *
     * @param smmu    the SMMU's name
     * @param client  the device's name; null if no device has the StreamID
     * @param decoded whether the kernel says what the words mean
     */
    public String log(String smmu, String client, boolean decoded) {
        String prefix = "arm-smmu-v3 " + smmu + ": ";
        StringBuilder log = new StringBuilder(prefix).append(String.format(Locale.ROOT, "event 0x%02x received:", id));
        for (int i = 0; i < WORDS; i++) {
            log.append('\n').append(prefix).append(String.format(Locale.ROOT, "\t0x%016x", word(i)));
        }
        return decoded ? log.append('\n').append(prefix).append(meaning(prefix, client)).toString() : log.toString();
    }

    private String meaning(String prefix, String client) {
        Id known = kind();
        String who = String.format(Locale.ROOT, "event: %s client: %s sid: %s ssid: %s", printable(known),
                client == null ? "(unassigned sid)" : client, alternate(sid), alternate(ssv ? ssid : 0));
        if (known != null && known.translation()) {
            return who + " iova: " + alternate(address) + " ipa: " + alternate(Bits.address(fetch, 51, 12)) + "\n" + prefix + access();
        }
        boolean fetched = known == Id.F_STE_FETCH || known == Id.F_CD_FETCH || known == Id.F_VMS_FETCH;
        return fetched ? who + " fetch_addr: " + alternate(fetch) : who;
    }

    /** Records that the kernel has no name for: event_str. */
    private static String printable(Id known) {
        return switch (known) {
            case C_BAD_STREAMID, F_STE_FETCH, C_BAD_STE, F_STREAM_DISABLED, C_BAD_SUBSTREAMID, F_CD_FETCH, C_BAD_CD, F_TRANSLATION,
                    F_ADDR_SIZE, F_ACCESS, F_PERMISSION, F_VMS_FETCH -> known.name();
            case F_UUT, F_BAD_ATS_TREQ, F_TRANSL_FORBIDDEN, F_WALK_EABT, F_TLB_CONFLICT, F_CFG_CONFLICT, E_PAGE_REQUEST -> "UNKNOWN";
            case null -> "UNKNOWN";
        };
    }

    private String access() {
        String table = id == Id.F_PERMISSION.code && classOf == CLASS_TTD ? ttrnw ? " ttd_read" : " ttd_write" : "";
        return String.format(Locale.ROOT, "%s %s %s %s \"%s\"%s%s stag: %s", pnu ? "priv" : "unpriv", ind ? "inst" : "data",
                rnw ? "read" : "write", s2 ? "s2" : "s1", className(), table, stall ? " stall" : "", alternate(stag));
    }

    private String className() {
        return switch (classOf) {
            case CLASS_CD -> "CD fetch";
            case CLASS_TTD -> "Stage 1 translation table fetch";
            case CLASS_IN -> "Input address caused fault";
            default -> "Reserved";
        };
    }

    /** As C's %#x prints: no prefix before 0. */
    private static String alternate(long value) {
        return value == 0 ? "0" : "0x" + Long.toHexString(value);
    }
}
