package dev.shootdown.device;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Frames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The machine's devices; steps find them here by number. */
public final class Devices {
    private final Iommus iommus;
    private final List<Device> devices = new ArrayList<>();

    public Devices(Iommus iommus) {
        this.iommus = iommus;
        iommus.engine().world().install(this);
    }

    /** Adds a device of one channel with its actor behind an IOMMU; while the machine is composed. */
    public Device device(String name, Iommu iommu, DeviceOptions options) {
        return device(name, iommu, options, List.of());
    }

    /** The same with several channels, each with an actor NAME.CHANNEL. */
    public Device device(String name, Iommu iommu, DeviceOptions options, List<String> channels) {
        Device device = new Device(iommus.engine(), devices.size(), name, iommu, options, channels);
        devices.add(device);
        iommu.attach(device);
        return device;
    }

    public Device get(int number) {
        return devices.get(number);
    }

    /** The channel of this number. */
    Channel channel(int number) {
        return devices.get(Iommus.device(number)).channel(Iommus.channelIndex(number));
    }

    /** The device of this name, or null. */
    public Device find(String name) {
        return devices.stream().filter(device -> device.name().equals(name)).findFirst().orElse(null);
    }

    public List<Device> all() {
        return Collections.unmodifiableList(devices);
    }

    Frames frames() {
        return iommus.frames();
    }
}
