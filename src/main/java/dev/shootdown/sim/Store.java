package dev.shootdown.sim;

/** What holds state of a World: one of {@link Cell}, {@link Cells}, {@link Ref}, {@link Table}. */
public abstract sealed class Store permits Cell, Cells, Ref, Table {
    /** Stores are this far apart, so that a store's number plus an index names a place in the whole World. */
    static final int SPAN = 40;

    final World world;
    final long base;
    private final String name;
    private final Role role;
    private boolean fingerprinted;

    Store(World world, int number, String name, Role role) {
        this.world = world;
        this.base = (long) (number + 1) << SPAN;
        this.name = name;
        this.role = role;
        this.fingerprinted = role.fingerprinted;
    }

    /** What it is called in {@code explore --why} and in messages about footprints. */
    public String name() {
        return name;
    }

    /** The number of the store that a place of a footprint lies in, counted as {@link World#stores()} lists them. */
    public static int storeOf(long place) {
        return (int) (place >>> SPAN) - 1;
    }

    /** The index within its store of a place of a footprint. */
    public static long indexOf(long place) {
        return place & ((1L << SPAN) - 1);
    }

    /** What it was made for. */
    public final Role role() {
        return role;
    }

    /** Whether it counts in the World's fingerprint now. */
    public final boolean fingerprinted() {
        return fingerprinted;
    }

    /** Whether adding to it is nobody's concern. */
    final boolean unasked() {
        return role == Role.COUNTER && !fingerprinted;
    }

    /** Makes an {@link Role#OUTSIDE} or {@link Role#COUNTER} store count in the fingerprint, because somebody asks for its values. */
    public final void fingerprint() {
        if (!fingerprinted) {
            fingerprinted = true;
            world.recount();
        }
    }

    final void noteRead(long place) {
        if (world.recording && (role.footprinted || world.summaries && role == Role.SUMMARY)) {
            world.noteRead(place);
        }
    }

    /** The places in [from, to). */
    final void noteReads(long from, long to) {
        if (world.recording && role.footprinted) {
            world.noteReads(from, to);
        }
    }

    final void noteWrite(long place) {
        if (world.recording && role.footprinted) {
            world.noteWrite(place);
        }
    }

    /** What a change of a place's value changes the fingerprint by. */
    static long change(long place, long value, long next) {
        long seed = Hash.mix(place);
        return (value == 0 ? 0 : Hash.mix(seed + value)) ^ (next == 0 ? 0 : Hash.mix(seed + next));
    }

    /** What a place's value adds to the fingerprint. */
    static long term(long place, long value) {
        return value == 0 ? 0 : Hash.mix(Hash.mix(place) + value);
    }

    /** The sum of this store's terms, from its values alone, as if its places began there. */
    abstract long sum(long place);

    /** Takes over the values of the same store in another World. */
    abstract void copy(Store other);
}
