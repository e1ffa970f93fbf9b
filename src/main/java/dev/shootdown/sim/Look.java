package dev.shootdown.sim;

/** One thing that a step looked at: a word, a reference, a stretch of words, what a key stands for, or a whole table. */
sealed interface Look {
    /** Where, in the World's footprints; of what is wider than one place, the first. */
    long place();

    /** How many places it covers. */
    default long width() {
        return 1;
    }

    Store store();

    /** What is there now, as a number: the word itself, or a hash. */
    long value();

    /** What is there now if it is an object of which {@link #value} is the hash; otherwise null. */
    default Object object() {
        return null;
    }

    /** @param place as {@link Store} counts them, whatever neighbours share one in footprints */
    record Word(Store store, long index, long place) implements Look {
        static Word of(Store store, long index) {
            int group = store instanceof Cells cells ? cells.group() : 0;
            return new Word(store, index, store.base + (index >>> group));
        }

        @Override
        public long value() {
            return store instanceof Cells cells ? cells.peek(index) : ((Cell) store).peek();
        }
    }

    record Reference(Ref<?> store) implements Look {
        @Override
        public long place() {
            return store.base;
        }

        @Override
        public long value() {
            return Hash.of(store.peek());
        }

        @Override
        public Object object() {
            return store.peek();
        }
    }

    record Stretch(Cells store, long from, long count) implements Look {
        @Override
        public long place() {
            return store.base + (from >>> store.group());
        }

        @Override
        public long width() {
            return (from + count - 1 >>> store.group()) - (from >>> store.group()) + 1;
        }

        @Override
        public long value() {
            return store.digest(from, count);
        }
    }

    record Key(Table<?, ?> store, Comparable<?> key) implements Look {
        @Override
        public long place() {
            return store.placeOf(key);
        }

        @Override
        public long value() {
            return store.digest(key);
        }

        @Override
        public Object object() {
            return store.peek(key);
        }
    }

    record Whole(Table<?, ?> store) implements Look {
        @Override
        public long place() {
            return store.base;
        }

        @Override
        public long width() {
            return 1L << Store.SPAN;
        }

        @Override
        public long value() {
            return store.digest();
        }
    }
}
