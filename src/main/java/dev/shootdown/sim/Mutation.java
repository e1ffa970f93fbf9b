package dev.shootdown.sim;

/**
 * What comes between a step and those that it takes: how these get onto the agenda of its actor, and how those that are
 * part of it are carried out. Where a machine has none, nothing comes between, at no cost.
 */
public interface Mutation {
    /**
     * What an actor has to do once a step was put before the rest.
     *
     * @param by the step that puts it there
     */
    Agenda put(Step step, Step by, Agenda rest);

    /**
     * Carries out a step as a part of another one; false where it was not ready.
     *
     * @param by the step that it is a part of
     */
    boolean perform(Step part, Step by, Turn turn);
}
