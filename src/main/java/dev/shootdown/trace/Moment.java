package dev.shootdown.trace;

/**
 * An event with its place in the run.
 *
 * @param step  how many steps had been taken when it came, counted from 1
 * @param actor who took the step: {@code app.main}, {@code gpu}, {@code amd0}, {@code amd0.faults}, {@code kernel}
 * @param event what happened
 */
public record Moment(long step, String actor, Event event) {}
