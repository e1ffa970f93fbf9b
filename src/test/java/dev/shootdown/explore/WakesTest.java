package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Store;
import dev.shootdown.sim.World;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whether a step writes what another looks at, by bits and by hand. */
class WakesTest {
    private static final int SETS = 300;
    private static final int WORDS = 200;

    /** What one run of random reads, writes and wipings touched, told by whoever made it. */
    private record Touched(int number, Set<Long> looked, Set<Long> written) {}

    @Test
    void aStepWakesWhoLooksAtWhatItWrites() {
        SplittableRandom random = new SplittableRandom(20261123);
        PlaceSets sets = new PlaceSets();
        Wakes wakes = new Wakes(sets);
        World world = new World();
        Cells words = world.cells("words", Role.STATE, 0);
        Touched[] all = new Touched[SETS];
        int woken = 0;
        for (int i = 0; i < SETS; i++) {
            all[i] = touch(world, words, sets, random);
            for (int k = 0; k < 20; k++) {
                Touched step = all[random.nextInt(i + 1)];
                Touched looker = all[random.nextInt(i + 1)];
                boolean meets = step.written().stream().anyMatch(looker.looked()::contains);
                assertThat(wakes.wakes(step.number(), looker.number())).as("%s wakes %s", step, looker).isEqualTo(meets);
                woken += meets ? 1 : 0;
            }
        }
        assertThat(woken).isBetween(SETS, 19 * SETS);
    }

    @Test
    void everythingWakesAndIsWoken() {
        Wakes wakes = new Wakes(new PlaceSets());
        assertThat(wakes.wakes(PlaceSets.EVERYTHING, PlaceSets.NOTHING)).isTrue();
        assertThat(wakes.wakes(PlaceSets.NOTHING, PlaceSets.EVERYTHING)).isTrue();
        assertThat(wakes.wakes(PlaceSets.NOTHING, PlaceSets.NOTHING)).isFalse();
    }

    private static Touched touch(World world, Cells words, PlaceSets sets, SplittableRandom random) {
        Footprint footprint = new Footprint();
        Set<Long> looked = new HashSet<>();
        Set<Long> written = new HashSet<>();
        world.record(footprint);
        for (int i = random.nextInt(6); i >= 0; i--) {
            long at = random.nextInt(WORDS);
            switch (random.nextInt(3)) {
                case 0 -> words.get(at);
                case 1 -> words.set(at, words.get(at) + 1);
                case 2 -> {
                    words.clear(at, 4);
                    looked.addAll(Set.of(at, at + 1, at + 2, at + 3));
                }
                default -> throw new IllegalStateException();
            }
            looked.add(at);
        }
        world.record(null);
        Arrays.stream(footprint.writes()).map(Store::indexOf).forEach(written::add);
        return new Touched(sets.of(footprint), looked, written);
    }
}
