package dev.shootdown.lang.word;

import dev.shootdown.device.Device;
import dev.shootdown.driver.dma.DmaMap;
import dev.shootdown.driver.dma.DmaUnmap;
import dev.shootdown.iommu.FqFlushTimeout;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.lang.value.Value;
import dev.shootdown.sim.Step;
import java.util.List;

/** What drivers do by the DMA API, on a thread's behalf. */
final class DmaDeeds {
    private DmaDeeds() {}

    static List<Step> map(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        Device device = scene.machine().device(arguments.word("device"));
        return List.of(new DmaMap(scene.mm(), device.iommu().number(), device.number(), range.start(), range.end(), !arguments.has("to_device")));
    }

    static List<Step> unmap(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new DmaUnmap(scene.mm(), behind(arguments, range, scene).number(), range.start()));
    }

    private static Iommu behind(Arguments arguments, Value.Range range, Scene scene) {
        String name = arguments.word("iommu", range.process());
        Iommu named = scene.machine().iommu(name);
        return named == null ? scene.machine().iommus().get(0) : named;
    }

    static List<Step> timeout(Arguments arguments, Scene scene) {
        return List.of(new FqFlushTimeout(scene.machine().iommu(arguments.word("IOMMU")).number()));
    }
}
