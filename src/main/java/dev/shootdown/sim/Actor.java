package dev.shootdown.sim;

/**
 * Somebody who takes steps: a thread, a device, an IOMMU, a fault worker, a CPU's interrupts, the kernel.
 * Nobody but itself changes its agenda while it runs; who gives it work does so between two steps.
 */
public final class Actor {
    private final int number;
    private final String name;
    private final Ref<Agenda> agenda;
    private final Cell result;
    private final Ref<String> remark;

    Actor(World world, int number, String name) {
        this.number = number;
        this.name = name;
        this.agenda = world.ref(name + ".agenda");
        this.result = world.cell(name + ".result");
        this.remark = world.ref(name + ".remark");
    }

    /** Its place among the machine's actors, from 0. */
    public int number() {
        return number;
    }

    public String name() {
        return name;
    }

    /** What it has still to do; null if nothing. */
    public Agenda agenda() {
        return agenda.get();
    }

    /** To observe what it does where it stands now. */
    Observation known() {
        Observation observation = new Observation();
        observation.know(agenda);
        return observation;
    }

    /** The {@link Variable#id} of what it has still to do. */
    public long agendaId() {
        return agenda.base;
    }

    Agenda peek() {
        return agenda.peek();
    }

    void agenda(Agenda next) {
        agenda.set(next);
    }

    /** What the last step that had something to say left for the next ones: a call's result, a fault's outcome. */
    public long result() {
        return result.get();
    }

    void result(long value) {
        result.set(value);
    }

    /** The sentence that goes with the result: the rule that a failed call broke, what a read found; or null. */
    public String remark() {
        return remark.get();
    }

    void remark(String text) {
        remark.set(text);
    }
}
