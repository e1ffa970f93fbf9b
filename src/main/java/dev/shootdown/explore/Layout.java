package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Variable;
import java.util.Arrays;
import java.util.List;

/** Where in a state that is kept in parts each variable lies: in a factor, or in what is common to all. */
final class Layout {
    private final Factors owners;
    private final Variables variables = new Variables();
    private final Factor[] factors;
    /** By variable: the factor, and the index there or in the common part. */
    private int[] whose = new int[256];
    private int[] indices = new int[256];
    private int[] common = new int[256];
    private int commonCount;

    Layout(Factors owners, List<Actor> apart) {
        this.owners = owners;
        this.factors = apart.stream().map(actor -> new Factor(actor, variables)).toArray(Factor[]::new);
    }

    int factors() {
        return factors.length;
    }

    Factor at(int number) {
        return factors[number];
    }

    Variables variables() {
        return variables;
    }

    /** The number of a variable, which is given its place if it has none; the machine must then stand where the race begins. */
    int number(Variable variable) {
        int known = variables.find(variable.id());
        if (known >= 0) {
            return known;
        }
        int number = variables.add(variable);
        if (number >= whose.length) {
            whose = Arrays.copyOf(whose, 2 * number);
            indices = Arrays.copyOf(indices, 2 * number);
            common = Arrays.copyOf(common, 2 * number);
        }
        whose[number] = owners.give(variable);
        if (whose[number] == Factors.COMMON) {
            indices[number] = commonCount;
            common[commonCount++] = number;
        } else {
            indices[number] = factors[whose[number]].own(number);
        }
        return number;
    }

    /** What stands for an object. */
    long value(Object object) {
        return variables.number(object);
    }

    /** The factor that a variable lies in, or {@link Factors#COMMON}. */
    int factor(int variable) {
        return whose[variable];
    }

    /** Where in its factor, or in the common part, a variable lies. */
    int index(int variable) {
        return indices[variable];
    }

    /** The variable at an index of the common part. */
    int common(int index) {
        return common[index];
    }

    int commonCount() {
        return commonCount;
    }

    /** Where a factor moves to when some of its variables have other values. */
    int moved(int number, int position, int[] own, long[] next) {
        return factors[number].moved(position, own, next);
    }
}
