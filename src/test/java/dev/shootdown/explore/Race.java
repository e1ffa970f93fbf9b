package dev.shootdown.explore;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.driver.Action;
import dev.shootdown.driver.Bind;
import dev.shootdown.driver.Driver;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.machine.Call;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Vendor;
import dev.shootdown.machine.Process;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Touch;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.EnumSet;
import java.util.List;

/**
 * The race of munmap against devices, on a whole machine.
 *
 * @param kernel   its version
 * @param driver   start, ends, range or none
 * @param pages    of the buffer, all touched
 * @param devices  with ATS and PRI
 * @param accesses DMA writes of each device, each of any page
 * @param checks   what is watched
 */
record Race(String kernel, String driver, int pages, int devices, int accesses, List<Check> checks) implements Start {
    static final long BUFFER = 0x1000_0000_0000L;
    private static final long READ_WRITE = 3;

    /** A device writes any page of the buffer. */
    record WriteAnyPage(int device, int pasid, int pages, int more) implements Step {
        @Override
        public int choices(World world) {
            return pages;
        }

        @Override
        public void run(Turn turn) {
            long page = BUFFER + turn.choice() * Frames.PAGE_SIZE;
            if (more > 1) {
                turn.then(new WriteAnyPage(device, pasid, pages, more - 1));
            }
            turn.then(DmaAccess.write(device, pasid, page, page + Frames.PAGE_SIZE, 0xab));
        }
    }

    @Override
    public Engine begin() {
        return machine().engine();
    }

    Machine machine() {
        Machine machine = new Machine(Configuration.standard().kernel(kernel));
        Checkers checkers = Checkers.of(machine);
        checkers.watch(EnumSet.noneOf(Check.class), false);
        Iommu iommu = machine.iommu("amd0", Vendor.AMD, IommuOptions.DEFAULT);
        for (int i = 0; i < devices; i++) {
            machine.device("gpu" + i, iommu, DeviceOptions.DEFAULT.ats(true).pri(true));
        }
        Process app = machine.process("app", List.of("main"), 0);
        int mm = app.mm(machine.kernel());
        for (Device device : machine.allDevices()) {
            drive(machine, machine.kernelActor(), new Bind(device.number(), iommu.number(), 1 + device.number(), mm, compiled()));
        }
        Actor main = app.threads().getFirst().actor();
        long length = pages * Frames.PAGE_SIZE;
        drive(machine, main, new Mmap(mm, BUFFER, length, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0));
        drive(machine, main, new Touch(mm, BUFFER, BUFFER + length, Translation.WRITE));
        machine.engine().assign(main, Call.around("app", "munmap", "buf", List.of(new Munmap(mm, BUFFER, length)), Call.Result.NONE));
        for (Device device : machine.allDevices()) {
            machine.engine().assign(device.actor(), List.of(new WriteAnyPage(device.number(), 1 + device.number(), pages, accesses)));
        }
        checkers.watch(checks, false);
        return machine;
    }

    private static void drive(Machine machine, Actor actor, Step step) {
        machine.engine().assign(actor, List.of(step));
        Schedule inOrder = new Schedule.InOrder(List.of(actor));
        for (Choice next = inOrder.next(machine.engine()); next != null; next = inOrder.next(machine.engine())) {
            machine.engine().step(next);
        }
    }

    private Driver compiled() {
        Action.Where here = new Action.Where.Callback();
        List<Action> flush = List.of(new Action.FlushIotlb(here), new Action.Sync(), new Action.FlushAtc(here), new Action.Sync());
        return switch (driver) {
            case "start" -> Driver.of(driver, List.of(new Driver.Handler(CallbackName.START, flush)));
            case "ends" -> Driver.of(driver, List.of(new Driver.Handler(CallbackName.START, flush), new Driver.Handler(CallbackName.END, flush)));
            case "range" -> Driver.of(driver, List.of(new Driver.Handler(CallbackName.RANGE, flush)));
            default -> Driver.of(driver, List.of());
        };
    }
}
