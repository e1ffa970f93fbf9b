package dev.shootdown.driver;

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

    private static boolean asksCounter(Term term) {
        return switch (term) {
            case Term.Number number -> false;
            case Term.Counter counter -> true;
            case Term.Of of -> false;
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
            case Action.FlushIotlb flush -> steps.addAll(iommu.flushIotlb(pasid, start(flush.where()), end(flush.where())));
            case Action.FlushAtc flush -> steps.addAll(iommu.flushAtc(device, pasid, start(flush.where()), end(flush.where())));
            case Action.FlushPasid flush -> steps.addAll(flushPasid());
            case Action.Sync sync -> steps.addAll(iommu.sync());
            case Action.TableEmpty empty -> steps.addAll(iommu.setTable(device, pasid, iommu.emptyTable()));
            case Action.TableProcess process -> steps.addAll(iommu.setTable(device, pasid, turn.part(Kernel.class).root(binding.mm())));
            case Action.Block block -> steps.addAll(iommu.block(pasid, start(block.where()), end(block.where())));
            case Action.Unblock unblock -> steps.addAll(iommu.unblock(pasid, start(unblock.where()), end(unblock.where())));
            case Action.Detach detach -> {
                steps.addAll(iommu.clearTable(device, pasid));
                steps.addAll(flushPasid());
            }
            case Action.Drain drain -> steps.add(new Drain(binding.number(), binding.iommu()));
            case Action.Defer defer -> steps.add(new QueueIova(iommu.number(), pasid, cpu(), start(defer.where()), end(defer.where())));
            case Action.Refuse refuse -> steps.add(new Refuse());
            case Action.Retry retry -> throw notCarriedOut("retry");
            case Action.Count count -> steps.add(new Count(called, count.counter(), count.value()));
            case Action.If choice -> decide(choice, steps);
            case Action.Ask ask -> steps.add(new Ask(called, ask.function()));
        }
    }

    /** The language refuses a driver with such an action before it is bound. */
    private static IllegalStateException notCarriedOut(String action) {
        return new IllegalStateException("the action " + action + " is not carried out");
    }

    private void decide(Action.If choice, List<Step> steps) {
        if (asksCounter(choice.condition())) {
            steps.add(new Decide(called, choice));
        } else {
            boolean holds = choice.condition().value(called.moment(drivers)) != 0;
            steps.addAll(of(holds ? choice.then() : choice.otherwise()));
        }
    }

    /** drivers/iommu/amd_iommu.c: __flush_pasid, 3.16-6.6: the IOMMU first, so that the device cannot take a stale translation from it. */
    private List<Step> flushPasid() {
        List<Step> steps = new ArrayList<>(iommu.flushPasid(binding.pasid()));
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
            case Action.Where.Between between -> between.start().value(called.moment(drivers));
        };
    }

    private long end(Action.Where where) {
        return switch (where) {
            case Action.Where.Callback callback -> called.end();
            case Action.Where.Between between -> between.end().value(called.moment(drivers));
        };
    }
}
