package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sets of tuples as diagrams, held against sets of lists. */
class TuplesTest {
    private static final int SETS = 400;
    private static final int LABELS = 5;

    private final SplittableRandom random = new SplittableRandom(1);

    private List<Integer> tuple(int length) {
        return random.ints(length, 0, LABELS).boxed().toList();
    }

    private static int[] array(List<Integer> tuple) {
        return tuple.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Set<List<Integer>> all(Tuples tuples, int set) {
        Set<List<Integer>> all = new HashSet<>();
        tuples.each(set, tuple -> assertThat(all.add(IntStream.of(tuple).boxed().toList())).isTrue());
        return all;
    }

    private void same(Tuples tuples, int set, Set<List<Integer>> expected, int length) {
        assertThat(all(tuples, set)).isEqualTo(expected);
        assertThat(tuples.size(set)).isEqualTo(expected.size());
        List<Integer> some = tuple(length);
        assertThat(tuples.has(set, array(some))).isEqualTo(expected.contains(some));
        if (!expected.isEmpty()) {
            assertThat(expected).contains(IntStream.of(tuples.any(set)).boxed().toList());
        }
    }

    /** Sets are made of sets made before; equal ones have equal numbers. */
    @Test
    void whatCanBeDoneWithSetsCanBeDoneWithDiagrams() {
        for (int length = 1; length <= 4; length++) {
            Tuples tuples = new Tuples(length);
            List<Integer> sets = new ArrayList<>(List.of(Tuples.NONE));
            List<Set<List<Integer>>> expected = new ArrayList<>(List.of(Set.of()));
            for (int i = 0; i < SETS; i++) {
                int a = random.nextInt(sets.size());
                int b = random.nextInt(sets.size());
                Set<List<Integer>> of = new HashSet<>(expected.get(a));
                int place = random.nextInt(length);
                int number = random.nextInt(LABELS);
                int set = switch (random.nextInt(4)) {
                    case 0 -> {
                        List<Integer> one = tuple(length);
                        of.add(one);
                        yield tuples.union(sets.get(a), tuples.of(array(one)));
                    }
                    case 1 -> {
                        of.addAll(expected.get(b));
                        yield tuples.union(sets.get(a), sets.get(b));
                    }
                    case 2 -> {
                        of.removeAll(expected.get(b));
                        yield tuples.minus(sets.get(a), sets.get(b));
                    }
                    default -> {
                        of.removeIf(tuple -> tuple.get(place) != number);
                        yield tuples.with(sets.get(a), place, number);
                    }
                };
                same(tuples, set, of, length);
                assertThat(tuples.at(set, place)).containsExactly(of.stream().mapToInt(tuple -> tuple.get(place)).distinct().sorted().toArray());
                assertThat(expected.indexOf(of) < 0 || sets.get(expected.indexOf(of)) == set).isTrue();
                sets.add(set);
                expected.add(of);
            }
        }
    }

    @Test
    void aMappingMovesEachTupleAndKnowsWhereOneCameFrom() {
        for (int i = 0; i < SETS; i++) {
            int length = 1 + random.nextInt(4);
            Tuples tuples = new Tuples(length);
            IntUnaryOperator[] places = new IntUnaryOperator[length];
            for (int place = 0; place < length; place++) {
                int by = random.nextInt(1, 4);
                places[place] = random.nextInt(3) == 0 ? null : number -> number * by % LABELS;
            }
            Set<List<Integer>> from = IntStream.range(0, random.nextInt(1, 30)).mapToObj(k -> tuple(length)).collect(Collectors.toSet());
            int set = from.stream().map(tuple -> tuples.of(array(tuple))).reduce(Tuples.NONE, tuples::union);
            Tuples.Mapping mapping = new Tuples.Mapping(i, places);
            int moved = tuples.map(set, mapping);
            assertThat(all(tuples, moved)).isEqualTo(from.stream().map(tuple -> moved(tuple, places)).collect(Collectors.toSet()));
            for (List<Integer> one : from.stream().sorted(Comparator.comparing(Object::toString)).toList()) {
                int[] before = tuples.before(set, mapping, array(moved(one, places)));
                List<Integer> came = IntStream.of(before).boxed().toList();
                assertThat(from).contains(came);
                assertThat(moved(came, places)).isEqualTo(moved(one, places));
            }
            List<Integer> some = tuple(length);
            assertThat(tuples.before(set, mapping, array(some)) != null).isEqualTo(tuples.has(moved, array(some)));
        }
    }

    private static List<Integer> moved(List<Integer> tuple, IntUnaryOperator[] places) {
        return IntStream.range(0, tuple.size()).mapToObj(i -> places[i] == null ? tuple.get(i) : places[i].applyAsInt(tuple.get(i))).toList();
    }
}
