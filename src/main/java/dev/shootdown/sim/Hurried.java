package dev.shootdown.sim;

/** A step that does not wait until it is ready. */
record Hurried(Step step) implements Step {
    @Override
    public int choices(World world) {
        return step.choices(world);
    }

    @Override
    public void run(Turn turn) {
        step.run(turn);
    }

    @Override
    public String name() {
        return step.name();
    }
}
