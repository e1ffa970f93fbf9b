package dev.shootdown.iommu.riscv;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * A command that was fetched and has fallen behind the ones that were fetched after it. One at a time: so any command
 * may be overtaken by any number of others up to the next fence, which reaches every order of any two of them.
 */
final class HeldCommand {
    private static final int GROUP = 1;

    private final Cells words;

    HeldCommand(World world, String iommu) {
        this.words = world.cells(iommu + ".held_command", Role.STATE, GROUP);
    }

    boolean busy() {
        return words.get(0) != 0;
    }

    void put(RiscvCommand command) {
        words.set(0, command.low());
        words.set(1, command.high());
    }

    RiscvCommand take(Capabilities capabilities) {
        RiscvCommand command = RiscvCommand.decode(words.get(0), words.get(1), capabilities);
        words.set(0, 0);
        words.set(1, 0);
        return command;
    }
}
