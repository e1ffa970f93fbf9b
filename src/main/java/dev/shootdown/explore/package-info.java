/**
 * Floor 9: all interleavings: search, bounds, verdicts, witnesses. Knows sim, trace, machine, check.
 *
 * <p>An {@link dev.shootdown.explore.Explorer} searches what the debugger steps: the same steps over the same
 * cells. It puts a machine forward and back by the World's journal, knows positions by their 64-bit fingerprint,
 * and what it finds is a list of choices that anybody may replay.
 */
package dev.shootdown.explore;
