package dev.shootdown.check;

import dev.shootdown.device.Device;
import dev.shootdown.driver.Binding;
import dev.shootdown.machine.Machine;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.mm.Kernel;

/** The address spaces of a machine. */
record MachineSpaces(Machine machine) implements Spaces {
    @Override
    public int of(String process) {
        return machine.kernel().mm(process);
    }

    @Override
    public int behind(String device, int pasid) {
        Device found = machine.device(device);
        Binding binding = found == null ? null : machine.drivers().find(found.number(), pasid);
        return binding == null ? 0 : binding.mm();
    }

    @Override
    public boolean alive(int mm) {
        return machine.kernel().alive(mm);
    }

    @Override
    public long entry(int mm, long address) {
        Kernel kernel = machine.kernel();
        long table = mm == 0 ? 0 : kernel.root(mm);
        for (int level = kernel.levels(); table != 0; level--) {
            long entry = kernel.tables().entry(table, address, level);
            if (level == 1) {
                return entry;
            }
            if (Entry.huge(entry) && Entry.mapped(entry)) {
                long within = (address & Entry.span(level) - 1) >>> Frames.PAGE_SHIFT;
                return entry + (within << Frames.PAGE_SHIFT);
            }
            table = Entry.present(entry) ? Entry.frame(entry) : 0;
        }
        return 0;
    }
}
