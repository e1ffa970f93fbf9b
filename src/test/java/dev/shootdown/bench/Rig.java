package dev.shootdown.bench;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.driver.Action;
import dev.shootdown.driver.Bind;
import dev.shootdown.driver.Driver;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Vendor;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Touch;
import dev.shootdown.memory.Translation;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import java.util.List;

/** A machine with one process and one bound device, as the benchmarks drive it. */
final class Rig {
    static final long ARENA = 0x1000_0000_0000L;
    static final int PASID = 1;
    private static final long READ_WRITE = 3;

    final Machine machine;
    final Device gpu;
    final Actor main;
    final int mm;
    private final Schedule inOrder;
    private final Schedule deviceFirst;

    Rig(boolean ats) {
        machine = new Machine(Configuration.standard().kernel("3.19"));
        Iommu iommu = machine.iommu("amd0", Vendor.AMD, IommuOptions.DEFAULT);
        gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(ats).pri(ats));
        main = machine.process("app", List.of("main"), 0).threads().getFirst().actor();
        mm = machine.process("app").mm(machine.kernel());
        inOrder = new Schedule.InOrder(List.of(main));
        deviceFirst = new Schedule.InOrder(List.of(gpu.actor()));
        drive(machine.kernelActor(), new Schedule.InOrder(List.of()), new Bind(gpu.number(), iommu.number(), PASID, mm, range()));
    }

    /** What range.mmu does for more than one page. */
    private static Driver range() {
        return Driver.of("range", List.of(new Driver.Handler(CallbackName.RANGE, List.of(new Action.FlushPasid()))));
    }

    void call(Step step) {
        drive(main, inOrder, step);
    }

    void dma(Step step) {
        drive(gpu.actor(), deviceFirst, step);
    }

    private void drive(Actor actor, Schedule schedule, Step step) {
        machine.engine().assign(actor, List.of(step));
        for (Choice next = schedule.next(machine.engine()); next != null; next = schedule.next(machine.engine())) {
            machine.engine().step(next);
        }
    }

    void map(int pages) {
        call(new Mmap(mm, ARENA, pages * 4096L, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0));
    }

    void touch(int pages) {
        call(new Touch(mm, ARENA, ARENA + pages * 4096L, Translation.WRITE));
    }

    void unmap(int pages) {
        call(new Munmap(mm, ARENA, pages * 4096L));
    }
}
