package dev.shootdown.iommu.riscv;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.UnitRig;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A machine of one RISC-V IOMMU, a device, a thread and a hand-built page table, with a memory of what it emitted. */
final class RiscvRig extends UnitRig<RiscvIommu> {
    /** The device's requester id, and device id. */
    static final int GPU = 0x08;

    final RiscvIommu iommu;

    RiscvRig(DeviceOptions options) {
        this(options, IommuOptions.DEFAULT, Capabilities.DEFAULT);
    }

    RiscvRig(DeviceOptions options, IommuOptions sizes, Capabilities capabilities) {
        super(options, iommus -> new RiscvIommu(iommus, "riscv0", sizes, capabilities));
        iommu = unit;
    }

    /** What a test does in a turn of its own; of this test alone, so that it may hold anything. */
    private record Do(Consumer<Turn> what) implements Step {
        @Override
        public void run(Turn turn) {
            what.accept(turn);
        }
    }

    void turn(Consumer<Turn> what) {
        run(app, new Do(what));
    }

    // ---------------------------------------------------------------- words in memory

    long word(long address) {
        return frames.word(address >>> 12, (int) (address >>> 3) & 511);
    }

    void word(long address, long value) {
        frames.word(address >>> 12, (int) (address >>> 3) & 511, value);
    }

    /** Writes a word of the device's context: 0 tc, 1 iohgatp, 2 ta, 3 fsc, 4 msiptp. */
    void deviceContext(int index, long value) {
        word(iommu.deviceContext(gpu) + 8 * index, value);
    }

    long deviceContext(int index) {
        return word(iommu.deviceContext(gpu) + 8 * index);
    }

    /** Writes a word of the process context: 0 ta, 1 fsc. */
    void processContext(int index, long value) {
        word(iommu.processContext(gpu, PASID) + 8 * index, value);
    }

    // ---------------------------------------------------------------- running

    /** The commands, by the thread, as they are. */
    void send(RiscvCommand... commands) {
        List<Step> steps = new ArrayList<>();
        for (RiscvCommand command : commands) {
            steps.add(iommu.command(command));
        }
        run(app, steps);
    }

    /** The device writes a page; how that ended. */
    String writes(long address) {
        run(gpu.actor(), write(address));
        return last(Event.Dma.class).outcome();
    }

    String reads(long address) {
        run(gpu.actor(), read(address));
        return last(Event.Dma.class).outcome();
    }

    // ---------------------------------------------------------------- what came of it

    /** The lines that the kernel has logged. */
    List<String> log() {
        return all(Event.IoPageFault.class).stream().map(Event.IoPageFault::log).toList();
    }

    /** The records that wait in the fault queue. */
    List<FaultRecord> faults() {
        List<FaultRecord> records = new ArrayList<>();
        for (int i = 0; i < iommu.events().size(); i++) {
            int place = i;
            records.add(FaultRecord.decode(index -> iommu.events().word(place, index)));
        }
        return records;
    }

    FaultRecord fault() {
        return faults().getLast();
    }
}
