package dev.shootdown.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Room between spans, against looking at all of them; and how much is looked at. */
class GapsTest {
    private static final int END = 200;

    /** Looks through all spans. */
    private static long highest(TreeMap<Long, Long> spans, long low, long high, long length) {
        long end = high;
        for (Map.Entry<Long, Long> span : spans.descendingMap().entrySet()) {
            if (end - Math.max(low, span.getValue()) >= length) {
                return end;
            }
            end = Math.min(end, span.getKey());
        }
        return end - low >= length ? end : Gaps.NONE;
    }

    private static long lowest(TreeMap<Long, Long> spans, long low, long high, long length) {
        long start = low;
        for (Map.Entry<Long, Long> span : spans.entrySet()) {
            if (Math.min(high, span.getKey()) - start >= length) {
                return start;
            }
            start = Math.max(start, span.getValue());
        }
        return high - start >= length ? start : Gaps.NONE;
    }

    /** A span where there is room for it, or one fewer, or another length of one. */
    private static void change(SplittableRandom random, Table<Long, Long> table, TreeMap<Long, Long> spans) {
        long at = random.nextInt(END);
        Map.Entry<Long, Long> before = spans.floorEntry(at);
        Long next = spans.higherKey(at);
        long most = Math.min(at + 1 + random.nextInt(8), next == null ? END : next);
        if (before == null || before.getValue() <= at || before.getKey() == at && random.nextBoolean()) {
            table.put(at, most);
            spans.put(at, most);
        } else {
            table.put(before.getKey(), null);
            spans.remove(before.getKey());
        }
    }

    private static void agree(SplittableRandom random, Table<Long, Long> table, TreeMap<Long, Long> spans) {
        for (int i = 0; i < 8; i++) {
            long low = random.nextInt(END);
            long high = low + random.nextInt(END);
            long length = 1 + random.nextInt(12);
            assertThat(table.highestGap(low, high, length)).isEqualTo(highest(spans, low, high, length));
            assertThat(table.lowestGap(low, high, length)).isEqualTo(lowest(spans, low, high, length));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void roomIsFoundWhereItIsAlsoBehindAnUndoneWriteAndInACopy(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World();
        Table<Long, Long> table = world.<Long, Long>table("spans").spanning(Long::longValue, Long::longValue);
        world.journal(true);
        TreeMap<Long, Long> spans = new TreeMap<>();
        List<Integer> marks = new ArrayList<>();
        List<TreeMap<Long, Long>> before = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            marks.add(world.mark());
            before.add(new TreeMap<>(spans));
            change(random, table, spans);
            agree(random, table, spans);
        }
        World other = new World();
        Table<Long, Long> copied = other.<Long, Long>table("spans").spanning(Long::longValue, Long::longValue);
        copied.put(3L, 5L);
        copied.copy(table);
        agree(random, copied, spans);
        for (int to = 299; to >= 0; to -= 1 + random.nextInt(20)) {
            world.rewind(marks.get(to));
            agree(random, table, before.get(to));
        }
    }

    /** Packed: no room between them, or only too little, until below the lowest. */
    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 60_000})
    void littleIsLookedAt(int count) {
        Gaps packed = new Gaps();
        Gaps holes = new Gaps();
        for (long i = 0; i < count; i++) {
            packed.put(1_000_000 + i * 4, 1_000_000 + i * 4 + 4);
            holes.put(1_000_000 + i * 4, 1_000_000 + i * 4 + 3);
        }
        long top = 1_000_000 + count * 4L;
        assertThat(packed.highest(0, top, 1)).isEqualTo(1_000_000);
        assertThat(holes.highest(0, top, 2)).isEqualTo(1_000_000);
        assertThat(holes.highest(0, top, 1)).isEqualTo(top);
        int deep = 3 * (Long.SIZE - Long.numberOfLeadingZeros(count));
        assertThat(packed.looked(0, top, 1)).isLessThan(3 * deep);
        assertThat(holes.looked(0, top, 2)).isLessThan(3 * deep);
        assertThat(holes.looked(0, top - count * 2L, 1)).isLessThan(3 * deep);
    }

    @Test
    void theShapeDoesNotTellInWhichOrderSpansCame() {
        Gaps up = new Gaps();
        Gaps down = new Gaps();
        for (long i = 0; i < 500; i++) {
            up.put(i * 3, i * 3 + 2);
            down.put((499 - i) * 3, (499 - i) * 3 + 2);
        }
        for (long high = 1; high < 1500; high += 7) {
            assertThat(up.looked(0, high, 2)).isEqualTo(down.looked(0, high, 2));
        }
    }
}
