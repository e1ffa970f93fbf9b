package dev.shootdown.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.World;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RingTest {
    private record Two(long first, long second) implements Ring.Slot {
        @Override
        public long word(int index) {
            return index == 0 ? first : second;
        }
    }

    private final World world = new World();
    private final Frames frames = new Frames(world, 64);
    private final Ring ring = new Ring(world, frames, "ring", 8, 2);

    RingTest() {
        world.journal(true);
    }

    @Test
    void entriesComeOutInOrderAndLeaveZeroes() {
        ring.push(new Two(1, 2));
        ring.push(new Two(0, 3));
        long first = ring.base() >>> Frames.PAGE_SHIFT;
        assertThat(frames.word(first, 1)).isEqualTo(2);
        assertThat(ring.ready()).isTrue();
        assertThat(ring.word(0)).isEqualTo(1);
        assertThat(ring.word(1, 1)).isEqualTo(3);
        ring.pop();
        assertThat(frames.word(first, 0)).isZero();
        assertThat(frames.word(first, 1)).isZero();
        assertThat(ring.headAddress()).isEqualTo(ring.base() + 16);
        assertThat(ring.word(1)).isEqualTo(3);
        ring.pop();
        assertThat(ring.ready()).isFalse();
    }

    @Test
    void roomLooksAtTheSlot() {
        for (int i = 0; i < 5; i++) {
            assertThat(ring.room(3)).as("with %d pending", i).isTrue();
            ring.push(new Two(i + 1, 0));
        }
        assertThat(ring.room(3)).isFalse();
        assertThat(ring.room(1)).isTrue();
        ring.pop();
        assertThat(ring.room(3)).isTrue();
    }

    @Test
    void equalQueuesAreEqualWhereverTheyStand() {
        long empty = world.fingerprint();
        ring.push(new Two(5, 6));
        ring.push(new Two(7, 8));
        long pending = world.fingerprint();
        assertThat(pending).isNotEqualTo(empty);
        ring.pop();
        long one = world.fingerprint();
        ring.pop();
        assertThat(world.fingerprint()).isEqualTo(empty);
        ring.push(new Two(7, 8));
        assertThat(world.fingerprint()).isEqualTo(one);
        ring.pop();
        ring.push(new Two(7, 8));
        ring.push(new Two(5, 6));
        assertThat(world.fingerprint()).as("order counts").isNotEqualTo(pending);
    }

    @Test
    void aRandomHistoryLeavesTheFingerprintOfWhatIsPending() {
        SplittableRandom random = new SplittableRandom(3);
        Deque<Two> queue = new ArrayDeque<>();
        for (int i = 0; i < 2_000; i++) {
            if (!queue.isEmpty() && (queue.size() == 5 || random.nextBoolean())) {
                assertThat(new Two(ring.word(0), ring.word(1))).isEqualTo(queue.poll());
                ring.pop();
            } else {
                Two entry = new Two(random.nextInt(3), random.nextInt(1, 4));
                queue.add(entry);
                ring.push(entry);
            }
            assertThat(world.fingerprint()).isEqualTo(fresh(queue));
        }
    }

    private static long fresh(Deque<Two> queue) {
        World other = new World();
        Ring again = new Ring(other, new Frames(other, 64), "ring", 8, 2);
        other.journal(true);
        queue.forEach(again::push);
        return other.fingerprint();
    }
}
