package dev.shootdown.driver;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.QueueIova;
import dev.shootdown.mm.Kernel;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a callback's actions into steps. What depends on the range alone is decided at once; what depends on
 * counters is decided when its turn comes.
 */
final class Plan {
    private final Turn turn;
    private final Called called;
    private final Drivers drivers;
    private final Binding binding;
    private final Iommu iommu;

    Plan(Turn turn, Called called) {
        this.turn = turn;
        this.called = called;
        this.drivers = turn.part(Drivers.class);
        this.binding = drivers.get(called.binding());
        this.iommu = turn.part(Iommus.class).get(binding.iommu());
    }

    /** Whether any of these is decided by a counter, so that the callback needs the binding's lock. */
    static boolean decides(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.If choice && (asksCounter(choice.condition()) || decides(choice.then()) || decides(choice.otherwise()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the callback takes the binding's lock itself. */
    static boolean locks(List<Action> actions) {
        return actions.stream().anyMatch(action -> action instanceof Action.Lock
                || action instanceof Action.If choice && (locks(choice.then()) || locks(choice.otherwise())));
    }

    private static boolean asksCounter(Term term) {
        return switch (term) {
            case Term.Number number -> false;
            case Term.Counter counter -> true;
            case Term.Of of -> of.property() == Term.Property.CHANGED;
            case Term.Compute compute -> asksCounter(compute.left()) || asksCounter(compute.right());
        };
    }

    List<Step> of(List<Action> actions) {
        List<Step> steps = new ArrayList<>();
        for (Action action : actions) {
            add(action, steps);
        }
        return steps;
    }

    private void add(Action action, List<Step> steps) {
        int pasid = binding.pasid();
        int device = binding.device();
        switch (action) {
            case Action.FlushIotlb flush -> steps.addAll(iommu.flushIotlb(device, pasid, start(flush.where()), end(flush.where())));
            case Action.FlushAtc flush -> steps.addAll(iommu.flushAtc(device, pasid, start(flush.where()), end(flush.where())));
            case Action.FlushPasid flush -> steps.addAll(flushPasid());
            case Action.Sync sync -> steps.addAll(iommu.sync());
            case Action.TableEmpty empty -> steps.addAll(iommu.setTable(device, pasid, iommu.emptyTable()));
            case Action.TableProcess process -> steps.addAll(iommu.setTable(device, pasid, drivers.table(binding, turn.part(Kernel.class))));
            case Action.Block block -> steps.addAll(iommu.block(pasid, start(block.where()), end(block.where())));
            case Action.Unblock unblock -> steps.addAll(iommu.unblock(pasid, start(unblock.where()), end(unblock.where())));
            case Action.Detach detach -> {
                steps.addAll(iommu.clearTable(device, pasid));
                steps.addAll(flushPasid());
            }
            case Action.Drain drain -> steps.add(new Drain(binding.number(), binding.iommu()));
            case Action.Defer defer -> steps.add(new QueueIova(iommu.number(), pasid, cpu(), start(defer.where()), end(defer.where())));
            case Action.Refuse refuse -> steps.add(new Refuse(called.blockable()));
            case Action.Lock lock -> steps.add(new BindingLock(binding.number()));
            case Action.Unlock unlock -> steps.add(new BindingUnlock(binding.number()));
            case Action.SetSeq set -> steps.add(new SetSeq(binding.number()));
            case Action.Zap zap -> steps.add(new Zap(binding.number(), start(zap.where()), end(zap.where())));
            case Action.ReadBegin begin -> steps.add(new ReadBegin(binding.number()));
            case Action.Lookup lookup -> steps.add(new Lookup(binding.number(), called.start()));
            case Action.Install install -> steps.add(new Install(binding.number(), called.start()));
            case Action.Retry retry -> steps.add(new Retry(binding.number(), called.start()));
            case Action.Count count -> steps.add(new Count(called, count.counter(), count.value()));
            case Action.If choice -> decide(choice, steps);
            case Action.Ask ask -> steps.add(new Ask(called, ask.function()));
        }
    }

    private void decide(Action.If choice, List<Step> steps) {
        if (asksCounter(choice.condition())) {
            steps.add(new Decide(called, choice));
        } else {
            boolean holds = choice.condition().value(called.moment(turn)) != 0;
            steps.addAll(of(holds ? choice.then() : choice.otherwise()));
        }
    }

    /** drivers/iommu/amd_iommu.c: __flush_pasid, 3.16-6.6: the IOMMU first, so that the device cannot take a stale translation from it. */
    private List<Step> flushPasid() {
        List<Step> steps = new ArrayList<>(iommu.flushIotlb(binding.device(), binding.pasid(), 0, Caches.EVERYTHING));
        steps.addAll(iommu.sync());
        if (turn.part(Iommus.class).endpoint(binding.device()).hasAts()) {
            steps.addAll(iommu.flushAtcAll(binding.device(), binding.pasid()));
            steps.addAll(iommu.sync());
        }
        return steps;
    }

    /** Whose flush queue takes what is put off. */
    private int cpu() {
        return turn.part(Kernel.class).cpuOf(turn.actor());
    }

    private long start(Action.Where where) {
        return switch (where) {
            case Action.Where.Callback callback -> called.start();
            case Action.Where.Between between -> between.start().value(called.moment(turn));
        };
    }

    private long end(Action.Where where) {
        return switch (where) {
            case Action.Where.Callback callback -> called.end();
            case Action.Where.Between between -> between.end().value(called.moment(turn));
        };
    }
}
