package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.sim.World;
import java.util.List;

/** The contexts of devices and of their processes: what a driver writes into them, and what they say to the hardware. */
final class Contexts {
    /** The tag of the one virtual machine that there is, where translations are nested. */
    static final int GSCID = 1;

    private final DeviceDirectory devices;
    private final ProcessDirectory processes;
    private final int mode;
    private final SecondStage second;

    Contexts(World world, String iommu, Iommus iommus, Capabilities capabilities, SecondStage second) {
        this.devices = new DeviceDirectory(world, iommu, iommus.frames(), capabilities);
        this.processes = new ProcessDirectory(world, iommu, iommus.frames(), second);
        this.mode = iommus.levels() > 4 ? ProcessContext.SV57 : ProcessContext.SV48;
        this.second = second;
    }

    DeviceDirectory devices() {
        return devices;
    }

    ProcessDirectory processes() {
        return processes;
    }

    /** A driver makes a device known, with no processes yet. */
    void attach(Endpoint endpoint) {
        DeviceContext alone = DeviceContext.of(endpoint.hasAts(), endpoint.pri(), processes.attach(endpoint));
        devices.write(endpoint, second == null ? alone : alone.nested(GSCID, second.root()));
    }

    /** A driver gives a process's PASID its top table, 0 for none; its PSCID is the PASID. */
    void write(Endpoint endpoint, int pasid, long root) {
        ProcessContext none = new ProcessContext(false, false, false, 0, 0, 0);
        processes.write(endpoint, pasid, root == 0 ? none : new ProcessContext(true, false, false, pasid, mode, root));
    }

    /**
     * The specification's process to translate an IOVA, up to the first stage: the top table's frame, or negative the
     * cause for which there is none; or that the first stage translates nothing (Bare).
     *
     * @param born the generation that the top table's frame had when a driver wrote it
     */
    long root(Endpoint endpoint, int pasid, long born) {
        long known = devices.leadsToProcesses(endpoint, pasid) ? processes.root(endpoint, pasid) : 0;
        return known > 0 ? known : find(endpoint, pasid, born);
    }

    private long find(Endpoint endpoint, int pasid, long born) {
        if (devices.mode() == Capabilities.BARE && !endpoint.ats()) {
            return RiscvIommu.IDENTITY;
        }
        Cause cause = devices.locate(endpoint);
        if (cause != null) {
            return -cause.code();
        }
        DeviceContext device = devices.context(endpoint);
        if ((endpoint.ats() && !device.ats()) || !device.process() && pasid != 0) {
            return -Cause.TRANSACTION_TYPE_DISALLOWED.code();
        }
        if (device.mode() == DeviceContext.BARE || !device.process()) {
            return firstStage(device.mode(), device.root());
        }
        cause = processes.locate(endpoint, device, pasid, born);
        if (cause != null) {
            return -cause.code();
        }
        ProcessContext process = processes.context(endpoint, pasid);
        return firstStage(process.mode(), process.root());
    }

    private static long firstStage(int mode, long root) {
        return mode == ProcessContext.BARE ? RiscvIommu.IDENTITY : root;
    }

    /** The guest-physical address of the entry of a process directory that the second stage does not let be read. */
    long unreadable(Endpoint endpoint, int pasid) {
        return processes.unreadable(devices.context(endpoint), pasid);
    }

    /** Why a device may not send translated addresses, nor ask for them; or null. */
    Cause withoutAts(Endpoint endpoint) {
        Cause cause = devices.locate(endpoint);
        return cause != null || devices.context(endpoint).ats() ? cause : Cause.TRANSACTION_TYPE_DISALLOWED;
    }

    /** Why a device may not send page requests, or null. */
    Cause withoutRequests(Endpoint endpoint) {
        Cause cause = withoutAts(endpoint);
        return cause != null || devices.context(endpoint).requests() ? cause : Cause.TRANSACTION_TYPE_DISALLOWED;
    }

    /** Hardware forgets the copies of a device's context, or of all, with those of their processes. */
    void forget(RiscvCommand.IodirInvalDdt command, List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            if (!command.dv() || Iommus.requester(endpoint.number()) == command.did()) {
                devices.drop(endpoint);
                processes.drop(endpoint);
            }
        }
    }

    /** Hardware forgets the copy of one process's context. */
    void forget(RiscvCommand.IodirInvalPdt command, List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            if (Iommus.requester(endpoint.number()) == command.did()) {
                processes.drop(endpoint, command.pid());
            }
        }
    }
}
