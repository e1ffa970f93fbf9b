package dev.shootdown.mm;

import dev.shootdown.memory.Bitmap;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * anon_vmas by number: the lowest free one is given out, so that which are in use says which comes next. Each knows
 * how many VMAs name it, and of which other fork made it.
 */
final class AnonVmas {
    private static final int LIMIT = 1 << 20;

    private final Bitmap used;
    private final Cells users;
    private final Cells parents;

    AnonVmas(World world) {
        this.used = new Bitmap(world, "anon_vma.used", LIMIT);
        this.users = world.cells("anon_vma.users");
        this.parents = world.cells("anon_vma.parent");
        used.set(0);
    }

    /** A new one, which nobody names yet. @param parent of which fork makes it, or 0 */
    int allocate(int parent) {
        int number = (int) used.lowestClear(0);
        used.set(number);
        parents.set(number, parent);
        get(parent);
        return number;
    }

    /** What all that fork made of one have in common. */
    int root(int number) {
        int root = number;
        while (parents.get(root) != 0) {
            root = (int) parents.get(root);
        }
        return root;
    }

    /** Whether one is another, or fork made it of that: then its VMAs may map the other's pages. */
    boolean descends(int number, int from) {
        int at = number;
        while (at != from && at != 0) {
            at = (int) parents.get(at);
        }
        return at == from;
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
            int parent = (int) parents.get(number);
            used.clear(number);
            parents.set(number, 0);
            put(parent);
        }
    }
}
