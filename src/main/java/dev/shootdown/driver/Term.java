package dev.shootdown.driver;

/** A number that a driver works out: over the range of its callback and the counters of its bind. */
public sealed interface Term {
    /** What a term may ask of the moment at which it is worked out. */
    interface Moment {
        long start();

        long end();

        boolean blockable();

        /** In a fault: whether something was invalidated since the last {@code read begin}. */
        boolean changed();

        long counter(String name);
    }

    long value(Moment moment);

    record Number(long value) implements Term {
        @Override
        public long value(Moment moment) {
            return value;
        }
    }

    record Counter(String name) implements Term {
        @Override
        public long value(Moment moment) {
            return moment.counter(name);
        }
    }

    /** Something of the callback's range. */
    record Of(Property property) implements Term {
        @Override
        public long value(Moment moment) {
            return switch (property) {
                case START -> moment.start();
                case END -> moment.end();
                case SIZE -> moment.end() - moment.start();
                case PAGES -> ((moment.end() - 1) >>> 12) - (moment.start() >>> 12) + 1;
                case BLOCKABLE -> moment.blockable() ? 1 : 0;
                case CHANGED -> moment.changed() ? 1 : 0;
            };
        }
    }

    /** {@code r.start} and so on. */
    enum Property { START, END, SIZE, PAGES, BLOCKABLE, CHANGED }

    record Compute(Operator operator, Term left, Term right) implements Term {
        @Override
        public long value(Moment moment) {
            long a = left.value(moment);
            long b = right.value(moment);
            return switch (operator) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                case DIVIDE -> b == 0 ? 0 : a / b;
                case REMAINDER -> b == 0 ? 0 : a % b;
                case EQUAL -> a == b ? 1 : 0;
                case UNEQUAL -> a != b ? 1 : 0;
                case LESS -> a < b ? 1 : 0;
                case AT_MOST -> a <= b ? 1 : 0;
                case AND -> a != 0 && b != 0 ? 1 : 0;
                case OR -> a != 0 || b != 0 ? 1 : 0;
            };
        }
    }

    /** The operators; the mirrored comparisons are written with these. */
    enum Operator { ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, EQUAL, UNEQUAL, LESS, AT_MOST, AND, OR }
}
