package dev.shootdown.lang.word;

import dev.shootdown.device.Device;
import dev.shootdown.driver.dma.DmaMap;
import dev.shootdown.driver.dma.DmaUnmap;
import dev.shootdown.iommu.FqFlushTimeout;
import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.lang.value.Value;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Kernel;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
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

    // ---------------------------------------------------------------- second stage

    static List<Step> takeSecondStage(Arguments arguments, Scene scene) {
        return secondStage(arguments, scene, 0);
    }

    static List<Step> giveSecondStage(Arguments arguments, Scene scene) {
        return secondStage(arguments, scene, Translation.READ | Translation.WRITE | Translation.EXECUTE);
    }

    /** Guest page frames are those that the process's own entries name by now. */
    private static List<Step> secondStage(Arguments arguments, Scene scene, int permissions) {
        Value.Range range = arguments.range("R");
        Iommu iommu = scene.machine().iommu(scene.owner());
        Kernel kernel = scene.machine().kernel();
        int mm = KernelDeeds.owner(range, scene);
        List<Long> pages = new ArrayList<>();
        for (long at = range.start() & -Frames.PAGE_SIZE; at < range.end(); at += Frames.PAGE_SIZE) {
            long entry = kernel.pte(mm, at);
            if (Entry.present(entry)) {
                pages.add(Entry.frame(entry));
            }
        }
        List<Step> steps = new ArrayList<>();
        if (!pages.isEmpty()) {
            List<Long> sorted = pages.stream().sorted().toList();
            steps.add(new IoasMap(iommu.number(), sorted, permissions, !arguments.has("noflush")));
        }
        return steps;
    }
}
