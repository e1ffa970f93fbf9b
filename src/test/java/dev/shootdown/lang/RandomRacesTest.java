package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.explore.ReplayToken;
import dev.shootdown.trace.Event;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The reduction is sound on races of the whole machine that nobody has thought of: kernels, vendors, drivers and operations by lot.
 * With it and without there are the same ends, the same verdicts, and witnesses as short. {@code -Dshootdown.races=FROM-TO} tries
 * other seeds, {@code -Dshootdown.races.states=N} larger races.
 */
class RandomRacesTest {
    private static final String SEEDS = System.getProperty("shootdown.races", "1-60");
    /** A race with more states than this without reduction is left out. */
    private static final long MOST = Long.getLong("shootdown.races.states", 4_000);
    @TestFactory
    List<DynamicTest> reducedAsPlain() {
        String[] ends = SEEDS.split("-");
        return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[1]))
                .mapToObj(seed -> DynamicTest.dynamicTest("race " + seed, () -> compare(new RandomRace(seed).script()))).toList();
    }

    private static void compare(String script) {
        Audience plain = explore(script, MOST, true, false);
        List<Event.Verdict> all = plain.verdicts();
        if (all.isEmpty() || !all.getFirst().complete()) {
            return;
        }
        for (boolean singly : new boolean[] {false, true}) {
            assertThat(told(explore(script, null, false, singly))).as(script).isEqualTo(told(plain));
        }
    }

    private static Audience explore(String script, Long states, boolean plain, boolean singly) {
        Audience audience = new Audience();
        Exploration request = new Exploration(null, states, 60.0, null, null, null, null, 1, List.of(), List.of(), List.of(), plain, singly, false, null);
        Status status = new Session(audience).explore("race.mmu", script, request);
        assertThat(status).as(() -> script + audience.diagnostics).isIn(Status.HELD, Status.FAILED, Status.BOUND);
        return audience;
    }

    /** What both searches have to agree on. */
    private static String told(Audience audience) {
        return audience.verdicts().stream().map(e -> e.condition() + " " + e.verdict() + " " + e.holds() + " " + e.complete() + " " + e.happened() + "/"
                + e.ends() + steps(e.witness())).collect(Collectors.joining("\n"))
                + audience.diagnostics.stream().map(said -> said.code() + " " + said.cause()).distinct().sorted().toList();
    }

    private static String steps(String token) {
        return token == null ? "" : " in " + ReplayToken.parse(String.join(".", Arrays.stream(token.split("\\.")).limit(2).toList())).choices().size();
    }
}
