package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Linux's fault service answers to devices that ask for execution or privilege: the mapping decides, or the driver refuses. */
class ExecuteTest {
    private static final String SCRIPT = """
            iommu u0 { vendor=%s }
            device gpu behind u0 { ats pri }
            process app {}
            bind gpu to app
            let page = app.main: mmap 4K %s
            gpu: dma read page %s
            """;

    /** iommu_sva_handle_mm looks for VM_EXEC; prq_event_thread takes neither; a RISC-V process context has no ENS. */
    @ParameterizedTest
    @CsvSource({"amd, rx, execute, execute done", "amd, rw, execute, execute aborted", "amd, rw, privileged, read done",
        "amd, rx, execute privileged, execute done", "riscv, rx, execute, execute done", "riscv, rw, execute, execute aborted",
        "riscv, rx, privileged, Fault 260 devid: 0x8", "intel, rx, execute, Execution request not supported",
        "intel, rx, privileged, Page request in Privilege Mode"})
    void whatItIsAnswered(String vendor, String mapping, String asks, String said) {
        Ran ran = Ran.call(new byte[0], Main::open, "-e", SCRIPT.formatted(vendor, mapping, asks));
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains(said);
    }
}
