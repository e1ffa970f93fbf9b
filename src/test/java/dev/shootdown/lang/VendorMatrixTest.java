package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.machine.Vendor;
import dev.shootdown.trace.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code explore --vendor}: the same script behind the hardware of each vendor. */
class VendorMatrixTest {
    private final Audience audience = new Audience();

    private Map<String, List<String>> explore(Path script, Status expected) throws IOException {
        Exploration request = new Exploration(null, null, null, null, null, null, null, null, List.of(), List.of(), Vendor.words(), false, false, false, null);
        assertThat(new Session(audience).explore(script.toString(), Files.readString(script), request)).isEqualTo(expected);
        return audience.verdicts().stream().collect(Collectors.groupingBy(verdict -> vendor(verdict.scenario()),
                Collectors.mapping(VendorMatrixTest::told, Collectors.toList())));
    }

    private static String vendor(String scenario) {
        return scenario.substring(scenario.indexOf("vendor=") + "vendor=".length());
    }

    /** A verdict without how often, which is a matter of the hardware's own steps. */
    private static String told(Event.Verdict verdict) {
        String scenario = verdict.scenario().substring(0, verdict.scenario().indexOf(' '));
        return scenario + ": " + verdict.condition() + " " + verdict.verdict().split(" ")[0] + " " + verdict.holds() + " " + verdict.complete();
    }

    @Test
    void theAnswerOf319HoldsBehindEveryVendor() throws IOException {
        Map<String, List<String>> verdicts = explore(Path.of("scripts/seed/range.mmu"), Status.HELD);
        assertThat(verdicts).containsOnlyKeys(Vendor.words());
        assertThat(verdicts.values()).allSatisfy(one -> assertThat(one).hasSize(12).isEqualTo(verdicts.get("amd")));
    }

    @Test
    void flushingTooEarlyIsWrongBehindEveryVendor() throws IOException {
        Map<String, List<String>> verdicts = explore(Path.of("scripts/seed/too-early.mmu"), Status.HELD);
        assertThat(verdicts.values()).hasSize(Vendor.values().length)
                .allSatisfy(one -> assertThat(one).containsExactly("too_early: exists use_after_free Sometimes true true"));
    }
}
