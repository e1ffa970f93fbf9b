package dev.shootdown.explore;

import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Variable;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What an {@link Effect} does to a state that is kept in parts: what common variables become, and where the positions of
 * factors move.
 */
final class Change {
    private final Layout layout;
    private int[] variables = new int[0];
    private long[] factors = new long[0];
    private long[] amounts = new long[0];
    private final int[][] indices;
    private final long[][] next;
    private final Tuples.Mapping mapping;

    Change(Effect effect, Layout layout) {
        this.layout = layout;
        this.indices = new int[layout.factors()][];
        this.next = new long[layout.factors()][];
        effect.each(new Effect.Writes() {
            @Override
            public void word(Variable word, long value) {
                becomes(word, value);
            }

            @Override
            public void fold(Variable word, long factor, long amount) {
                if (!word.remark()) {
                    common(layout.number(word), factor, amount);
                }
            }

            @Override
            public void object(Variable object, Object value) {
                becomes(object, layout.value(value));
            }
        });
        IntUnaryOperator[] places = new IntUnaryOperator[layout.factors()];
        for (int i = 0; i < places.length; i++) {
            places[i] = indices[i] == null ? null : mover(i);
        }
        this.mapping = new Tuples.Mapping(effect.number(), places);
    }

    private Change(int[] common, long[] values) {
        this.layout = null;
        this.indices = null;
        this.next = null;
        this.mapping = null;
        this.variables = common;
        this.factors = new long[common.length];
        this.amounts = values;
    }

    /** Words that are common become what they are in the machine now. */
    static Change of(int[] words, Variables variables) {
        return new Change(words, IntStream.of(words).mapToLong(variables::now).toArray());
    }

    private void becomes(Variable variable, long value) {
        if (variable.remark()) {
            return;
        }
        int number = layout.number(variable);
        int factor = layout.factor(number);
        if (factor == Factors.COMMON) {
            common(number, 0, value);
        } else {
            indices[factor] = with(indices[factor], layout.index(number));
            next[factor] = with(next[factor], value);
        }
    }

    private void common(int variable, long factor, long amount) {
        variables = with(variables, variable);
        factors = with(factors, factor);
        amounts = with(amounts, amount);
    }

    private static int[] with(int[] all, int more) {
        int[] longer = all == null ? new int[1] : Arrays.copyOf(all, all.length + 1);
        longer[longer.length - 1] = more;
        return longer;
    }

    private static long[] with(long[] all, long more) {
        long[] longer = all == null ? new long[1] : Arrays.copyOf(all, all.length + 1);
        longer[longer.length - 1] = more;
        return longer;
    }

    private IntUnaryOperator mover(int factor) {
        LongIndex memo = new LongIndex();
        return position -> {
            int known = memo.get(position + 1L);
            if (known < 0) {
                known = layout.moved(factor, position, indices[factor], next[factor]);
                memo.put(position + 1L, known);
            }
            return known;
        };
    }

    /** How positions of factors move. */
    Tuples.Mapping mapping() {
        return mapping;
    }

    /** How many common variables it writes. */
    int count() {
        return variables.length;
    }

    int variable(int i) {
        return variables[i];
    }

    /** What the variable becomes that had a value. */
    long value(int i, long old) {
        return old * factors[i] + amounts[i];
    }
}
