package dev.shootdown.iommu.arm;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.UnitRig;
import dev.shootdown.driver.Drivers;
import dev.shootdown.driver.ServeInterrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.trace.Event;
import java.util.List;

/** An SMMU with one device, a thread and a hand-built page table; it remembers what was emitted. */
final class ArmRig extends UnitRig<ArmIommu> {
    static final DeviceOptions STALL = PLAIN.stall(true);

    final ArmIommu smmu;

    ArmRig(DeviceOptions options) {
        this(options, IommuOptions.DEFAULT, ArmFeatures.DEFAULT);
    }

    ArmRig(DeviceOptions options, IommuOptions sizes, ArmFeatures features) {
        super(options, iommus -> new ArmIommu(iommus, "smmu0", sizes, features));
        smmu = unit;
    }

    /** The kernel's thread serves interrupts from now on. */
    ArmRig served() {
        new Drivers(world, iommus);
        engine.assign(smmu.faults(), List.of(new ServeInterrupts(smmu.number())));
        return this;
    }

    /** The lines that the kernel has printed last. */
    List<String> log() {
        return last(Event.IoPageFault.class).log().lines().toList();
    }

    /** The record that was written last. */
    ArmEvent record() {
        int at = smmu.events().size() - 1;
        return ArmEvent.decode(smmu.events().word(at, 0), smmu.events().word(at, 1), smmu.events().word(at, 2), smmu.events().word(at, 3));
    }

    int sid() {
        return Iommus.requester(gpu.number());
    }

    /** How the last access ended. */
    String outcome() {
        return last(Event.Dma.class).outcome();
    }
}
