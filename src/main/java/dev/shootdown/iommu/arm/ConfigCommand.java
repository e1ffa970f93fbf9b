package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Bits;

/** Commands about the tables that say how a stream translates: hints, and the dropping of copies (IHI 0070, 4.2 and 4.3). */
public sealed interface ConfigCommand extends ArmCommand {
    /** A hint that a stream's configuration will be needed. */
    record PrefetchConfig(int sid, int ssid, boolean ssv) implements ConfigCommand {
        static final int OPCODE = 0x01;

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_PREFETCH_CONFIG";
        }

        @Override
        public long low() {
            return OPCODE | bit(ssv, SSV) | put(ssid, 12, 20) | put(sid, 32, 32);
        }

        @Override
        public Integer requester() {
            return sid;
        }
    }

    /**
     * A hint that translations will be needed.
     *
     * @param size   log2 of the translations from {@code address} on
     * @param stride log2 of the distance between them, in units of 4 KiB
     */
    record PrefetchAddr(int sid, int ssid, boolean ssv, int size, int stride, long address) implements ConfigCommand {
        static final int OPCODE = 0x02;

        static PrefetchAddr of(long low, long high) {
            return new PrefetchAddr((int) (low >>> 32), field(low, 12, 20), has(low, SSV), field(high, 0, 5), field(high, 5, 5),
                    Bits.address(high, 63, 12));
        }

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_PREFETCH_ADDR";
        }

        @Override
        public long low() {
            return OPCODE | bit(ssv, SSV) | put(ssid, 12, 20) | put(sid, 32, 32);
        }

        @Override
        public long high() {
            return put(size, 0, 5) | put(stride, 5, 5) | Bits.address(address, 63, 12);
        }

        @Override
        public Integer addressSpace() {
            return ssv ? ssid : null;
        }

        @Override
        public Integer requester() {
            return sid;
        }

        @Override
        public Long start() {
            return address;
        }
    }

    /** Drops the copy of a stream table entry. With leaf, descriptors on the way to it may stay. */
    record CfgiSte(int sid, boolean leaf) implements ConfigCommand {
        static final int OPCODE = 0x03;

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_CFGI_STE";
        }

        @Override
        public long low() {
            return OPCODE | put(sid, 32, 32);
        }

        @Override
        public long high() {
            return bit(leaf, 0);
        }

        @Override
        public Integer requester() {
            return sid;
        }
    }

    /**
     * Drops the copies of 2^(range + 1) stream table entries; of all of them with 31, which is CMD_CFGI_ALL.
     *
     * @param sid   any StreamID of the naturally aligned range
     */
    record CfgiSteRange(int sid, int range) implements ConfigCommand {
        static final int OPCODE = 0x04;

        /** The range that stands for every StreamID. */
        public static final int ALL = 31;

        /** CMD_CFGI_ALL. */
        public static final CfgiSteRange CFGI_ALL = new CfgiSteRange(0, ALL);

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return range == ALL ? "CMD_CFGI_ALL" : "CMD_CFGI_STE_RANGE";
        }

        /** Whether a StreamID is in the range. */
        public boolean covers(int stream) {
            return range == ALL || stream >>> range + 1 == sid >>> range + 1;
        }

        @Override
        public long low() {
            return OPCODE | put(sid, 32, 32);
        }

        @Override
        public long high() {
            return put(range, 0, 5);
        }
    }

    /** Drops the copy of a context descriptor. With leaf, descriptors on the way to it may stay. */
    record CfgiCd(int sid, int ssid, boolean leaf) implements ConfigCommand {
        static final int OPCODE = 0x05;

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_CFGI_CD";
        }

        @Override
        public long low() {
            return OPCODE | put(ssid, 12, 20) | put(sid, 32, 32);
        }

        @Override
        public long high() {
            return bit(leaf, 0);
        }

        @Override
        public Integer addressSpace() {
            return ssid;
        }

        @Override
        public Integer requester() {
            return sid;
        }
    }

    /** Drops the copies of all context descriptors of a stream. */
    record CfgiCdAll(int sid) implements ConfigCommand {
        static final int OPCODE = 0x06;

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_CFGI_CD_ALL";
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

    /** Drops a virtual machine structure's PARTID map. */
    record CfgiVmsPidm(int vmid) implements ConfigCommand {
        static final int OPCODE = 0x07;

        @Override
        public int opcode() {
            return OPCODE;
        }

        @Override
        public String name() {
            return "CMD_CFGI_VMS_PIDM";
        }

        @Override
        public long low() {
            return OPCODE | put(vmid, 32, 16);
        }
    }
}
