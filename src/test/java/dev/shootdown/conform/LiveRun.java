package dev.shootdown.conform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random operations on the live kernel and in the model, one arena full of them after the other.
 *
 * @param spoil what is done to the kernel's answers before they are compared: nothing, but where the comparison itself is tested
 */
record LiveRun(LiveKernel kernel, LiveVersion version, UnaryOperator<List<Row>> spoil) {
    /** Operations in one arena, before the next one begins empty. */
    static final int ARENA = 200;
    private static final String BASE = "0x800000";
    private static final int TRIALS = 400;
    /** So often is a difference looked for again, and so often it must come again: what comes and goes is the machine's, not the model's. */
    private static final int AGAIN = 3;
    private static final int MOST = 2;
    /** Every so many arenas the file is one on a disk. */
    private static final int DISKS = 4;

    LiveRun(LiveKernel kernel, LiveVersion version) {
        this(kernel, version, rows -> rows);
    }

    /** What an arena is like. */
    ObjectNode header(long seed) {
        return JsonNodeFactory.instance.objectNode().put("hdr", 1).put("class", "live").put("seed", seed).put("W", LiveOperations.PAGES)
                .put("base", BASE).put("thp", 0).put("filepages", LiveOperations.FILE_PAGES).put("memlock_pages", kernel == null ? -1 : kernel.lockable()).put("notifier", 0)
                .put("kernel", version.modelled().text()).put("filled", 0).put("disk", seed % DISKS == 0 ? 1 : 0);
    }

    /**
     * Does the operations of a seed.
     *
     * @return null if the kernel and the model agree; else the seed and the shortest script that was found
     */
    String differs(long seed, int count) {
        ObjectNode header = header(seed);
        List<ObjectNode> all = LiveOperations.of(seed, count, version, header);
        if (compare(header, all).isEmpty() || !comesAgain(header, all)) {
            return null;
        }
        List<ObjectNode> least = Shrink.of(all, some -> !compare(header, some).isEmpty(), TRIALS);
        List<Row> rows = perform(header, least);
        List<Difference> differences = LiveComparison.of(header, rows);
        int last = differences.isEmpty() ? rows.size() : (int) numbers(least).indexOf(Long.parseLong(differences.getFirst().record())) + 1;
        return "seed " + seed + ", of whose operations these are enough:\n" + LiveScript.of(header, rows.subList(0, last), differences);
    }

    private static List<Long> numbers(List<ObjectNode> operations) {
        return operations.stream().map(operation -> operation.get("i").asLong()).toList();
    }

    private boolean comesAgain(ObjectNode header, List<ObjectNode> operations) {
        int times = 0;
        for (int i = 0; i < AGAIN; i++) {
            times += compare(header, operations).isEmpty() ? 0 : 1;
        }
        return times >= MOST;
    }

    private List<Difference> compare(ObjectNode header, List<ObjectNode> operations) {
        return LiveComparison.of(header, perform(header, operations));
    }

    private List<Row> perform(ObjectNode header, List<ObjectNode> operations) {
        try {
            return spoil.apply(new ArrayList<>(kernel.perform(header, operations)));
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
