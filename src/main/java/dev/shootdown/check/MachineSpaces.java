package dev.shootdown.check;

import dev.shootdown.device.Device;
import dev.shootdown.driver.Binding;
import dev.shootdown.iommu.DmaDomain;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.machine.Machine;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.mm.Kernel;

/** The address spaces of a machine. */
record MachineSpaces(Machine machine) implements Spaces {
    @Override
    public int of(String process) {
        int mm = machine.kernel().mm(process);
        Iommu iommu = mm == 0 ? machine.iommu(process) : null;
        return iommu == null ? mm : domain(iommu);
    }

    @Override
    public int behind(String device, int pasid) {
        Device found = machine.device(device);
        Binding binding = found == null ? null : machine.drivers().find(found.number(), pasid);
        boolean plain = found != null && pasid == DmaDomain.PASID;
        return binding != null ? binding.mm() : plain ? domain(found.iommu()) : 0;
    }

    /** What the DMA API maps is an address space of the IOMMU's own, and no process's. */
    private static int domain(Iommu iommu) {
        return -1 - iommu.number();
    }

    @Override
    public boolean alive(int mm) {
        return machine.kernel().alive(mm);
    }

    @Override
    public boolean inSwapCache(long frame) {
        return machine.kernel().inSwapCache(frame);
    }

    @Override
    public long entry(int mm, long address) {
        if (mm < 0) {
            return machine.iommus().get(-1 - mm).domain().entry(address);
        }
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
