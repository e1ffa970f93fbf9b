package dev.shootdown.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.trace.Address;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Structural hashes tell types apart, and are the same in every run. */
class HashTest {
    record Lock(int number, long range) {}

    record Unlock(int number, long range) {}

    record Nothing() {}

    record NothingElse() {}

    record Holder(Object value) {}

    record Flags(boolean a, boolean b) {}

    enum Colour { RED, GREEN }

    enum Fruit { APPLE, PEAR }

    @Test
    void recordsOfDifferentTypeWithEqualComponentsHashDifferently() {
        assertThat(new Lock(1, 2).hashCode()).as("what makes this necessary").isEqualTo(new Unlock(1, 2).hashCode());
        assertThat(Hash.of(new Lock(1, 2))).isNotEqualTo(Hash.of(new Unlock(1, 2))).isEqualTo(Hash.of(new Lock(1, 2)));
        assertThat(Hash.of(new Nothing())).isNotEqualTo(Hash.of(new NothingElse()));
    }

    @Test
    void theOrderOfComponentsCounts() {
        assertThat(Hash.of(new Lock(1, 2))).isNotEqualTo(Hash.of(new Lock(2, 1)));
        assertThat(Hash.of(new Flags(true, false))).isNotEqualTo(Hash.of(new Flags(false, true)));
        assertThat(Hash.of(List.of(1, 2))).isNotEqualTo(Hash.of(List.of(2, 1)));
    }

    @Test
    void valuesOfDifferentTypesNeverMeetAmongSmallOnes() {
        Set<Long> seen = new HashSet<>();
        int count = 1;
        seen.add(Hash.of((Object) null));
        for (int i = -2000; i <= 2000; i++) {
            for (Object value : Arrays.<Object>asList(i, (long) i, String.valueOf(i), List.of(i), new Holder(i), new Holder((long) i))) {
                assertThat(seen.add(Hash.of(value))).as("%s %s", value.getClass(), value).isTrue();
                count++;
            }
        }
        for (Object value : List.of(true, false, Colour.RED, Colour.GREEN, Fruit.APPLE, Fruit.PEAR, List.of(), "", new TreeMap<>())) {
            assertThat(seen.add(Hash.of(value))).as("%s %s", value.getClass(), value).isTrue();
            count++;
        }
        assertThat(seen).hasSize(count);
    }

    @Test
    void mapsHashAlikeWhateverTheOrderOfTheirKeys() {
        Map<String, Integer> sorted = new TreeMap<>(Map.of("a", 1, "b", 2));
        assertThat(Hash.of(sorted)).isEqualTo(Hash.of(Map.of("b", 2, "a", 1))).isNotEqualTo(Hash.of(Map.of("a", 2, "b", 1)));
    }

    @Test
    void agendasHashByTheirSteps() {
        Step one = new Write(1);
        Step two = new Write(2);
        Agenda direct = Agenda.of(List.of(one, two), null);
        Agenda pushed = new Agenda(new Write(1), new Agenda(new Write(2), null));
        assertThat(direct.hash()).isEqualTo(pushed.hash()).isNotEqualTo(Agenda.of(List.of(two, one), null).hash());
        assertThat(Agenda.of(List.of(one), null).hash()).isNotEqualTo(Agenda.of(List.of(one, one), null).hash());
    }

    @Test
    void theyAreTheSameInEveryRun() {
        assertThat(Hash.of(new Lock(1, 2))).isEqualTo(-2226037679995373909L);
        assertThat(Hash.of(Colour.GREEN)).isEqualTo(5961529841564032491L);
    }

    @Test
    void recordsOfOtherPackagesAreKnownToo() {
        assertThat(Hash.of(new Address(5))).isEqualTo(Hash.of(new Address(5))).isNotEqualTo(Hash.of(new Address(6)));
    }

    @Test
    void whatCellsCannotHoldIsRefused() {
        assertThatThrownBy(() -> Hash.of(new StringBuilder("x"))).hasMessageContaining("StringBuilder");
    }

    record Write(int value) implements Step {
        @Override
        public void run(Turn turn) {}
    }
}
