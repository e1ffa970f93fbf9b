package dev.shootdown.device;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A device is reset: its PRI runs again, its request is forgotten, its ATC is empty. */
@Cites("PCIe PRI 10.5.2.2: Reset, Enable; drivers/pci/ats.c: pci_reset_pri, pci_enable_pri")
public record Reset(int device) implements DeviceStep {
    @Override
    public void run(Channel channel, Turn turn) {
        channel.device().reset();
        turn.result(0);
    }
}
