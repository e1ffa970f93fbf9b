package dev.shootdown.device;

import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.amd.AmdCommand;
import dev.shootdown.iommu.amd.AmdEvent;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Command rings and event logs at their limits. */
class RingsTest {
    private record Take() implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(dev.shootdown.iommu.Iommus.class).get(0).interrupts().take(turn);
        }
    }

    @Test
    void aFullCommandRingMakesTheDriverWait() {
        Rig rig = new Rig(Rig.ATS, IommuOptions.DEFAULT.commands(8));
        List<Step> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.addAll(rig.amd0.flushIotlb(PASID, BUFFER + i * PAGE, BUFFER + (i + 1) * PAGE));
        }
        many.addAll(rig.amd0.sync());
        rig.assign(rig.app, many);
        rig.exhaust(rig.app);
        assertThat(rig.amd0.commands().size()).as("three slots stay free").isEqualTo(5);
        rig.step(rig.amd0.hardware());
        rig.exhaust(rig.app);
        assertThat(rig.amd0.commandCount().get()).isEqualTo(6);
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.amd0.commandCount().get()).isEqualTo(21);
        assertThat(rig.all(Event.IotlbInvalidate.class)).extracting(Event.IotlbInvalidate::start)
                .startsWith(BUFFER, BUFFER + PAGE).hasSize(20);
    }

    @Test
    void anIllegalCommandIsLoggedAndStopsTheQueue() {
        Rig rig = new Rig(Rig.ATS);
        rig.run(rig.app, rig.amd0.flushPasid(PASID));
        rig.assign(rig.app, rig.amd0.command(new AmdCommand.Illegal(0xb000_0000_0000_0000L, 1)));
        rig.assign(rig.app, rig.amd0.sync());
        rig.run();
        long address = rig.amd0.commands().base() + 16;
        assertThat(rig.amd0.stopped()).isTrue();
        assertThat(rig.amd0.commands().headAddress()).isEqualTo(address);
        assertThat(rig.all(Event.IoPageFault.class).getFirst().log().lines()).containsExactly(
                "AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR address=0x" + Long.toHexString(address) + "]",
                "AMD-Vi: CMD[0]: 00000000", "AMD-Vi: CMD[1]: b0000000", "AMD-Vi: CMD[2]: 00000001", "AMD-Vi: CMD[3]: 00000000");
        assertThat(AmdEvent.decode(rig.amd0.events().word(0, 0), rig.amd0.events().word(0, 1)).code()).isEqualTo(5);
        assertThat(rig.all(Event.Completion.class)).isEmpty();
        assertThat(rig.last(Event.IoPageFault.class).log()).as("who waits gives up").isEqualTo("AMD-Vi: Completion-Wait loop timed out");
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.amd0.interrupts().pending()).isTrue();
    }

    /** A ring that nobody empties any more: a driver that finds it full loses its command, and says so. */
    @Test
    void aFullRingThatHasStoppedTakesNoCommand() {
        Rig rig = new Rig(Rig.ATS, IommuOptions.DEFAULT.commands(4));
        rig.run(rig.app, rig.amd0.command(new AmdCommand.Illegal(0, 1)));
        rig.run(rig.app, rig.amd0.flushPasid(PASID));
        assertThat(rig.last(Event.IoPageFault.class).log()).isEqualTo("AMD-Vi: Command buffer timeout");
        rig.run(rig.app, rig.amd0.sync());
        assertThat(rig.all(Event.IoPageFault.class)).hasSize(3);
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.amd0.commands().size()).isEqualTo(1);
    }

    @Test
    void aFullEventLogLosesEventsUntilItIsRead() {
        Rig rig = new Rig(DeviceOptions.DEFAULT, IommuOptions.DEFAULT.events(4));
        for (int i = 0; i < 5; i++) {
            rig.run(rig.gpu.actor(), rig.write(BUFFER + i * PAGE));
        }
        assertThat(rig.amd0.events().size()).isEqualTo(3);
        assertThat(rig.amd0.eventLog().overflowed()).isTrue();
        assertThat(rig.all(Event.Dma.class)).as("no access waits for the log").hasSize(5);
        rig.run(rig.app, new Take());
        assertThat(rig.last(Event.Interrupt.class).cause()).isEqualTo("event");
        assertThat(rig.amd0.takeEvents()).isEqualTo(3);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.amd0.events().size()).isEqualTo(1);
    }

    @Test
    void aCompletionWaitMayInterrupt() {
        Rig rig = new Rig(Rig.ATS);
        rig.run(rig.app, rig.amd0.command(new AmdCommand.CompletionWait(false, true, false, 0, 0)));
        assertThat(rig.amd0.interrupts().pending()).isTrue();
        rig.run(rig.app, new Take());
        assertThat(rig.last(Event.Interrupt.class).cause()).isEqualTo(Interrupts.Cause.COMPLETION.word());
        assertThat(rig.amd0.interrupts().pending()).isFalse();
    }

    @Test
    void aDeviceThatNeverCompletesIsGivenUpAndLogged() {
        Rig rig = new Rig(Rig.ATS.silent(true));
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.run(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.gpu.atc().size(PASID)).as("it obeys nothing").isEqualTo(1);
        long command = rig.amd0.commands().base() + 2 * 16;
        assertThat(rig.last(Event.IoPageFault.class).log())
                .isEqualTo("AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0000:00:01.0 address=0x" + Long.toHexString(command) + "]");
    }
}
