package dev.shootdown.iommu;

import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.Locale;

/**
 * An IOMMU's interrupts. Hardware raises one when it writes a log entry; while it is pending, further entries raise
 * no other. The thread that serves takes it first and then reads the log until it is empty, so that no entry is
 * missed.
 */
public final class Interrupts {
    /** Why an IOMMU interrupts. */
    public enum Cause {
        PAGE_REQUEST,
        EVENT,
        COMPLETION,
        /** The command ring has stopped. */
        COMMAND_ERROR;

        private static final Cause[] ALL = values();

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String iommu;
    private final Cell[] pending;
    private final Cell count;

    Interrupts(World world, String iommu) {
        this.iommu = iommu;
        this.pending = new Cell[Cause.ALL.length];
        for (Cause cause : Cause.ALL) {
            pending[cause.ordinal()] = world.cell(iommu + ".interrupt." + cause.word());
        }
        this.count = world.cell(iommu + ".interrupts", Role.COUNTER);
    }

    void raise(Cause cause) {
        pending[cause.ordinal()].set(1);
    }

    /** Whether any is pending; always looks at all. */
    public boolean pending() {
        long any = 0;
        for (int i = 0; i < pending.length; i++) {
            any |= pending[i].get();
        }
        return any != 0;
    }

    public boolean pending(Cause cause) {
        return pending[cause.ordinal()].get() != 0;
    }

    /** Takes the first one pending and emits {@code interrupt}; null if there is none. */
    public Cause take(Turn turn) {
        for (Cause cause : Cause.ALL) {
            if (pending[cause.ordinal()].get() != 0) {
                pending[cause.ordinal()].set(0);
                count.add(1);
                turn.emit(Kind.INTERRUPT, () -> new Event.Interrupt(iommu, cause.word()));
                return cause;
            }
        }
        return null;
    }

    /** How many there have been. Outside the fingerprint until somebody asks. */
    public Cell count() {
        return count;
    }
}
