package dev.shootdown.lang.word;

import dev.shootdown.machine.Machine;

/** The machine itself, as a part of its World: for steps that are about processes by name. */
public record ThisMachine(Machine machine) {}
