package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver with a page table of its own, on every kernel and behind every IOMMU; and what a refusal leads to. */
class MirrorTest {
    private final Audience audience = new Audience();

    private static String machine(String kernel, String vendor, String driver) {
        return "machine { kernel=\"" + kernel + "\" swap=1M }\niommu u { vendor=" + vendor + " }\ndevice gpu behind u { ats pri }\n"
                + "process app { threads=[main] }\n" + driver + "\nlet buf = app.main: mmap 16K rw\n";
    }

    private void holds(String script) {
        assertThat(new Session(audience).execute("mirror.mmu", script)).as(() -> audience.diagnostics.toString()).isEqualTo(Status.HELD);
    }

    private static final String EACH = """
            gpu: dma write buf[0 +4K] value=0x61
            expect buf.resident == 1
            app.main: read buf[0 +1]
            gpu: dma read buf[4K +4K]
            app.main: write buf[4K +4K] 0x62
            gpu: dma read buf[4K +4K]
            app.main: mprotect buf r
            gpu: dma write buf[0 +4K] value=0x63
            app.main: mprotect buf rw
            kernel: reclaim buf
            gpu: dma write buf[0 +4K] value=0x64
            app.main: fork child
            gpu: dma write buf[0 +4K] value=0x65
            child.main: read buf[0 +1]
            app.main: read buf[0 +1]
            app.main: munmap buf[0 +4K]
            gpu: dma write buf[0 +4K] value=0x66
            expect gpu.state == "running"
            """;

    /** What the device writes the process reads, whatever became of the page meanwhile; what it may not is aborted. */
    @ParameterizedTest
    @CsvSource({"3.16, amd", "3.19, amd", "4.15, amd", "6.1, amd", "6.6, amd", "6.18, amd", "6.6, intel", "6.6, riscv", "6.6, arm", "4.15, intel"})
    void theDeviceSeesWhatTheProcessHas(String kernel, String vendor) {
        holds(machine(kernel, vendor, "bind gpu to app pasid=1 driver=mirror") + EACH);
        assertThat(audience.moments).filteredOn(moment -> moment.event() instanceof Event.Dma dma && dma.outcome().equals("aborted")).hasSize(2);
        assertThat(audience.moments).filteredOn(moment -> moment.event() instanceof Event.Return done && done.op().equals("read"))
                .extracting(moment -> ((Event.Return) moment.event()).result()).containsExactly("a", "d", "e");
    }

    /** Two processes, each with its table; one goes, and the other's stays. */
    @Test
    void eachBindHasItsOwnTable() {
        holds(machine("6.6", "amd", "bind gpu to app pasid=1 driver=mirror") + """
                process other
                device nic behind u { ats pri }
                bind nic to other pasid=2 driver=mirror
                let mine = other.main: mmap 4K rw
                gpu: dma write buf value=1
                nic: dma write mine value=2
                unbind gpu from app
                nic: dma write mine value=3
                expect nic.requests == 1
                """);
    }

    /** mmu_notifier_unregister waits for callbacks that are under way. On 3.16 there is another one behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"3.16 empty_table", "3.16 mirror", "6.6 mirror", "6.6 sva", "6.18 mirror"})
    void unbindingWaitsForCallbacks(String which) {
        String[] words = which.split(" ");
        holds(machine(words[0], "amd", "bind gpu to app pasid=1 driver=" + words[1]) + """
                gpu: dma write buf value=1
                break callback
                app.main: munmap buf
                unbind gpu from app
                continue
                """ + (words[0].equals("3.16") ? "continue\n" : "") + "expect app.rss == 0");
    }

    /** The OOM reaper leaves what an interval subscription refuses, and takes it when nobody does. */
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.6", "6.18"})
    void whatMayNotBlockIsRefused(String kernel) {
        holds(machine(kernel, "amd", "bind gpu to app pasid=1 driver=mirror") + """
                gpu: dma write buf value=1
                expect EAGAIN kernel: oom_reap app
                expect buf.resident == 4
                gpu: dma write buf value=2
                unbind gpu from app
                kernel: oom_reap app
                expect buf.resident == 0
                """);
    }

    /** A refusal where the call may block is none. */
    @Test
    void whoRefusesWhereTheCallMayBlockIsTakenForDone() {
        holds(machine("6.6", "amd", "driver rude { on start(r) { refuse } }\nbind gpu to app pasid=1 driver=rude")
                + "app.main: touch buf write\napp.main: munmap buf\nexpect app.rss == 0");
    }

    @Test
    void aFaultThatIsLookedAtAndNotInstalledWorksOnTheProcesssTable() {
        holds(machine("6.6", "amd", "driver looker { on fault(r) { lookup }\n on range(r) { flush pasid } }\nbind gpu to app pasid=1 driver=looker")
                + "gpu: dma write buf[0 +4K] value=7\napp.main: munmap buf\ngpu: dma write buf[0 +4K] value=7\nexpect gpu.state == \"running\"");
    }
}
