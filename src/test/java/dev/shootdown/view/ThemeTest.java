package dev.shootdown.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThemeTest {
    @Test
    void theFlagCountsMoreThanTheEnvironmentAndThatMoreThanTheTerminal() {
        assertThat(Theme.choose(Theme.When.ALWAYS, "1", false)).isEqualTo(Theme.COLOUR);
        assertThat(Theme.choose(Theme.When.NEVER, null, true)).isEqualTo(Theme.PLAIN);
        assertThat(Theme.choose(Theme.When.AUTO, "1", true)).isEqualTo(Theme.PLAIN);
        assertThat(Theme.choose(Theme.When.AUTO, "", true)).isEqualTo(Theme.COLOUR);
        assertThat(Theme.choose(Theme.When.AUTO, null, true)).isEqualTo(Theme.COLOUR);
        assertThat(Theme.choose(Theme.When.AUTO, null, false)).isEqualTo(Theme.PLAIN);
    }
}
