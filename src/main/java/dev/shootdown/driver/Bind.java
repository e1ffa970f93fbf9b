package dev.shootdown.driver;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.mm.Kernel;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.Contract;
import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * Binds a device to an address space: subscribes the driver, and gives the device the process's page table.
 * Fails as the kernel does: ESRCH if the process is gone, EBUSY if the PASID is taken, EINVAL if the version
 * refuses the driver's combination of call-backs.
 */
@Cites("drivers/iommu/amd_iommu_v2.c: amd_iommu_bind_pasid, 3.16-6.6; iommu-sva.c: iommu_sva_bind_device, 6.18")
public record Bind(int device, int iommu, int pasid, int mm, Driver driver) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        Kernel kernel = turn.part(Kernel.class);
        if (!kernel.alive(mm)) {
            turn.fail(Errno.ESRCH, "the process has exited");
        } else if (drivers.find(device, pasid) != null) {
            turn.fail(Errno.EBUSY, "the device has this PASID bound already");
        } else if (refuses(turn.part(Notifier.class).contract())) {
            turn.fail(Errno.EINVAL, "this version refuses the range call-back beside start or end");
        } else {
            Binding binding = new Binding(drivers.freeNumber(), device, iommu, pasid, mm, driver);
            drivers.add(binding);
            turn.then(new Subscribe(binding.number()));
        }
    }

    /** mm/mmu_notifier.c: __mmu_notifier_register, 6.10 and later. */
    private boolean refuses(Contract contract) {
        boolean brackets = driver.has(CallbackName.START) || driver.has(CallbackName.END);
        return contract.rangeStandsAlone() && driver.has(CallbackName.RANGE) && brackets;
    }

    @Cites("mm/mmu_notifier.c: mmu_notifier_register, 3.16-6.18")
    record Subscribe(int binding) implements DriverStep {
        @Override
        public void run(Drivers drivers, Turn turn) {
            Binding bound = drivers.get(binding);
            if (bound.driver().hasOwnTable() && !drivers.tables().make(binding)) {
                drivers.remove(bound);
                turn.fail(Errno.ENOMEM, "there is no memory for a page table");
                return;
            }
            turn.part(Notifier.class).subscribe(bound.mm(), new Bound(binding, bound.driver()));
            turn.result(0);
            turn.then(turn.part(Iommus.class).get(bound.iommu()).setTable(bound.device(), bound.pasid(), drivers.table(bound, turn.part(Kernel.class))));
        }
    }
}
