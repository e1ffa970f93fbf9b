package dev.shootdown.iommu.riscv;

import dev.shootdown.sim.Cell;
import dev.shootdown.sim.World;
import java.util.Locale;

/**
 * What of {@code cqcsr} says how the command queue is: bits that hardware sets and software clears by writing 1 to them
 * (specification 4.15).
 */
final class CommandStatus {
    /** A command could not be fetched, or met memory that is not there. */
    static final int CQMF = 1 << 8;
    /** A fence found that an invalidation before it had run out of time. */
    static final int CMD_TO = 1 << 9;
    static final int CMD_ILL = 1 << 10;
    /** A fence raised its wire. */
    static final int FENCE_W_IP = 1 << 11;

    /** While any of these is set no command is fetched. */
    static final int ERRORS = CQMF | CMD_TO | CMD_ILL;

    private static final int QUEUE = 0;

    private final Cell cqcsr;

    CommandStatus(World world, String iommu) {
        this.cqcsr = world.cell(iommu + ".cqcsr");
    }

    int bits() {
        return (int) cqcsr.get();
    }

    boolean has(int bit) {
        return (bits() & bit) != 0;
    }

    void set(int bit) {
        cqcsr.set(bits() | bit);
    }

    void clear(int bits) {
        cqcsr.set(bits() & ~bits);
    }

    /** What the kernel prints of it: riscv_iommu_cmdq_process. */
    String log() {
        return String.format(Locale.ROOT, "Queue #%d error; fault:%d timeout:%d illegal:%d fence_w_ip:%d", QUEUE, one(CQMF), one(CMD_TO),
                one(CMD_ILL), one(FENCE_W_IP));
    }

    private int one(int bit) {
        return has(bit) ? 1 : 0;
    }
}
