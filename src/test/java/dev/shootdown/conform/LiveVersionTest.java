package dev.shootdown.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.mm.KernelVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveVersionTest {
    @ParameterizedTest
    @CsvSource({"6.18.44-fc #1 SMP, V6_18", "6.12.0, V6_18", "7.1-rc2, V6_18", "6.6.9-generic, V6_6", "6.1.20, V6_1", "4.15.18, V4_15", "3.19.0, V3_19", "3.16.0, V3_16"})
    void aKernelCountsAsTheModelledOneWhoseFactsHold(String release, KernelVersion modelled) {
        assertThat(LiveVersion.of("Linux version " + release + " (builder@host) (gcc)\n").modelled()).isEqualTo(modelled);
    }

    @ParameterizedTest
    @CsvSource({"6.8.0", "5.15.85", "6.11.0", "4.4.0"})
    void thoseBetweenDoNot(String release) {
        assertThat(LiveVersion.of("Linux version " + release + " (builder@host) (gcc)\n")).isNull();
    }

    @Test
    void whatIsNoLinuxDoesNot() {
        assertThat(LiveVersion.of("FreeBSD 15.0")).isNull();
        assertThat(LiveVersion.of("")).isNull();
    }

    @Test
    void newerWordsAreLeftOutOnOlderOnes() {
        assertThat(LiveVersion.of("Linux version 6.12.3 (x)")).isEqualTo(new LiveVersion(KernelVersion.V6_18, false, false));
        assertThat(LiveVersion.of("Linux version 6.18.1 (x)")).isEqualTo(new LiveVersion(KernelVersion.V6_18, true, true));
    }
}
