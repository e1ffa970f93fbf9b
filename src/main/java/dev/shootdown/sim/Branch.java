package dev.shootdown.sim;

import java.util.Arrays;

/**
 * A question on the way to what a step does: what is there, at one place? For each value met so far there is a next
 * question, or the answer.
 */
public final class Branch {
    private static final int HASHED = 4;

    private final Look look;
    private final Object[] hashed;
    private final long[] hashes;
    private final Cell cell;
    private final Cells cells;
    private final long index;
    private final int places;
    private final boolean footprinted;
    private final long place;
    private final long width;
    private final int number;
    private final int id;
    private long[] values = new long[1];
    private Object[] next = new Object[1];
    private int count;
    /** What comes of each value when constants are passed over, as far as somebody asked at this age of what is constant. */
    private Object[] onward = new Object[1];
    private int age = -1;
    /** Of these, the two asked for last: near, as most questions have one answer or two. */
    private long first;
    private long second;
    private Object afterFirst;
    private Object afterSecond;
    private boolean constant;
    private final Constants constants;
    private int answers;
    private int all;
    private int[] nodes = new int[0];

    /**
     * @param places the number of the places looked at up to this one
     * @param number the number of the place itself, if it is one that footprints know
     * @param id     its own
     */
    Branch(Look look, int places, int number, int id, Constants constants) {
        this.id = id;
        this.constants = constants;
        this.number = number;
        this.look = look;
        this.hashed = new Object[look instanceof Look.Word ? 0 : HASHED];
        this.hashes = new long[hashed.length];
        this.places = places;
        this.cell = look.store() instanceof Cell one ? one : null;
        this.cells = look instanceof Look.Word && look.store() instanceof Cells many ? many : null;
        this.index = look instanceof Look.Word word ? word.index() : 0;
        this.place = look.place();
        this.width = look.width();
        this.footprinted = look.store().role().footprinted;
    }

    boolean asks(Look other) {
        return look.equals(other);
    }

    /** Whether it asks for the same as another. */
    public boolean asksAs(Branch other) {
        return number == other.number && index == other.index && look.equals(other.look);
    }

    /** Its own number, of the questions of its {@link Repertoire}, from 0. */
    public int id() {
        return id;
    }

    /** What is there now. */
    public long value() {
        return cells != null ? cells.peek(index) : cell != null ? cell.peek() : hash();
    }

    /** Objects are mostly the same ones again, and hashing them takes long. */
    private long hash() {
        Object object = look.object();
        if (object == null) {
            return look.value();
        }
        for (int i = 0; i < hashed.length && hashed[i] != null; i++) {
            if (hashed[i] == object) {
                return hashes[i];
            }
        }
        long hash = Hash.of(object);
        System.arraycopy(hashed, 0, hashed, 1, hashed.length - 1);
        System.arraycopy(hashes, 0, hashes, 1, hashes.length - 1);
        hashed[0] = object;
        hashes[0] = hash;
        return hash;
    }

    /** What comes of a value: a Branch, or what all questions lead to; null if the value was never met. */
    public Object next(long value) {
        for (int i = 0; i < count; i++) {
            if (values[i] == value) {
                return next[i];
            }
        }
        return null;
    }

    /** The same, past all questions about what no known step writes. */
    public Object onward(long value) {
        if (age == constants.age()) {
            if (value == first && afterFirst != null) {
                return afterFirst;
            }
            if (value == second && afterSecond != null) {
                return afterSecond;
            }
        }
        return onwardAnew(value);
    }

    private Object onwardAnew(long value) {
        if (age != constants.age()) {
            renew();
        }
        for (int i = 0; i < count; i++) {
            if (values[i] == value) {
                second = first;
                afterSecond = afterFirst;
                first = value;
                afterFirst = beyond(i);
                return afterFirst;
            }
        }
        return null;
    }

    private Object beyond(int which) {
        if (onward[which] == null) {
            onward[which] = past(next[which]);
        }
        return onward[which];
    }

    /** A question, or what comes of it if it is about what no known step writes, and so on. */
    public static Object past(Object first) {
        Object at = first;
        while (at instanceof Branch branch && branch.constant()) {
            at = branch.beyond(0);
        }
        return at;
    }

    private boolean constant() {
        if (age != constants.age()) {
            renew();
        }
        return constant && count == 1;
    }

    private void renew() {
        age = constants.age();
        constant = constants.constant(look);
        Arrays.fill(onward, null);
        afterFirst = null;
        afterSecond = null;
    }

    /** Takes note of an answer somewhere behind this question. */
    void lead(int touched, int node) {
        answers++;
        all = touched;
        nodes = with(nodes, node);
    }

    static int[] with(int[] numbers, int more) {
        for (int known : numbers) {
            if (known == more) {
                return numbers;
            }
        }
        int[] all = Arrays.copyOf(numbers, numbers.length + 1);
        all[numbers.length] = more;
        return all;
    }

    /** How many answers there are behind this question. */
    public int answers() {
        return answers;
    }

    /** The number of the places that are touched in any of the answers behind this question. */
    public int all() {
        return all;
    }

    /** What the actor may have still to do behind any of these answers; of answers about readiness, -1 where it may be ready. */
    public int[] nodes() {
        return nodes;
    }

    /** Whether it asks where somebody stands who looks at other places from there. */
    public boolean position() {
        return look.store().role() == Role.POSITION;
    }

    void put(long value, Object what) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            next = Arrays.copyOf(next, 2 * count);
            onward = Arrays.copyOf(onward, 2 * count);
        }
        values[count] = value;
        next[count++] = what;
    }

    /** How many values were met. */
    public int count() {
        return count;
    }

    /** A value met, counted from 0. */
    public long valueAt(int which) {
        return values[which];
    }

    /** What comes of a value met, counted from 0. */
    public Object next(int which) {
        return next[which];
    }

    /** The number of the places that were looked at on the way, this one included. */
    public int places() {
        return places;
    }

    /** Whether it asks for something that footprints know; what they do not may be anything at any time. */
    public boolean footprinted() {
        return footprinted;
    }

    /** The first of the places that it asks for. */
    public long place() {
        return place;
    }

    /** The number of the place, if it is one; otherwise negative. */
    public int number() {
        return number;
    }

    /** The key of the one {@link Variable} that it asks for; 0 if it asks for more, or for a part of a table. */
    public long variable() {
        return look instanceof Look.Word word ? word.store().base + word.index() : look instanceof Look.Reference ? place : 0;
    }

    /** How many places it asks for. */
    public long width() {
        return width;
    }
}
