package dev.shootdown.sim;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Which variables none of the steps known so far writes: what is there is what was there when a search began, and nobody has to look.
 */
final class Constants {
    private final Set<Long> written = new HashSet<>();
    private final BitSet stores = new BitSet();
    private int age;

    /** Takes note of what a step writes. */
    void learn(Effect effect) {
        effect.each(new Effect.Writes() {
            @Override
            public void word(Variable word, long next) {
                write(word);
            }

            @Override
            public void fold(Variable word, long factor, long amount) {
                write(word);
            }

            @Override
            public void object(Variable object, Object next) {
                write(object);
            }
        });
    }

    private void write(Variable variable) {
        if (written.add(variable.id())) {
            stores.set(Store.storeOf(variable.place()));
            age++;
        }
    }

    /** Changes whenever there is one constant less. */
    int age() {
        return age;
    }

    boolean constant(Look look) {
        return switch (look) {
            case Look.Word word -> !written.contains(word.store().base + word.index());
            case Look.Reference reference -> !written.contains(reference.store().base);
            case Look.Stretch stretch -> !stores.get(Store.storeOf(stretch.place()));
            case Look.Key key -> !stores.get(Store.storeOf(key.place()));
            case Look.Whole whole -> !stores.get(Store.storeOf(whole.place()));
        };
    }
}
