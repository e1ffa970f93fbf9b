package dev.shootdown.lang;

import dev.shootdown.lang.value.Value;
import dev.shootdown.sim.Ref;
import dev.shootdown.sim.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names whose values a race itself gives: by {@code let} to the rows of one actor, by the event of an {@code at} to its
 * block. Each is a cell, empty until then.
 */
final class Given {
    private final World world;
    private final Map<String, Ref<Value>> cells = new LinkedHashMap<>();

    Given(World world) {
        this.world = world;
    }

    /** A name that an actor's {@code let} gives. */
    Ref<Value> name(String actor, String name) {
        return cells.computeIfAbsent("let." + actor + "." + name, world::ref);
    }

    /** A field of the event at which a block is done, or one that it stands in. */
    private Optional<Ref<Value>> field(String name, Optional<Stops.Block> block) {
        return block.flatMap(at -> at.has(name) ? Optional.of(cells.computeIfAbsent(prefix(at) + name, world::ref)) : field(name, at.outer()));
    }

    private static String prefix(Stops.Block block) {
        return "at." + block.number() + ".";
    }

    /** The fields of a block's event that are asked for in it. */
    Map<String, Ref<Value>> fields(Stops.Block block) {
        String prefix = prefix(block);
        Map<String, Ref<Value>> found = new LinkedHashMap<>();
        cells.forEach((name, cell) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), cell);
            }
        });
        return found;
    }

    /** Which of some names have values that are given to an actor only during the race. */
    Map<String, Ref<Value>> of(String actor, Set<String> mentioned, Optional<Stops.Block> block) {
        Map<String, Ref<Value>> found = new LinkedHashMap<>();
        for (String name : mentioned) {
            Ref<Value> let = cells.get("let." + actor + "." + name);
            if (let != null) {
                found.put(name, let);
            } else {
                field(name, block).ifPresent(cell -> found.put(name, cell));
            }
        }
        return found;
    }
}
