package dev.shootdown.check;

import dev.shootdown.sim.Role;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.Comparator;
import java.util.List;

/** The page requests that nobody has answered yet. */
final class Requests {
    /** A group of requests of a device: what one response answers. */
    record Group(String device, int pasid, int group) implements Comparable<Group> {
        private static final Comparator<Group> ORDER =
                Comparator.comparing(Group::device).thenComparingInt(Group::pasid).thenComparingInt(Group::group);

        @Override
        public int compareTo(Group other) {
            return ORDER.compare(this, other);
        }
    }

    /** One of its requests, the first one. */
    record Asked(Group group, long addr) {}

    private final Table<Group, Asked> open;
    private final Table<Group, Long> steps;

    Requests(World world) {
        this.open = world.table("check.requests");
        this.steps = world.table("check.asked", Role.REMARK);
    }

    void asked(Group group, long addr, long step) {
        if (open.get(group) == null) {
            open.put(group, new Asked(group, addr));
            steps.put(group, step);
        }
    }

    void answered(Group group) {
        open.remove(group);
    }

    List<Asked> open() {
        return open.values();
    }

    /** The step that asked. */
    long because(Group group) {
        Long step = steps.get(group);
        return step == null ? 0 : step;
    }
}
