package dev.shootdown.driver;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.mm.Kernel;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All bindings of a machine, with what their drivers remember. */
public final class Drivers {
    /** Counters that one driver may have. */
    public static final int COUNTERS = 16;

    /** Page-request groups of one device: PCIe ATS 10.4.1, a 9-bit index. */
    private static final int GROUPS = 512;

    /** What the language or JavaScript does in a callback: it says which actions to take. */
    public interface Function {
        List<Action> ask(Asked asked);
    }

    /** What such a function is told, and what it may remember. */
    public interface Asked {
        CallbackName callback();

        long start();

        long end();

        boolean blockable();

        long state(String name);

        void state(String name, long value);
    }

    private final Table<Integer, Binding> bindings;
    private final Cells counters;
    private final Table<String, Long> remembered;
    private final Cells locks;
    private final Cells serving;
    private final Cells failed;
    private final OwnTables tables;
    private final Faults faults;
    private final Map<String, Function> functions = new HashMap<>();

    /** @param iommus whose tables drivers fill */
    public Drivers(World world, Iommus iommus) {
        this.bindings = world.table("driver.bindings");
        this.counters = world.cells("driver.counters");
        this.remembered = world.table("driver.remembered");
        this.locks = world.cells("driver.lock");
        this.serving = world.cells("driver.serving");
        this.failed = world.cells("driver.failed");
        this.tables = new OwnTables(world, iommus);
        this.faults = new Faults(world);
        world.install(this);
    }

    /** Makes a function known by the name that {@link Action.Ask} gives; between two steps only. */
    public void function(String name, Function function) {
        functions.put(name, function);
    }

    /** Whether there are such functions. */
    public boolean asks() {
        return !functions.isEmpty();
    }

    Function function(String name) {
        return functions.get(name);
    }

    // ---------------------------------------------------------------- bindings

    /** The binding of this number, or null. */
    public Binding get(int number) {
        return bindings.get(number);
    }

    /** All bindings, in the order in which they were made. */
    public List<Binding> all() {
        return bindings.values();
    }

    /** The bindings of a device. */
    public List<Binding> of(int device) {
        return all().stream().filter(binding -> binding.device() == device).toList();
    }

    /** The binding that a device's PASID belongs to, or null. */
    public Binding find(int device, int pasid) {
        for (Binding binding : bindings.values()) {
            if (binding.device() == device && binding.pasid() == pasid) {
                return binding;
            }
        }
        return null;
    }

    /** The lowest PASID from 1 on that is free behind an IOMMU: PASID 0 is traffic without one. */
    public int freePasid(int iommu) {
        int pasid = 1;
        while (inUse(iommu, pasid)) {
            pasid++;
        }
        return pasid;
    }

    public boolean inUse(int iommu, int pasid) {
        return all().stream().anyMatch(binding -> binding.iommu() == iommu && binding.pasid() == pasid);
    }

    /** The lowest number that no binding has. */
    int freeNumber() {
        int number = 1;
        while (bindings.get(number) != null) {
            number++;
        }
        return number;
    }

    void add(Binding binding) {
        bindings.put(binding.number(), binding);
    }

    void remove(Binding binding) {
        tables.free(binding.number());
        for (String counter : binding.driver().counters()) {
            counter(binding.number(), counter, 0);
        }
        bindings.remove(binding.number());
    }

    // ---------------------------------------------------------------- what a binding remembers

    /** A counter of a binding: 0 until it is set. */
    public long counter(int binding, String name) {
        int index = index(binding, name);
        if (index >= 0) {
            return counters.get((long) binding * COUNTERS + index);
        }
        Long value = remembered.get(binding + "." + name);
        return value == null ? 0 : value;
    }

    void counter(int binding, String name, long value) {
        int index = index(binding, name);
        if (index >= 0) {
            counters.set((long) binding * COUNTERS + index, value);
        } else {
            remembered.put(binding + "." + name, value == 0 ? null : Long.valueOf(value));
        }
    }

    /** The place of a counter that the driver's own actions name; what JavaScript remembers has none. */
    private int index(int binding, String name) {
        return bindings.get(binding).driver().counters().indexOf(name);
    }

    OwnTables tables() {
        return tables;
    }

    Faults faults() {
        return faults;
    }

    /** The top table that a binding's device works on: the process's, or the driver's own. */
    long table(Binding binding, Kernel kernel) {
        long own = tables.root(binding.number());
        return own != 0 ? own : kernel.root(binding.mm());
    }

    boolean locked(int binding) {
        return locks.get(binding) != 0;
    }

    void lock(int binding, boolean held) {
        locks.set(binding, held ? 1 : 0);
    }

    /** How many of the binding's page requests have been taken from the log and not been answered. */
    long serving(int binding) {
        return serving.get(binding);
    }

    void serving(int binding, int change) {
        serving.add(binding, change);
    }

    /** Whether a fault of this page-request group could not be served. */
    boolean failed(int binding, int group) {
        return failed.get((long) binding * GROUPS + group) != 0;
    }

    void failed(int binding, int group, boolean so) {
        failed.set((long) binding * GROUPS + group, so ? 1 : 0);
    }
}
