package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The machine's IOMMUs and what stands behind them; steps find them here by number. */
public final class Iommus {
    private static final int FUNCTION_BITS = 3;
    private static final int DEVICE_BITS = 5;
    private static final int CHANNEL_SHIFT = 16;

    private final Engine engine;
    private final Frames frames;
    private final int levels;
    private final Cells mirrored;
    private final List<Iommu> iommus = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();

    /** @param levels how many levels the processes' page tables have: 4 or 5 */
    public Iommus(Engine engine, Frames frames, int levels) {
        this.engine = engine;
        this.frames = frames;
        this.levels = levels;
        this.mirrored = engine.world().cells("iommu.mirrored");
        engine.world().install(this);
    }

    /**
     * The generation that the frame of a {@link Entry#MIRRORED} entry had when a driver found it in the process's table: what
     * the translation was taken from is that one, not the driver's copy.
     */
    public long mirrored(long table, long address) {
        return mirrored.get(table * Frames.WORDS + Entry.index(address, 1));
    }

    public void mirrored(long table, long address, long born) {
        mirrored.set(table * Frames.WORDS + Entry.index(address, 1), born);
    }

    public Engine engine() {
        return engine;
    }

    public Frames frames() {
        return frames;
    }

    public int levels() {
        return levels;
    }

    public Iommu get(int number) {
        return iommus.get(number);
    }

    /** The IOMMU of this name, or null. */
    public Iommu find(String name) {
        return iommus.stream().filter(iommu -> iommu.name().equals(name)).findFirst().orElse(null);
    }

    public List<Iommu> all() {
        return Collections.unmodifiableList(iommus);
    }

    /** The device of this number, or its channel, whichever IOMMU it is behind. */
    public Endpoint endpoint(int number) {
        Endpoint device = endpoints.get(device(number));
        int channel = channelIndex(number);
        return channel == 0 ? device : device.channels().get(channel);
    }

    /** The number of a device's channel; the first one's is the device's. */
    public static int channel(int device, int index) {
        return index << CHANNEL_SHIFT | device;
    }

    /** The device that a channel's number is of. */
    public static int device(int channel) {
        return channel & (1 << CHANNEL_SHIFT) - 1;
    }

    /** Which channel of its device a number is, from 0. */
    public static int channelIndex(int channel) {
        return channel >>> CHANNEL_SHIFT;
    }

    /** How many devices there are; the next one's number. */
    public int endpoints() {
        return endpoints.size();
    }

    /** A device's requester id: devices stand at 00:01.0, 00:02.0 and so on. */
    public static int requester(int endpoint) {
        return endpoint + 1 << FUNCTION_BITS;
    }

    /** A requester id as the kernel prints it: bus, device and function, with the segment before them where it says that too. */
    public static String address(int requester, boolean segment) {
        return String.format(Locale.ROOT, "%s%02x:%02x.%x", segment ? "0000:" : "", requester >>> FUNCTION_BITS + DEVICE_BITS,
                requester >>> FUNCTION_BITS & (1 << DEVICE_BITS) - 1, requester & (1 << FUNCTION_BITS) - 1);
    }

    /** The device with a requester id, or null. */
    public Endpoint requesting(int requester) {
        int number = (requester >>> FUNCTION_BITS) - 1;
        boolean there = number >= 0 && number < endpoints.size() && requester(number) == requester;
        return there ? endpoints.get(number) : null;
    }

    int add(Iommu iommu) {
        iommus.add(iommu);
        return iommus.size() - 1;
    }

    void add(Endpoint endpoint) {
        endpoints.add(endpoint);
    }
}
