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

    /** Adds a device with its actor behind an IOMMU; while the machine is composed. */
    public Device device(String name, Iommu iommu, DeviceOptions options) {
        Device device = new Device(iommus.engine(), devices.size(), name, iommu, options);
        devices.add(device);
        iommu.attach(device);
        return device;
    }

    public Device get(int number) {
        return devices.get(number);
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
