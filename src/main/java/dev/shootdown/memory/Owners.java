package dev.shootdown.memory;

import dev.shootdown.sim.Role;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;

/**
 * Whom frames and address spaces belong to, by number and by name: 0 is the kernel, small numbers are address
 * spaces, numbers from {@link #FILES} on are files. Names are for the trace only.
 */
public final class Owners {
    /** The number of the first file. */
    public static final int FILES = 1 << 24;

    private final Table<Integer, String> names;

    public Owners(World world) {
        this.names = world.table("owner.names", Role.REMARK);
        world.install(this);
    }

    /** Gives a number its name. */
    public void name(int number, String name) {
        names.put(number, name);
    }

    /** The name of a process or file, or {@code kernel}. */
    public String name(int number) {
        String name = names.get(number);
        return name == null ? "kernel" : name;
    }

    /** The lowest number from this one on that has no name yet. */
    public int free(int from) {
        int number = from;
        while (names.get(number) != null) {
            number++;
        }
        return number;
    }

    /** The number of this name among those in [from, to), or 0. */
    public int find(String name, int from, int to) {
        for (int number = from; number < to && names.get(number) != null; number++) {
            if (name.equals(names.get(number))) {
                return number;
            }
        }
        return 0;
    }
}
