package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.Ref;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Store;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.Variable;
import dev.shootdown.sim.World;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the actors hardly meet, and which variables belong to which of these alone, as far as has been seen: those that none of the others touches. What
 * actors that are none of these do, does not matter. All else is common.
 */
final class Factors {
    static final int COMMON = -1;
    /** All actors, and more. */
    private static final long ALL = -1;
    /** What two have differs by no more than a fifth. */
    private static final int ALIKE = 5;

    private final List<Store> stores;
    private final PlaceSets sets;
    /** Whose agenda a variable is. */
    private final Map<Long, Integer> agendas = new HashMap<>();
    /** By actor: its number among those that have a factor, or {@link #COMMON}. */
    private final int[] numbers;
    private long apart;
    /** By place: the actors that touched it, as bits; whether it was written; and whose it was said to be, plus 1. */
    private long[] touched = new long[256];
    private boolean[] written = new boolean[256];
    private int[] given = new int[256];
    /** Stores of which nothing is anybody's own. */
    private final Set<Store> common = new HashSet<>();
    private final Set<Long> learnt = new HashSet<>();
    private boolean broken;

    Factors(World world, PlaceSets sets, List<Actor> actors) {
        this.stores = world.stores();
        this.sets = sets;
        this.numbers = new int[actors.size()];
        Arrays.fill(numbers, COMMON);
        actors.forEach(actor -> agendas.put(actor.agendaId(), actor.number()));
    }

    /** These actors, by number, are to have factors. */
    void divide(List<Integer> actors) {
        Arrays.fill(numbers, COMMON);
        apart = 0;
        for (int actor : actors) {
            numbers[actor] = Long.bitCount(apart);
            apart |= 1L << actor;
        }
    }

    /**
     * The actors that hardly meet each other, in ascending order: each touches no more of what is ever written together with one
     * of the others than alone. Whoever meets most is left out first. Of those who are left, as many as have about as much of
     * their own, as devices do that are alike: who goes through a race in one line has better no factor.
     */
    List<Integer> apart() {
        long left = numbers.length == Long.SIZE ? -1L : (1L << numbers.length) - 1;
        int[] alone = new int[numbers.length];
        for (int most = most(left, alone); most >= 0; most = most(left, alone)) {
            left &= ~(1L << most);
        }
        List<Integer> all = BitSet.valueOf(new long[] {left}).stream().boxed().toList();
        return all.stream().map(actor -> all.stream().filter(other -> alike(alone[actor], alone[other])).toList())
                .filter(group -> group.size() > 1).max(Comparator.comparingInt(List::size)).orElse(all);
    }

    private static boolean alike(int a, int b) {
        return ALIKE * Math.abs(a - b) <= Math.max(a, b);
    }

    /**
     * The one of some actors that meets the others most, or has nothing; -1 if none meets them more often than not.
     *
     * @param alone takes how much each has to itself
     */
    private int most(long actors, int[] alone) {
        int[] together = new int[numbers.length];
        Arrays.fill(alone, 0);
        for (int place = 0; place < touched.length; place++) {
            if (written[place] && ownable(stores.get(Store.storeOf(sets.placeOf(place))))) {
                int[] which = Long.bitCount(touched[place] & actors) == 1 ? alone : together;
                BitSet.valueOf(new long[] {touched[place] & actors}).stream().forEach(actor -> which[actor]++);
            }
        }
        int most = -1;
        for (int actor = 0; actor < numbers.length; actor++) {
            boolean meets = (actors >>> actor & 1) != 0 && together[actor] >= alone[actor];
            most = meets && (most < 0 || (long) together[actor] * alone[most] > (long) together[most] * alone[actor]
                    || alone[actor] == 0) ? actor : most;
        }
        return most;
    }

    /** The number of the factor that an actor has; {@link #COMMON} if it has none. */
    int of(int actor) {
        return numbers[actor];
    }

    /** Nothing is anybody's own any more; what was seen is kept. */
    void begin() {
        Arrays.fill(given, 0);
        broken = false;
    }

    /** Nobody owns what somebody asks for in every state. */
    void keep(Footprint asked) {
        for (int i = 0; i < asked.readCount(); i++) {
            int place = sets.number(asked.readAt(i));
            room(place);
            touched[place] = ALL;
            broken |= given[place] != 0;
        }
        keep(asked.stretches());
    }

    private void keep(long[] stretches) {
        for (int i = 0; i < stretches.length; i += 2) {
            Store store = stores.get(Store.storeOf(stretches[i]));
            broken |= common.add(store) && gives(store);
        }
    }

    /** Takes note that an actor touched a set of places. */
    void touch(int actor, int set) {
        if (!learnt.add((long) actor << Integer.SIZE | set)) {
            return;
        }
        for (int place : sets.all(set)) {
            room(place);
            touched[place] |= 1L << actor;
            broken |= numbers[actor] != COMMON && given[place] != 0 && given[place] != numbers[actor] + 1;
        }
        for (int place : sets.writes(set)) {
            written[place] = true;
        }
        keep(sets.stretches(set));
    }

    private boolean gives(Store store) {
        for (int place = 0; place < given.length; place++) {
            if (given[place] != 0 && stores.get(Store.storeOf(sets.placeOf(place))) == store) {
                return true;
            }
        }
        return false;
    }

    private void room(int place) {
        if (place >= touched.length) {
            touched = Arrays.copyOf(touched, 2 * place);
            written = Arrays.copyOf(written, 2 * place);
            given = Arrays.copyOf(given, 2 * place);
        }
    }

    /** Whose a variable is from now on: the number of a factor, or {@link #COMMON}. */
    int give(Variable variable) {
        if (!ownable(variable.store())) {
            return COMMON;
        }
        int place = sets.number(variable.place());
        room(place);
        if (Long.bitCount(touched[place] & apart) != 1) {
            return COMMON;
        }
        int factor = numbers[Long.numberOfTrailingZeros(touched[place] & apart)];
        if (agenda(variable, factor)) {
            return COMMON;
        }
        given[place] = factor + 1;
        return factor;
    }

    /**
     * Whether it is what somebody else than this factor's actor has still to do: that is asked for before any step of theirs, by nobody's
     * step, and so it is nobody's own, even if only one actor looks at it, as a checker does who asks what is under way.
     */
    private boolean agenda(Variable variable, int factor) {
        Integer actor = agendas.get(variable.id());
        return actor != null && numbers[actor] != factor;
    }

    private boolean ownable(Store store) {
        boolean plain = switch (store) {
            case Cell cell -> true;
            case Cells cells -> true;
            case Ref<?> ref -> true;
            case Table<?, ?> table -> false;
        };
        return plain && store.role() == Role.STATE && !common.contains(store);
    }

    /** Whether somebody has touched what had been said to be another's. */
    boolean broken() {
        return broken;
    }
}
