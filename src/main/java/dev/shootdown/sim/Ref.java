package dev.shootdown.sim;

/**
 * An immutable value, or null. What is put in must be something that {@link Hash#of(Object)} knows.
 *
 * @param <T> the value's type
 */
public final class Ref<T> extends Store {
    private T value;

    Ref(World world, int number, String name, Role role) {
        super(world, number, name, role);
    }

    public T get() {
        if (world.recording) {
            noteRead(base);
            world.observeRead(this);
        }
        return value;
    }

    T peek() {
        return value;
    }

    public void set(T next) {
        if (!world.watched) {
            value = next;
            return;
        }
        world.observeWrite(this, value, next);
        if (value == next) {
            noteRead(base);
            return;
        }
        noteWrite(base);
        world.journal(base, value);
        change(value, next);
        value = next;
    }

    private void change(T old, T next) {
        if (fingerprinted()) {
            world.change(term(base, Hash.of(old)) ^ term(base, Hash.of(next)));
        }
    }

    @SuppressWarnings("unchecked")
    void restore(Object old) {
        value = (T) old;
    }

    @Override
    long sum(long place) {
        return term(place, Hash.of(value));
    }

    @Override
    @SuppressWarnings("unchecked")
    void copy(Store other) {
        value = ((Ref<T>) other).value;
    }
}
