package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Bits;
import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.CommandPair;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Frames;

/** Commands of the SMMUv3: 128 bits, the opcode in 7:0 (IHI 0070, chapter 4; arm-smmu-v3.h: CMDQ_0_OP). */
public sealed interface ArmCommand extends CommandPair
        permits ConfigCommand, Tlbi, ArmCommand.AtcInv, ArmCommand.PriResp, ArmCommand.Resume, ArmCommand.StallTerm, ArmCommand.Sync,
                ArmCommand.Illegal {
    /** SSV: the SubstreamID counts. */
    int SSV = 11;

    /** SSec: a Secure stream, which the Non-secure queue may not name (4.1.6). */
    int SSEC = 10;

    /** The opcode. */
    int opcode();

    /** What the words mean to the hardware; {@link Illegal} if nothing (CERROR_ILL). */
    static ArmCommand decode(long low, long high) {
        int opcode = field(low, 0, 8);
        Tlbi.Operation operation = Tlbi.Operation.of(opcode);
        if (operation != null) {
            return Tlbi.decode(operation, low, high);
        }
        int sid = (int) (low >>> 32);
        int ssid = field(low, 12, 20);
        return switch (opcode) {
            case ConfigCommand.PrefetchConfig.OPCODE -> secure(low, high, new ConfigCommand.PrefetchConfig(sid, ssid, has(low, SSV)));
            case ConfigCommand.PrefetchAddr.OPCODE -> secure(low, high, ConfigCommand.PrefetchAddr.of(low, high));
            case ConfigCommand.CfgiSte.OPCODE -> secure(low, high, new ConfigCommand.CfgiSte(sid, has(high, 0)));
            case ConfigCommand.CfgiSteRange.OPCODE -> secure(low, high, new ConfigCommand.CfgiSteRange(sid, field(high, 0, 5)));
            case ConfigCommand.CfgiCd.OPCODE -> secure(low, high, new ConfigCommand.CfgiCd(sid, ssid, has(high, 0)));
            case ConfigCommand.CfgiCdAll.OPCODE -> secure(low, high, new ConfigCommand.CfgiCdAll(sid));
            case ConfigCommand.CfgiVmsPidm.OPCODE -> secure(low, high, new ConfigCommand.CfgiVmsPidm(field(low, 32, 16)));
            case AtcInv.OPCODE -> AtcInv.decode(low, high);
            case PriResp.OPCODE -> PriResp.decode(low, high);
            case Resume.OPCODE -> secure(low, high, new Resume(sid, field(high, 0, 16), has(low, 12), has(low, 13)));
            case StallTerm.OPCODE -> secure(low, high, new StallTerm(sid));
            case Sync.OPCODE -> Sync.decode(low, high);
            default -> new Illegal(low, high);
        };
    }

    private static ArmCommand secure(long low, long high, ArmCommand command) {
        return has(low, SSEC) ? new Illegal(low, high) : command;
    }

    /**
     * Has a device drop translations from its ATC.
     *
     * @param ssv    whether the message carries a PASID
     * @param global with a PASID: entries of every PASID
     * @param size   log2 of the pages; {@link #ALL} is everything
     */
    record AtcInv(int sid, int ssid, boolean ssv, boolean global, int size, long address) implements ArmCommand {
        static final int OPCODE = 0x40;

        /** ATC_INV_SIZE_ALL. */
        public static final int ALL = 52;

        /** What Linux encodes for [start, end): the smallest aligned power of two of pages (arm_smmu_atc_inv_to_cmd). */
        public static AtcInv of(int sid, int ssid, long start, long end) {
            long first = start >>> Frames.PAGE_SHIFT;
            long last = end - 1 >>> Frames.PAGE_SHIFT;
            int size = Long.SIZE - Long.numberOfLeadingZeros(first ^ last);
            long aligned = size >= ALL ? 0 : first >>> size << size << Frames.PAGE_SHIFT;
            return new AtcInv(sid, ssid, true, false, Math.min(size, ALL), aligned);
        }

        /** Everything of a PASID. */
        static AtcInv all(int sid, int ssid) {
            return new AtcInv(sid, ssid, true, false, ALL, 0);
        }

        /** With a PASID in the message, or without. */
        public AtcInv ssv(boolean on) {
            return new AtcInv(sid, ssid, on, global, size, address);
        }

        /** For every PASID, or for one. */
        public AtcInv global(boolean on) {
            return new AtcInv(sid, ssid, ssv, on, size, address);
        }

        static ArmCommand decode(long low, long high) {
            AtcInv command = new AtcInv((int) (low >>> 32), field(low, 12, 20), has(low, SSV), has(low, 9), field(high, 0, 6),
                    Bits.address(high, 63, 12));
            return command.size > ALL ? new Illegal(low, high) : secure(low, high, command);
        }

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_ATC_INV";
        }

        @Override
        public long low() {
            return OPCODE | bit(global, 9) | bit(ssv, SSV) | put(ssid, 12, 20) | put(sid, 32, 32);
        }

        @Override
        public long high() {
            return put(size, 0, 6) | Bits.address(address, 63, 12);
        }

        @Override
        public Integer addressSpace() {
            return ssv ? ssid : null;
        }

        @Override
        public Integer requester() {
            return sid;
        }

        /** The SMMU aligns the address down to the size (4.5.1). */
        @Override
        public Long start() {
            return size == ALL ? 0 : address >>> size + Frames.PAGE_SHIFT << size + Frames.PAGE_SHIFT;
        }

        @Override
        public Long end() {
            return size == ALL ? Caches.EVERYTHING : start() + (Frames.PAGE_SIZE << size);
        }
    }

    /**
     * Answers a page request group.
     *
     * @param group the PRG index
     * @param resp  {@link #FAILURE}, {@link #INVALID} or {@link #SUCCESS}; 3 is illegal
     */
    record PriResp(int sid, int ssid, boolean ssv, int group, int resp) implements ArmCommand {
        static final int OPCODE = 0x41;

        /** Response Failure: Linux's PRI_RESP_DENY. */
        public static final int FAILURE = 0;

        /** Invalid Request: PRI_RESP_FAIL. */
        public static final int INVALID = 1;

        /** Success: PRI_RESP_SUCC. */
        public static final int SUCCESS = 2;

        /** The wire's code, by Arm's numbers. */
        static int resp(int code) {
            return switch (code) {
                case PageRequest.SUCCESS -> SUCCESS;
                case PageRequest.INVALID -> INVALID;
                default -> FAILURE;
            };
        }

        /** What goes to the device. */
        int code() {
            return switch (resp) {
                case SUCCESS -> PageRequest.SUCCESS;
                case INVALID -> PageRequest.INVALID;
                default -> PageRequest.FAILURE;
            };
        }

        static ArmCommand decode(long low, long high) {
            PriResp command = new PriResp((int) (low >>> 32), field(low, 12, 20), has(low, SSV), field(high, 0, 9), field(high, 12, 2));
            return command.resp > SUCCESS ? new Illegal(low, high) : secure(low, high, command);
        }

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_PRI_RESP";
        }

        @Override
        public long low() {
            return OPCODE | bit(ssv, SSV) | put(ssid, 12, 20) | put(sid, 32, 32);
        }

        @Override
        public long high() {
            return put(group, 0, 9) | put(resp, 12, 2);
        }

        @Override
        public Integer addressSpace() {
            return ssv ? ssid : null;
        }

        @Override
        public Integer requester() {
            return sid;
        }
    }

    /**
     * Goes on with a stalled transaction, or ends it.
     *
     * @param stag  the tag from its event record
     * @param retry Ac: as if it had just arrived
     * @param abort Ab, without Ac: an abort to the device; without either, reads are zero and writes ignored
     */
    record Resume(int sid, int stag, boolean retry, boolean abort) implements ArmCommand {
        static final int OPCODE = 0x44;

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_RESUME";
        }

        @Override
        public long low() {
            return OPCODE | bit(retry, 12) | bit(abort, 13) | put(sid, 32, 32);
        }

        @Override
        public long high() {
            return put(stag, 0, 16);
        }

        @Override
        public Integer requester() {
            return sid;
        }
    }

    /** Ends all stalled transactions of a stream. */
    record StallTerm(int sid) implements ArmCommand {
        static final int OPCODE = 0x45;

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_STALL_TERM";
        }

        @Override
        public long low() {
            return OPCODE | put(sid, 32, 32);
        }

        @Override
        public Integer requester() {
            return sid;
        }
    }

    /**
     * Waits for the completion of all commands before it, and signals.
     *
     * @param signal  CS: {@link #NONE}, {@link #IRQ}, {@link #SEV}; 3 is illegal
     * @param msh     shareability of the MSI's write
     * @param msiAttr its memory attributes
     * @param data    what the MSI writes
     * @param address where; 0 for the wired interrupt
     */
    record Sync(int signal, int msh, int msiAttr, int data, long address) implements ArmCommand {
        static final int OPCODE = 0x46;

        /** CS: nothing is signalled; software looks at CMDQ_CONS. */
        public static final int NONE = 0;

        /** CS: an MSI is written, or the interrupt raised. */
        public static final int IRQ = 1;

        /** CS: an event for a CPU that waits in WFE. */
        public static final int SEV = 2;

        /** ARM_SMMU_SH_ISH. */
        private static final int INNER_SHAREABLE = 3;
        /** ARM_SMMU_MEMATTR_OIWB. */
        private static final int WRITE_BACK = 0xf;

        /** As Linux builds one whose MSI goes to a word in memory (arm_smmu_cmdq_build_sync_cmd). */
        static Sync msi(long address, int data) {
            return new Sync(IRQ, INNER_SHAREABLE, WRITE_BACK, data, address);
        }

        /** As Linux builds one where it looks at CMDQ_CONS. */
        public static Sync sev() {
            return new Sync(SEV, INNER_SHAREABLE, WRITE_BACK, 0, 0);
        }

        static ArmCommand decode(long low, long high) {
            Sync command = new Sync(field(low, 12, 2), field(low, 22, 2), field(low, 24, 4), (int) (low >>> 32), Bits.address(high, 51, 2));
            return command.signal > SEV ? new Illegal(low, high) : command;
        }

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_SYNC";
        }

        @Override
        public long low() {
            return OPCODE | put(signal, 12, 2) | put(msh, 22, 2) | put(msiAttr, 24, 4) | put(data, 32, 32);
        }

        @Override
        public long high() {
            return Bits.address(address, 51, 2);
        }
    }

    /** Words at which consumption stops with CERROR_ILL: no opcode, one of another security state, a reserved value. */
    record Illegal(long low, long high) implements ArmCommand {
        @Override
        public int opcode() {
            return field(low, 0, 8);
        }

        @Override
        public String name() {
            return "ILLEGAL";
        }
    }
}
