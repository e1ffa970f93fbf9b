package dev.shootdown.device;

import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of an unmap with accesses of a device: with the flush of the seed's patch-set no access lands in
 * a freed frame and no walk reads a freed table; with any one safety step missing, some interleaving does.
 */
class InterleavingsTest {
    private record ClearEntry(long table, long address, int level) implements Step {
        @Override
        public void run(Turn turn) {
            new Tables(turn.part(Frames.class)).entry(table, address, level, 0);
        }
    }

    private record Free(long frame) implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Frames.class).free(frame);
        }
    }

    /** Searches all interleavings; how many states there are, and whether something stale was used. */
    private static final class Search {
        private final Rig rig;
        private final Set<Long> seen = new HashSet<>();
        private boolean staleAccess;
        private boolean staleWalk;
        private boolean stuck;

        Search(Rig rig) {
            this.rig = rig;
            rig.world.journal(true);
        }

        Search run() {
            if (!seen.add(rig.world.fingerprint())) {
                return this;
            }
            boolean moved = false;
            for (Actor actor : rig.engine.actors()) {
                if (rig.engine.ready(actor)) {
                    moved = true;
                    int mark = rig.world.mark();
                    rig.events.clear();
                    rig.engine.step(new Choice(actor.number(), 0));
                    look();
                    run();
                    rig.world.rewind(mark);
                }
            }
            stuck |= !moved && rig.engine.deadlocked();
            return this;
        }

        private void look() {
            for (Event event : rig.events) {
                if (event instanceof Event.Dma dma && dma.frame() != null) {
                    staleAccess |= rig.frames.generation(dma.frame()) != dma.born();
                } else if (event instanceof Event.TableRead read) {
                    staleWalk |= rig.frames.generation(read.frame()) != read.born();
                }
            }
        }
    }

    /** One page is unmapped and freed, with its table, while a device writes to it twice. */
    private static Rig race(DeviceOptions options, List<Step> flush) {
        Rig rig = new Rig(options);
        long frame = rig.map(BUFFER, RW);
        long table = rig.table(BUFFER, 1);
        List<Step> steps = new ArrayList<>();
        steps.add(new ClearEntry(table, BUFFER, 1));
        steps.add(new ClearEntry(rig.table(BUFFER, 2), BUFFER, 2));
        steps.addAll(flush);
        steps.add(new Free(frame));
        steps.add(new Free(table));
        rig.assign(rig.app, steps);
        rig.assign(rig.gpu.actor(), rig.write(BUFFER), rig.write(BUFFER));
        return rig;
    }

    private static Search search(DeviceOptions options, List<Step> flush) {
        return new Search(race(options, flush)).run();
    }

    private static List<Step> flush(DeviceOptions options) {
        return new Rig(options).flush(BUFFER, BUFFER + PAGE);
    }

    @Test
    void theWholeFlushIsEnough() {
        Search search = search(Rig.ATS, flush(Rig.ATS));
        assertThat(search.staleAccess).isFalse();
        assertThat(search.staleWalk).isFalse();
        assertThat(search.stuck).isFalse();
        assertThat(search.seen.size()).isGreaterThan(200);
    }

    @Test
    void oneWaitIsEnoughBecauseAmdObeysInOrder() {
        List<Step> flush = flush(Rig.ATS);
        Search search = search(Rig.ATS, List.of(flush.get(0), flush.get(2), flush.get(3)));
        assertThat(search.staleAccess || search.staleWalk).isFalse();
    }

    @Test
    void withoutAnyFlushItIsNot() {
        Search search = search(Rig.ATS, List.of());
        assertThat(search.staleAccess).isTrue();
        assertThat(search.staleWalk).isTrue();
    }

    @Test
    void withoutTheWaitItIsNot() {
        List<Step> flush = flush(Rig.ATS);
        assertThat(search(Rig.ATS, List.of(flush.get(0), flush.get(2))).staleAccess).isTrue();
        assertThat(search(Rig.ATS, flush.subList(0, 3)).staleAccess).as("only the last wait is missing").isTrue();
    }

    @Test
    void theAtcBeforeTheIotlbIsNot() {
        List<Step> flush = flush(Rig.ATS);
        Search search = search(Rig.ATS, List.of(flush.get(2), flush.get(3), flush.get(0), flush.get(1)));
        assertThat(search.staleAccess).isTrue();
        assertThat(search.staleWalk).isFalse();
    }

    @Test
    void oneCacheAloneIsNot() {
        List<Step> flush = flush(Rig.ATS);
        assertThat(search(Rig.ATS, flush.subList(0, 2)).staleAccess).isTrue();
        assertThat(search(Rig.ATS, flush.subList(2, 4)).staleWalk).isTrue();
    }

    @Test
    void aDeviceWithoutAtsNeedsTheIotlbAlone() {
        List<Step> flush = flush(DeviceOptions.DEFAULT);
        assertThat(flush).hasSize(3);
        Search search = search(DeviceOptions.DEFAULT, flush.subList(0, 2));
        assertThat(search.staleAccess || search.staleWalk).isFalse();
        assertThat(search(DeviceOptions.DEFAULT, flush.subList(0, 1)).staleAccess).isTrue();
    }

    @Test
    void undoLeavesNothingBehindWhateverHappened() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 50; round++) {
            Rig rig = race(Rig.PRI, flush(Rig.ATS));
            rig.world.journal(true);
            long start = rig.world.fingerprint();
            int mark = rig.world.mark();
            for (int i = 0; i < 40; i++) {
                List<Actor> ready = rig.engine.actors().stream().filter(rig.engine::ready).toList();
                if (!ready.isEmpty()) {
                    rig.engine.step(ready.get(random.nextInt(ready.size())), 0);
                    assertThat(rig.world.fingerprint()).isEqualTo(rig.world.recounted());
                }
            }
            rig.world.rewind(mark);
            assertThat(rig.world.fingerprint()).isEqualTo(start).isEqualTo(rig.world.recounted());
        }
    }
}
