package dev.shootdown.driver;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.HandleMmFault;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.MmapLock;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/** Takes page requests from the log, one after the other, until it is empty, and serves each. */
@Cites("drivers/iommu/amd_iommu.c: iommu_poll_ppr_log, amd_iommu_v2.c: ppr_notifier, 3.16-6.6; amd/ppr.c: amd_iommu_poll_ppr_log, 6.18")
record ServeRequests(int iommu) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        Iommu unit = turn.part(Iommus.class).get(iommu);
        PageRequest request = unit.takeRequest();
        if (request == null) {
            return;
        }
        if (unit.hasRequest()) {
            turn.then(this);
        } else {
            unit.emptied(turn);
        }
        if (request.stops() && unit.dropsStopMarkers()) {
            return;
        }
        List<Step> unfit = unit.unfit(request);
        if (!unfit.isEmpty()) {
            turn.then(unfit);
            return;
        }
        Binding binding = request.device() < 0 ? null : drivers.find(request.device(), request.pasid());
        if (binding != null) {
            drivers.serving(binding.number(), 1);
            turn.then(new Serve(binding.number(), request));
        } else if (request.device() >= 0) {
            turn.then(unit.respond(request.device(), request.pasid(), request.group(), PageRequest.INVALID));
        }
    }

    /** Looks whether the address space still lives, and takes its lock. */
    @Cites("drivers/iommu/amd_iommu_v2.c: do_fault, 3.16-6.6; iommu-sva.c: iommu_sva_handle_mm (mmget_not_zero, mmap_read_lock), 6.18")
    record Serve(int binding, PageRequest request) implements DriverStep {
        @Override
        public void run(Drivers drivers, Turn turn) {
            int mm = drivers.get(binding).mm();
            Answer answer = new Answer(binding, request);
            if (!turn.part(Kernel.class).alive(mm)) {
                turn.result(-1);
                turn.then(answer);
                return;
            }
            int access = request.access() == PageRequest.STOP ? Translation.READ : request.permissions();
            if (drivers.get(binding).driver().has(CallbackName.FAULT)) {
                turn.then(new ServeFault(binding, request.addr() & -Frames.PAGE_SIZE, access), answer);
                return;
            }
            turn.then(new MmapLock.Read(mm), new HandleMmFault(mm, request.addr(), access, true), new MmapLock.ReadUnlock(mm), answer);
        }
    }

    /** Answers a group behind its last request, with the worst that came of any. */
    @Cites("drivers/iommu/amd_iommu_v2.c: finish_pri_tag, 3.16-6.6; io-pgfault.c: iopf_group_response, 6.18")
    record Answer(int binding, PageRequest request) implements DriverStep {
        @Override
        public void run(Drivers drivers, Turn turn) {
            if (Outcome.failed(turn.takeResult())) {
                drivers.failed(binding, request.group(), true);
            }
            turn.takeRemark();
            drivers.serving(binding, -1);
            if (request.last()) {
                int code = drivers.failed(binding, request.group()) ? PageRequest.INVALID : PageRequest.SUCCESS;
                drivers.failed(binding, request.group(), false);
                turn.then(respond(turn, code));
            }
        }

        private List<Step> respond(Turn turn, int code) {
            Binding bound = turn.part(Drivers.class).get(binding);
            Iommu iommu = turn.part(Iommus.class).get(bound.iommu());
            return iommu.respond(request.device(), request.pasid(), request.group(), code);
        }
    }
}
