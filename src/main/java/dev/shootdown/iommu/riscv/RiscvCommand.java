package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.CommandPair;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.SpanCommand;

/**
 * The RISC-V IOMMU's commands: 128 bits, the opcode in 6:0 and func3 in 9:7 (specification 3.1). Fields have the
 * specification's names; what it reserves is 0, and a command that sets such a bit is illegal.
 */
public sealed interface RiscvCommand extends CommandPair {
    int IOTINVAL = 1;
    int IOFENCE = 2;
    int IODIR = 3;
    int ATS = 4;

    /** What the words of a command mean to hardware with these capabilities; {@link Illegal} if nothing. */
    static RiscvCommand decode(long low, long high, Capabilities capabilities) {
        RiscvCommand command = switch ((int) Bits.field(low, 9, 0)) {
            case IOTINVAL -> IotinvalVma.of(low, high);
            case IOTINVAL | 1 << 7 -> IotinvalGvma.of(low, high);
            case IOFENCE -> IofenceC.of(low, high);
            case IODIR -> new IodirInvalDdt(Bits.has(low, 33), (int) Bits.field(low, 63, 40));
            case IODIR | 1 << 7 -> IodirInvalPdt.of(low);
            case ATS -> AtsInval.of(low, high);
            case ATS | 1 << 7 -> AtsPrgr.of(low, high);
            default -> new Illegal(low, high);
        };
        boolean sound = command.low() == low && (command.high() == high || command.message());
        return sound && command.allowed(capabilities) ? command : new Illegal(low, high);
    }

    /** Whether bits 127:64 are a PCIe message's body, which the IOMMU sends on without a look at what it reserves. */
    default boolean message() {
        return false;
    }

    /** Whether hardware with these capabilities knows the command, and each of its operands. */
    default boolean allowed(Capabilities capabilities) {
        return true;
    }

    private static long opcode(int opcode, int func3) {
        return opcode | (long) func3 << 7;
    }

    /** NAPOT: bit 73 S, bits 125:74 the address's 63:12. */
    private static long operand(PageSpan address) {
        return Bits.bit(address.size(), 9) | Bits.put(address.address() >>> 12, 61, 10);
    }

    private static PageSpan operand(long high) {
        return new PageSpan(Bits.field(high, 61, 10) << 12, Bits.has(high, 9));
    }

    private static long tag(int pscid, boolean pscv, boolean gv, boolean nl, int gscid) {
        return Bits.put(pscid, 31, 12) | Bits.bit(pscv, 32) | Bits.bit(gv, 33) | Bits.bit(nl, 34) | Bits.put(gscid, 59, 44);
    }

    /** The header of both ATS commands. */
    private static long header(int pid, boolean pv, boolean dsv, int rid, int dseg) {
        return Bits.put(pid, 31, 12) | Bits.bit(pv, 32) | Bits.bit(dsv, 33) | Bits.put(rid, 55, 40) | Bits.put(dseg, 63, 56);
    }

    /**
     * Drops translations of the first stage from the IOATC.
     *
     * @param av      only those of the address, and of these only leaf entries, unless {@code nl}
     * @param pscv    only those of the address space {@code pscid}, global ones excepted
     * @param gv      those of the virtual machine {@code gscid}; otherwise the host's
     * @param nl      with {@code av}: pointers to tables too
     * @param address a page or, where it has a size, an aligned power of two of pages
     */
    record IotinvalVma(boolean av, int pscid, boolean pscv, boolean gv, boolean nl, int gscid, PageSpan address)
            implements RiscvCommand {
        private static final PageSpan NOWHERE = new PageSpan(0, false);

        /** Everything of one address space of the host. */
        static IotinvalVma space(int pscid) {
            return new IotinvalVma(false, pscid, true, false, false, 0, NOWHERE);
        }

        /** An address, or a range, of one address space of the host. */
        static IotinvalVma range(int pscid, boolean nl, PageSpan address) {
            return new IotinvalVma(true, pscid, true, false, nl, 0, address);
        }

        /** The same of a virtual machine. */
        IotinvalVma guest(int tag) {
            return new IotinvalVma(av, pscid, pscv, true, nl, tag, address);
        }

        static IotinvalVma of(long low, long high) {
            return new IotinvalVma(Bits.has(low, 10), (int) Bits.field(low, 31, 12), Bits.has(low, 32), Bits.has(low, 33),
                    Bits.has(low, 34), (int) Bits.field(low, 59, 44), operand(high));
        }

        @Override
        public String name() {
            return "IOTINVAL.VMA";
        }

        @Override
        public boolean allowed(Capabilities capabilities) {
            return (!nl || capabilities.nonLeaf()) && (!address.size() || capabilities.ranges());
        }

        @Override
        public long low() {
            return opcode(IOTINVAL, 0) | Bits.bit(av, 10) | tag(pscid, pscv, gv, nl, gscid);
        }

        @Override
        public long high() {
            return operand(address);
        }

        @Override
        public Integer addressSpace() {
            return pscv ? pscid : null;
        }

        @Override
        public Long start() {
            return av ? address.start() : 0;
        }

        @Override
        public Long end() {
            return av ? address.end() : PageSpan.EVERYTHING.end();
        }
    }

    /** Drops translations of the second stage from the IOATC, of one virtual machine or of all. PSCV is illegal. */
    record IotinvalGvma(boolean av, int pscid, boolean gv, boolean nl, int gscid, PageSpan address) implements RiscvCommand {
        /** Guest-physical addresses of a virtual machine; all of them where there is no range. */
        static IotinvalGvma of(int gscid, PageSpan range) {
            return new IotinvalGvma(range != null, 0, true, false, gscid, range == null ? new PageSpan(0, false) : range);
        }

        static IotinvalGvma of(long low, long high) {
            return new IotinvalGvma(Bits.has(low, 10), (int) Bits.field(low, 31, 12), Bits.has(low, 33), Bits.has(low, 34),
                    (int) Bits.field(low, 59, 44), operand(high));
        }

        @Override
        public String name() {
            return "IOTINVAL.GVMA";
        }

        @Override
        public boolean allowed(Capabilities capabilities) {
            return (!nl || capabilities.nonLeaf()) && (!address.size() || capabilities.ranges());
        }

        @Override
        public long low() {
            return opcode(IOTINVAL, 1) | Bits.bit(av, 10) | tag(pscid, false, gv, nl, gscid);
        }

        @Override
        public Long start() {
            return av ? address.start() : 0;
        }

        @Override
        public Long end() {
            return av ? address.end() : PageSpan.EVERYTHING.end();
        }

        @Override
        public long high() {
            return operand(address);
        }
    }

    /**
     * Completes when all commands before it have completed, and nothing behind it is fetched before.
     *
     * @param av      stores {@code data}, four bytes, at {@code address}
     * @param wsi     raises the command queue's wire
     * @param pr      reads of devices that the IOMMU has processed are ordered before it
     * @param pw      writes likewise
     * @param address a multiple of 4
     */
    record IofenceC(boolean av, boolean wsi, boolean pr, boolean pw, int data, long address) implements RiscvCommand {
        static IofenceC of(long low, long high) {
            return new IofenceC(Bits.has(low, 10), Bits.has(low, 11), Bits.has(low, 12), Bits.has(low, 13), (int) (low >>> 32),
                    Bits.field(high, 61, 0) << 2);
        }

        @Override
        public String name() {
            return "IOFENCE.C";
        }

        @Override
        public boolean allowed(Capabilities capabilities) {
            return !wsi || capabilities.wire();
        }

        @Override
        public long low() {
            return opcode(IOFENCE, 0) | Bits.bit(av, 10) | Bits.bit(wsi, 11) | Bits.bit(pr, 12) | Bits.bit(pw, 13) | (long) data << 32;
        }

        @Override
        public long high() {
            return address >>> 2;
        }
    }

    /** Drops cached device contexts, with the process contexts behind them: of one device if {@code dv}, else of all. */
    record IodirInvalDdt(boolean dv, int did) implements RiscvCommand {
        @Override
        public String name() {
            return "IODIR.INVAL_DDT";
        }

        @Override
        public boolean allowed(Capabilities capabilities) {
            return !dv || did >>> capabilities.deviceIdBits() == 0;
        }

        @Override
        public long low() {
            return opcode(IODIR, 0) | Bits.bit(dv, 33) | Bits.put(did, 63, 40);
        }

        @Override
        public Integer requester() {
            return dv ? did : null;
        }
    }

    /** Drops one cached process context. DV must be 1. */
    record IodirInvalPdt(int pid, int did) implements RiscvCommand {
        static IodirInvalPdt of(long low) {
            return new IodirInvalPdt((int) Bits.field(low, 31, 12), (int) Bits.field(low, 63, 40));
        }

        @Override
        public String name() {
            return "IODIR.INVAL_PDT";
        }

        @Override
        public boolean allowed(Capabilities capabilities) {
            return did >>> capabilities.deviceIdBits() == 0;
        }

        @Override
        public long low() {
            return opcode(IODIR, 1) | Bits.put(pid, 31, 12) | Bits.bit(true, 33) | Bits.put(did, 63, 40);
        }

        @Override
        public Integer addressSpace() {
            return pid;
        }

        @Override
        public Integer requester() {
            return did;
        }
    }

    /**
     * Sends a device an invalidation request for its ATC.
     *
     * @param pv     the request has the PASID {@code pid}
     * @param dsv    {@code dseg} names the destination's segment
     * @param rid    requester id
     * @param global G: for every PASID
     */
    record AtsInval(int pid, boolean pv, boolean dsv, int rid, int dseg, boolean global, PageSpan span) implements RiscvCommand, SpanCommand {
        static AtsInval of(long low, long high) {
            return new AtsInval((int) Bits.field(low, 31, 12), Bits.has(low, 32), Bits.has(low, 33), (int) Bits.field(low, 55, 40),
                    (int) Bits.field(low, 63, 56), Bits.has(high, 0), new PageSpan(high & Bits.mask(63, 12), Bits.has(high, 11)));
        }

        @Override
        public String name() {
            return "ATS.INVAL";
        }

        @Override
        public boolean message() {
            return true;
        }

        @Override
        public long low() {
            return opcode(ATS, 0) | header(pid, pv, dsv, rid, dseg);
        }

        @Override
        public long high() {
            return Bits.bit(global, 0) | Bits.bit(span.size(), 11) | span.address() & Bits.mask(63, 12);
        }

        @Override
        public Integer addressSpace() {
            return pv ? pid : null;
        }

        @Override
        public Integer requester() {
            return rid;
        }
    }

    /**
     * Sends a device a page request group response.
     *
     * @param group the PRG index
     * @param code  0 success, 1 invalid request, anything else a response failure
     */
    record AtsPrgr(int pid, boolean pv, boolean dsv, int rid, int dseg, int group, int code) implements RiscvCommand {
        static AtsPrgr of(long low, long high) {
            return new AtsPrgr((int) Bits.field(low, 31, 12), Bits.has(low, 32), Bits.has(low, 33), (int) Bits.field(low, 55, 40),
                    (int) Bits.field(low, 63, 56), (int) Bits.field(high, 40, 32), (int) Bits.field(high, 47, 44));
        }

        @Override
        public String name() {
            return "ATS.PRGR";
        }

        @Override
        public boolean message() {
            return true;
        }

        @Override
        public long low() {
            return opcode(ATS, 1) | header(pid, pv, dsv, rid, dseg);
        }

        @Override
        public long high() {
            return Bits.put(group, 40, 32) | Bits.put(code, 47, 44);
        }

        @Override
        public Integer addressSpace() {
            return pv ? pid : null;
        }

        @Override
        public Integer requester() {
            return rid;
        }
    }

    /** Words that are no command, or none that this hardware knows. */
    record Illegal(long low, long high) implements RiscvCommand {
        @Override
        public String name() {
            return "ILLEGAL";
        }
    }
}
