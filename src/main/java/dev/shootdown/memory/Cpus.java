package dev.shootdown.memory;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/**
 * The machine's CPUs: their TLBs, which address space each has loaded, and the interrupts by which one tells the
 * others to drop translations. Who interrupts is named by a slot: the number of its CPU, or {@link #elsewhere} for
 * an actor that runs on none of them. A slot has one shoot-down in flight, as a CPU that waits for one is not
 * preempted (kernel/smp.c: smp_call_function_many).
 */
public final class Cpus {
    private static final int GROUP = 2;
    private static final int MARK = 0;
    private static final int START = 1;
    private static final int END = 2;
    /** A mark for all that a TLB holds, whatever the space. */
    private static final int EVERYTHING = -1;

    private final int count;
    private final List<Tlb> tlbs = new ArrayList<>();
    private final Cells loaded;
    private final Cells requests;

    /**
     * Makes the CPUs, and for each an actor {@code cpuN} that serves its interrupts.
     *
     * @param count   how many
     * @param entries of each one's TLB
     */
    public Cpus(Engine engine, int count, int entries) {
        World world = engine.world();
        this.count = count;
        for (int i = 0; i < count; i++) {
            tlbs.add(new Tlb(world, "cpu" + i + ".tlb", entries));
        }
        this.loaded = world.cells("cpu.loaded");
        this.requests = world.cells("cpu.requests", Role.STATE, GROUP);
        world.install(this);
        for (int i = 0; i < count; i++) {
            Actor actor = engine.actor("cpu" + i);
            engine.assign(actor, List.of(new ServeInterrupts(i)));
        }
    }

    public int count() {
        return count;
    }

    /** The slot of whoever runs on no CPU of the model: a kernel thread, a fault worker. */
    public int elsewhere() {
        return count;
    }

    public Tlb tlb(int cpu) {
        return tlbs.get(cpu);
    }

    // ---------------------------------------------------------------- what a CPU has loaded

    /** The number of the address space that a CPU has loaded; 0 is none of a process's. */
    public int loaded(int cpu) {
        return (int) loaded.get(cpu);
    }

    /** Switches a CPU to an address space. Writing CR3 drops what the TLB holds. */
    public void load(int cpu, int space) {
        if (loaded(cpu) != space) {
            tlbs.get(cpu).dropAll();
            loaded.set(cpu, space);
        }
    }

    /** Takes an address space off all CPUs, as when its last thread has gone. */
    public void unload(int space) {
        for (int cpu = 0; cpu < count; cpu++) {
            if (loaded(cpu) == space) {
                load(cpu, 0);
            }
        }
    }

    // ---------------------------------------------------------------- shoot-down

    /**
     * Drops the translations of [start, end) from the TLB of the slot's own CPU, and asks every other CPU that has
     * the space loaded to do so.
     *
     * @return whether any was asked, and is to be waited for with {@link AwaitShootdown}
     */
    public boolean shootDown(int slot, int space, long start, long end) {
        boolean asked = false;
        for (int cpu = 0; cpu < count; cpu++) {
            if (loaded(cpu) != space) {
                continue;
            }
            if (cpu == slot) {
                drop(cpu, space, start, end);
            } else {
                long request = request(slot, cpu);
                requests.set(request | START, start);
                requests.set(request | END, end);
                requests.set(request | MARK, space);
                asked = true;
            }
        }
        return asked;
    }

    /** Drops everything from the TLBs of some CPUs, as {@link #shootDown} does. @param mask a bit for each CPU */
    public boolean shootDownAll(int slot, long mask) {
        boolean asked = false;
        for (int cpu = 0; cpu < count; cpu++) {
            if ((mask & 1L << cpu) == 0) {
                continue;
            }
            if (cpu == slot) {
                tlbs.get(cpu).dropAll();
            } else {
                requests.set(request(slot, cpu) | MARK, EVERYTHING);
                asked = true;
            }
        }
        return asked;
    }

    /** Whether no CPU has still to serve a request of this slot. */
    public boolean served(int slot) {
        long marks = 0;
        for (int cpu = 0; cpu < count; cpu++) {
            marks |= requests.get(request(slot, cpu) | MARK);
        }
        return marks == 0;
    }

    /** Whether somebody has asked this CPU for something. */
    boolean interrupted(int cpu) {
        long marks = 0;
        for (int slot = 0; slot <= count; slot++) {
            marks |= requests.get(request(slot, cpu) | MARK);
        }
        return marks != 0;
    }

    /** Serves one request; the lowest slot's first. */
    void serve(int cpu) {
        for (int slot = 0; slot <= count; slot++) {
            long request = request(slot, cpu);
            int space = (int) requests.get(request | MARK);
            if (space != 0) {
                drop(cpu, space, requests.get(request | START), requests.get(request | END));
                requests.set(request | MARK, 0);
                requests.set(request | START, 0);
                requests.set(request | END, 0);
                return;
            }
        }
    }

    private void drop(int cpu, int space, long start, long end) {
        if (space == EVERYTHING) {
            tlbs.get(cpu).dropAll();
        } else if (start == 0 && end == -1) {
            tlbs.get(cpu).dropSpace(space);
        } else {
            tlbs.get(cpu).drop(space, start >>> Frames.PAGE_SHIFT, (end + Frames.PAGE_SIZE - 1) >>> Frames.PAGE_SHIFT);
        }
    }

    private long request(int slot, int cpu) {
        return ((long) slot * count + cpu) << GROUP;
    }
}
