package dev.shootdown.mm;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;

/**
 * The lock of each mapping (vm_lock): faults hold it for reading, and who changes the mapping marks it as written to, until
 * he lets go of the mmap lock or holds that for reading only. Known by where the mapping starts, which changes only while
 * it is marked.
 */
public final class VmaLocks {
    private final Kernel kernel;
    private final Table<Long, State> states;
    /** Of each address space the mapping that was marked last, plus 1. */
    private final Cells marked;
    /** Of each actor the mapping whose lock it holds for a fault, plus 1. */
    private final Cells held;

    /**
     * What is known of one that is not free.
     *
     * @param readers who hold it for reading; -1 while it is marked
     * @param before  of one that is marked, which was marked before it, plus 1
     */
    record State(int readers, long before) {}

    VmaLocks(World world, Kernel kernel) {
        this.kernel = kernel;
        this.states = world.table("vma.lock");
        this.marked = world.cells("mm.vma_marked");
        this.held = world.cells("thread.vma_lock");
    }

    /** How many hold it for reading; -1 if it is marked as written to. */
    public int readers(Vma vma) {
        return readers(Vmas.key(vma.mm(), vma.start()));
    }

    private int readers(long key) {
        State state = states.get(key);
        return state == null ? 0 : state.readers;
    }

    // ---------------------------------------------------------------- faults

    /** Whether a fault may hold it: nobody changes the mapping. */
    boolean readable(int mm, long start) {
        return readers(Vmas.key(mm, start)) >= 0;
    }

    void read(Actor actor, int mm, long start) {
        long key = Vmas.key(mm, start);
        states.put(key, new State(readers(key) + 1, 0));
        held.set(actor.number(), key + 1);
    }

    /** Nothing where the actor holds none. */
    void endRead(Actor actor) {
        long key = held.get(actor.number()) - 1;
        if (key < 0) {
            return;
        }
        int readers = readers(key);
        held.set(actor.number(), 0);
        if (readers > 0) {
            states.put(key, readers == 1 ? null : new State(readers - 1, 0));
        }
    }

    /** Whether an actor serves a fault with the lock of a mapping and not the mmap lock. */
    boolean holds(Actor actor) {
        return held.get(actor.number()) != 0;
    }

    /** Whether any fault of an address space is served so. */
    boolean anyHeld(int mm) {
        boolean any = false;
        for (Actor actor : kernel.engine().actors()) {
            long key = held.get(actor.number()) - 1;
            any |= key >= 0 && Vmas.mm(key) == mm;
        }
        return any;
    }

    // ---------------------------------------------------------------- who changes a mapping

    /** Whether nobody serves a fault with it. */
    boolean writable(int mm, long start) {
        return readers(Vmas.key(mm, start)) <= 0;
    }

    /** Marks it; nothing where it is marked, or where the mmap lock is not held for writing. */
    void mark(int mm, long start) {
        long key = Vmas.key(mm, start);
        if (kernel.lock(mm) < 0 && readers(key) == 0) {
            states.put(key, new State(-1, marked.get(mm)));
            marked.set(mm, key + 1);
        }
    }

    /** vma_end_write_all(). */
    void endWriteAll(int mm) {
        long next = marked.get(mm);
        while (next != 0) {
            State state = states.get(next - 1);
            states.remove(next - 1);
            next = state.before;
        }
        marked.set(mm, 0);
    }
}
