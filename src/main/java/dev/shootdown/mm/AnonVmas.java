package dev.shootdown.mm;

import dev.shootdown.memory.Bitmap;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * anon_vmas by number: the lowest free one is given out, so that which are in use says which comes next. Each knows
 * how many VMAs name it, and its root, which all that fork made of it have in common.
 */
final class AnonVmas {
    private static final int LIMIT = 1 << 20;

    private final Bitmap used;
    private final Cells users;
    private final Cells roots;

    AnonVmas(World world) {
        this.used = new Bitmap(world, "anon_vma.used", LIMIT);
        this.users = world.cells("anon_vma.users");
        this.roots = world.cells("anon_vma.root");
        used.set(0);
    }

    /** A new one, which nobody names yet. @param root of the parent's, or 0 if it is its own */
    int allocate(int root) {
        int number = (int) used.lowestClear(0);
        used.set(number);
        roots.set(number, root == 0 ? number : root);
        if (root != 0) {
            get(root);
        }
        return number;
    }

    int root(int number) {
        return (int) roots.get(number);
    }

    void get(int number) {
        if (number != 0) {
            users.add(number, 1);
        }
    }

    /** One VMA fewer names it; the last one frees it. */
    void put(int number) {
        if (number == 0) {
            return;
        }
        users.add(number, -1);
        if (users.get(number) == 0) {
            int root = root(number);
            used.clear(number);
            roots.set(number, 0);
            if (root != number) {
                put(root);
            }
        }
    }
}
