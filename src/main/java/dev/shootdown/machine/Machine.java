package dev.shootdown.machine;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.Devices;
import dev.shootdown.driver.Drivers;
import dev.shootdown.driver.ServeInterrupts;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.DriverEra;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.LogFormat;
import dev.shootdown.memory.Cpus;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.KernelVersion;
import dev.shootdown.mm.Thp;
import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Mutation;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Trace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A machine: CPUs, memory, a kernel, IOMMUs with devices behind them, processes. Two machines that were composed
 * by the same calls correspond cell by cell. What is declared is declared between two steps, and stays when
 * time is turned back.
 */
public final class Machine {
    /** Translations that a CPU remembers. */
    private static final int CPU_TLB = 64;

    private final Configuration configuration;
    private final World world = new World();
    private final Trace trace = new Trace();
    private final Engine engine;
    private final KernelVersion version;
    private final Frames frames;
    private final Cpus cpus;
    private final Owners owners;
    private final Notifier notifier;
    private final Kernel kernel;
    private final Iommus iommus;
    private final Devices devices;
    private final Drivers drivers;
    private final Outcomes outcomes;
    private final Actor kernelActor;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Map<String, Iommu> iommuNames = new LinkedHashMap<>();
    private final Map<String, Vendor> vendors = new LinkedHashMap<>();
    private final Map<String, Device> deviceNames = new LinkedHashMap<>();
    private final Map<String, Integer> fileNames = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if the kernel is none of {@link KernelVersion} */
    public Machine(Configuration configuration) {
        this(configuration, null);
    }

    /**
     * The same, with something coming between its steps.
     *
     * @param mutation null for nothing
     */
    public Machine(Configuration configuration, Mutation mutation) {
        this.configuration = configuration;
        this.engine = new Engine(world, trace, mutation);
        this.version = KernelVersion.of(configuration.kernel());
        if (version == null) {
            throw new IllegalArgumentException("no kernel " + configuration.kernel());
        }
        this.frames = new Frames(world, configuration.memory() >>> Frames.PAGE_SHIFT);
        this.kernelActor = engine.actor("kernel");
        this.cpus = new Cpus(engine, configuration.cpus(), CPU_TLB);
        this.owners = new Owners(world);
        this.notifier = new Notifier(world, version.contract(), owners);
        this.kernel = new Kernel(engine, version, configuration.levels(), frames, cpus, owners, notifier);
        kernel.nodes(configuration.nodes());
        kernel.thp().policy(Thp.Policy.valueOf(configuration.thp().toUpperCase(Locale.ROOT)));
        kernel.hugetlb().pool(configuration.hugepages());
        kernel.swapOn(configuration.swap() >>> Frames.PAGE_SHIFT);
        this.iommus = new Iommus(engine, frames, configuration.levels());
        this.devices = new Devices(iommus);
        this.drivers = new Drivers(world, iommus);
        this.outcomes = new Outcomes(world);
    }

    // ---------------------------------------------------------------- declarations

    /** Adds an IOMMU, with the hardware's actor {@code NAME} and the fault worker's {@code NAME.faults}. */
    public Iommu iommu(String name, Vendor vendor, IommuOptions options) {
        Iommu iommu = vendor.make(iommus, name, options.era(era()));
        engine.assign(iommu.faults(), List.of(new ServeInterrupts(iommu.number())));
        iommuNames.put(name, iommu);
        vendors.put(name, vendor);
        return iommu;
    }

    private DriverEra era() {
        LogFormat format = version.iommuLogsPasids() ? LogFormat.LINUX_6 : version.iommuFaultsAreTheDevices() ? LogFormat.LINUX_4 : LogFormat.LINUX_3;
        return new DriverEra(version.iommuCoversByOneBlock(), version.smmuExplainsEvents(), version.amdRestartsRequestLog(),
                version.amdChecksRequests(), version.amdGivesDevicesDomains(), format);
    }

    /** Adds a device behind an IOMMU, with its actor {@code NAME}. */
    public Device device(String name, Iommu behind, DeviceOptions options) {
        return device(name, behind, options, List.of());
    }

    /** The same with several channels, each with an actor {@code NAME.CHANNEL}. */
    public Device device(String name, Iommu behind, DeviceOptions options, List<String> channels) {
        Device device = devices.device(name, behind, options, channels);
        deviceNames.put(name, device);
        return device;
    }

    /**
     * Adds a process with an empty address space.
     *
     * @param threads names of its threads, on CPUs 0, 1, ... in this order
     * @param heap    where brk starts; 0 for the default
     */
    public Process process(String name, List<String> threads, long heap) {
        int mm = kernel.create(name);
        Process process = declared(name, threads);
        for (Process.Thread thread : process.threads()) {
            kernel.thread(thread.actor(), mm, thread.cpu());
        }
        if (heap != 0) {
            kernel.heap(mm, heap);
        }
        return process;
    }

    /**
     * Makes a process known that a fork will bear, with its one thread {@code NAME.main}. The one that is known
     * already, if there is one: its name may be used again once it is gone.
     */
    public Process unborn(String name) {
        Process known = processes.get(name);
        if (known != null) {
            return known;
        }
        kernel.reserve(name);
        return declared(name, List.of("main"));
    }

    private Process declared(String name, List<String> threads) {
        List<Process.Thread> made = new ArrayList<>();
        for (String thread : threads) {
            String full = name + "." + thread;
            made.add(new Process.Thread(full, engine.actor(full), made.size() % cpus.count()));
        }
        Process process = new Process(name, made);
        processes.put(name, process);
        return process;
    }

    /**
     * Adds a file whose pages are all in the page cache, clean.
     *
     * @param content its first bytes; the rest is zero
     * @param memory  whether it lives in tmpfs rather than on a disk
     * @return its number
     */
    public int file(String name, long size, byte[] content, boolean memory) {
        int number = kernel.files().create(name, size, memory);
        for (int i = 0; i < content.length; i++) {
            frames.byteAt(kernel.files().frame(number, i >>> Frames.PAGE_SHIFT), i & (int) (Frames.PAGE_SIZE - 1), content[i]);
        }
        fileNames.put(name, number);
        return number;
    }

    // ---------------------------------------------------------------- what there is

    public Process process(String name) {
        return processes.get(name);
    }

    public Collection<Process> processes() {
        return Collections.unmodifiableCollection(processes.values());
    }

    public Iommu iommu(String name) {
        return iommuNames.get(name);
    }

    /** Who makes the IOMMU of this name. */
    public Vendor vendor(String iommu) {
        return vendors.get(iommu);
    }

    public Collection<Iommu> allIommus() {
        return Collections.unmodifiableCollection(iommuNames.values());
    }

    public Device device(String name) {
        return deviceNames.get(name);
    }

    public Collection<Device> allDevices() {
        return Collections.unmodifiableCollection(deviceNames.values());
    }

    /** The number of a file, or 0. */
    public int file(String name) {
        return fileNames.getOrDefault(name, 0);
    }

    public Collection<String> files() {
        return Collections.unmodifiableCollection(fileNames.keySet());
    }

    // ---------------------------------------------------------------- its parts

    public Configuration configuration() {
        return configuration;
    }

    public World world() {
        return world;
    }

    public Trace trace() {
        return trace;
    }

    public Engine engine() {
        return engine;
    }

    public KernelVersion version() {
        return version;
    }

    public Frames frames() {
        return frames;
    }

    public Cpus cpus() {
        return cpus;
    }

    public Owners owners() {
        return owners;
    }

    public Notifier notifier() {
        return notifier;
    }

    public Kernel kernel() {
        return kernel;
    }

    public Iommus iommus() {
        return iommus;
    }

    public Devices devices() {
        return devices;
    }

    public Drivers drivers() {
        return drivers;
    }

    public Outcomes outcomes() {
        return outcomes;
    }

    /** Who takes the steps of {@code bind} and of the {@code kernel} verbs. */
    public Actor kernelActor() {
        return kernelActor;
    }
}
