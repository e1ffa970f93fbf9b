package dev.shootdown.check;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/** Which frames were freed and not handed out since, and, for people, by which step. */
final class Freed {
    private final Cells free;
    private final Cells steps;

    Freed(World world) {
        this.free = world.cells("check.free", Role.STATE, 0);
        this.steps = world.cells("check.freed", Role.REMARK, 0);
    }

    /** A frame is freed; returns whether it was free already. */
    boolean freed(long frame) {
        boolean twice = free.get(frame) != 0;
        free.set(frame, 1);
        return twice;
    }

    void allocated(long frame, int order) {
        free.clear(frame, 1L << order);
    }

    void note(long frame, int order, long step) {
        for (long i = frame; i < frame + (1L << order); i++) {
            steps.set(i, step);
        }
    }

    /** The last step that freed the frame, or 0. */
    long because(long frame) {
        return steps.get(frame);
    }
}
