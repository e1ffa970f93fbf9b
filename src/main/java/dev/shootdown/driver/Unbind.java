package dev.shootdown.driver;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.vocabulary.Errno;
import java.util.List;

/** Undoes a bind: the table goes, what is cached of it, the page requests that are under way, the subscription. */
@Cites("drivers/iommu/amd_iommu_v2.c: amd_iommu_unbind_pasid, 3.16-6.6; iommu-sva.c: iommu_sva_unbind_device, 6.18")
public record Unbind(int device, int mm) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        Binding binding = drivers.all().stream()
                .filter(bound -> bound.device() == device && bound.mm() == mm)
                .findFirst()
                .orElse(null);
        if (binding == null) {
            turn.fail(Errno.EINVAL, "the device is not bound to this process");
            return;
        }
        Called called = new Called(binding.number(), CallbackName.RELEASE, 0, -1L, true);
        turn.then(new Unsubscribe(binding.number()));
        turn.then(new Plan(turn, called).of(List.of(new Action.Detach(), new Action.Drain())));
    }

    @Cites("mm/mmu_notifier.c: mmu_notifier_unregister (synchronize_srcu), 3.16-6.18; mmu_interval_notifier_remove, 5.5-6.18")
    record Unsubscribe(int binding) implements DriverStep {
        /**
         * mmu_interval_notifier_remove() waits for the end of what is being invalidated, synchronize_srcu() for callbacks that
         * are under way. Nothing is bound or unbound in a race: what others have still to do may be looked at.
         */
        @Override
        public boolean ready(World world) {
            Binding bound = world.part(Drivers.class).get(binding);
            boolean invalidating = bound.driver().has(CallbackName.INVALIDATE) && world.part(Notifier.class).sequence().invalidating(bound.mm());
            return !invalidating && world.part(Iommus.class).engine().actors().stream().noneMatch(Unsubscribe::inCallback);
        }

        private static boolean inCallback(Actor actor) {
            for (Agenda at = actor.agenda(); at != null; at = at.tail()) {
                if (at.head() instanceof DriverStep step && !(step instanceof Unsubscribe) && !step.idle()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void run(Drivers drivers, Turn turn) {
            Binding bound = drivers.get(binding);
            turn.part(Notifier.class).unsubscribe(bound.mm(), new Bound(binding, bound.driver()));
            drivers.remove(bound);
            turn.result(0);
        }
    }
}
