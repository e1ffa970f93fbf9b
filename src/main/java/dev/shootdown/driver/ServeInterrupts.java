package dev.shootdown.driver;

import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.List;

/** The loop of an IOMMU's fault worker: takes an interrupt, and reads the log that it is about. */
@Cites("drivers/iommu/amd_iommu.c: amd_iommu_int_thread, 3.16-6.6; amd/iommu.c: amd_iommu_int_thread_pprlog, 6.18")
public record ServeInterrupts(int iommu) implements DriverStep {
    @Override
    public boolean idle() {
        return true;
    }

    @Override
    public boolean ready(World world) {
        return world.part(Iommus.class).get(iommu).interrupts().pending();
    }

    @Override
    public void run(Drivers drivers, Turn turn) {
        turn.then(this);
        Interrupts.Cause cause = turn.part(Iommus.class).get(iommu).interrupts().take(turn);
        switch (cause) {
            case PAGE_REQUEST -> turn.then(new ServeRequests(iommu));
            case EVENT -> events(turn.part(Iommus.class).get(iommu), turn);
            case COMMAND_ERROR -> turn.then(turn.part(Iommus.class).get(iommu).recover());
            case COMPLETION -> turn.then(turn.part(Iommus.class).get(iommu).acknowledge());
        }
    }

    private void events(Iommu unit, Turn turn) {
        if (unit.asksByEvents()) {
            turn.then(new ServeRequests(iommu));
        } else {
            List<Step> lost = unit.eventLog().overflowed() ? unit.eventsLost() : List.of();
            unit.takeEvents();
            turn.then(lost);
        }
    }
}
