package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A driver that is right behind one vendor's IOMMU is right behind another's, and one that is wrong is wrong. */
class VendorsTest {
    /** The conditions of each scenario with their verdicts; how many ends there are is the vendor's own business. */
    private static List<String> verdicts(String vendor, String script) {
        Ran ran = Ran.call(new byte[0], Main::open, "explore", "--quiet", "--vendor", vendor, "scripts/seed/" + script);
        assertThat(ran.status()).as(ran.err()).isZero();
        return ran.out().lines().filter(line -> !line.contains("replay ")).map(line -> line.replace(" vendor=" + vendor, "")
                .replaceAll(": \\d+ ends", "").replaceAll("Sometimes \\d+ of \\d+", "Sometimes")).toList();
    }

    @ParameterizedTest
    @CsvSource({"riscv, range.mmu, 17", "riscv, modern.mmu, 17", "riscv, page-table.mmu, 4"})
    void aScriptHasTheSameVerdicts(String vendor, String script, int lines) {
        assertThat(verdicts(vendor, script)).hasSize(lines).isEqualTo(verdicts("amd", script));
    }
}
