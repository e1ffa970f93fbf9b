package dev.shootdown.lang;

import dev.shootdown.device.Device;
import dev.shootdown.driver.Binding;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.lang.value.Value;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.memory.Entry;
import dev.shootdown.sim.Actor;

/** What may be asked of the things of a machine, read from their cells. */
final class Facts {
    private Facts() {}

    /** A property of a process, a device or an IOMMU; the name of a thread where a process has one of this name. */
    static Value of(Machine machine, String name, String property) {
        Process process = machine.process(name);
        if (process != null) {
            return ofProcess(machine, process, property);
        }
        Device device = machine.device(name);
        return device != null ? ofDevice(device, property) : ofIommu(machine.iommu(name), property);
    }

    private static Value ofProcess(Machine machine, Process process, String property) {
        int mm = process.mm(machine.kernel());
        return switch (property) {
            case "rss" -> new Value.Number(mm == 0 ? 0 : machine.kernel().rss(mm));
            case "alive" -> new Value.Truth(alive(machine, process));
            case "exited" -> new Value.Truth(!alive(machine, process));
            default -> new Value.Name(process.name() + "." + property);
        };
    }

    /** Whether any of its threads still belongs to an address space. */
    static boolean alive(Machine machine, Process process) {
        return process.threads().stream().anyMatch(thread -> machine.kernel().spaceOf(thread.actor()) > 0);
    }

    private static Value ofDevice(Device device, String property) {
        return switch (property) {
            case "state" -> new Value.Text(device.state());
            case "requests" -> new Value.Number(device.requests().get());
            case "faults" -> new Value.Number(device.faults().get());
            case "ats" -> new Value.Truth(device.ats());
            case "uprgi" -> new Value.Truth(device.unexpected());
            default -> throw new IllegalStateException(property);
        };
    }

    private static Value ofIommu(Iommu iommu, String property) {
        return switch (property) {
            case "interrupts" -> new Value.Number(iommu.interrupts().count().get());
            case "commands" -> new Value.Number(iommu.commandCount().get());
            default -> throw new IllegalStateException(property);
        };
    }

    /** Whether a thread has nothing left to do. */
    static Value ofThread(Machine machine, String name) {
        Actor actor = machine.engine().find(name);
        return new Value.Truth(machine.engine().idle(actor));
    }

    /** A property of a range, in the address space of the process that mapped it. */
    static Value of(Machine machine, Value.Range range, String property) {
        return switch (property) {
            case "start" -> new Value.Number(range.start(), true);
            case "end" -> new Value.Number(range.end(), true);
            case "size" -> Value.Number.unsigned(range.length());
            case "pages" -> new Value.Number(Pages.up(range.length()) / Pages.SIZE);
            case "resident" -> new Value.Number(resident(machine, range));
            default -> throw new IllegalStateException(property);
        };
    }

    private static long resident(Machine machine, Value.Range range) {
        int mm = space(machine, range.process());
        long count = 0;
        long address = range.start();
        while (mm != 0 && Long.compareUnsigned(address, range.end()) < 0) {
            count += Entry.present(machine.kernel().pte(mm, address)) ? 1 : 0;
            long next = next(machine, mm, address);
            address = Long.compareUnsigned(next, address) < 0 ? range.end() : next;
        }
        return count;
    }

    /** The next page behind an address that may have an entry of its own: what a table that is not there maps is passed over. */
    static long next(Machine machine, int mm, long address) {
        long reach = reach(machine, mm, address);
        return (address & -reach) + reach;
    }

    /** How many bytes one empty entry on the way to an address stands for: a table that is not there maps nothing. */
    private static long reach(Machine machine, int mm, long address) {
        int levels = machine.kernel().levels();
        int level = levels;
        long root = machine.kernel().root(mm);
        while (level > 1 && machine.kernel().tables().table(root, levels, address, level - 1) != 0) {
            level--;
        }
        boolean large = level > 1 && Entry.present(machine.kernel().pte(mm, address));
        return large ? Pages.SIZE : Pages.SIZE << 9 * (level - 1);
    }

    /** The page-table entry of an address. */
    static long entry(Machine machine, Value.Range range, long address) {
        int mm = space(machine, range.process());
        return mm == 0 ? 0 : machine.kernel().pte(mm, address);
    }

    /** Whether an address is mapped in its process, or, of a bare address, in the first one. */
    static boolean mapped(Machine machine, Value where) {
        long address = switch (where) {
            case Value.Range range -> range.start();
            case Value.Number number -> number.value();
            default -> throw new IllegalStateException(where.text());
        };
        int mm = space(machine, where instanceof Value.Range range ? range.process() : "");
        return mm != 0 && machine.kernel().vmas().at(mm, address) != null;
    }

    /** The address space of a process; of the first one that there is where none is named; 0 if it is gone. */
    private static int space(Machine machine, String name) {
        Process process = name.isEmpty() ? machine.processes().stream().findFirst().orElse(null) : machine.process(name);
        int mm = process == null ? 0 : process.mm(machine.kernel());
        return mm != 0 && machine.kernel().alive(mm) ? mm : 0;
    }

    /** How many translations of a device's binds its IOMMU holds. */
    static long entries(Machine machine, String name) {
        Device device = machine.device(name);
        long count = 0;
        for (Binding binding : machine.drivers().of(device.number())) {
            count += device.iommu().iotlb().size(device.iommu().tag(device, binding.pasid()));
        }
        return count;
    }
}
