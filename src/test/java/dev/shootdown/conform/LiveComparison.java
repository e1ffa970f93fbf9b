package dev.shootdown.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Does in the model what the live kernel did, and compares after each operation. */
final class LiveComparison {
    /** Where a mapping's counts have that of its dirty pages. */
    private static final int DIRTY = 2;

    private LiveComparison() {}

    /**
     * Compares up to the first operation at which something differs.
     *
     * @return what differs there; nothing if all agrees
     */
    static List<Difference> of(ObjectNode header, List<Row> rows) {
        Arena arena = new Arena(Header.of(new Row("live", 0, header)));
        Look look = new Look(arena);
        Operations operations = new Operations(arena, look);
        Differences differences = new Differences("live", new Unstable(Map.of()));
        for (Row row : rows) {
            differences.record(row.number("i"));
            differences.results("", Result.of(row, arena.header().base()), operations.apply(row, arena.mm()), false);
            differences.snapshots("", settled(arena, row, Snapshot.of(row)), settled(arena, row, look.of(arena.mm(), false)));
            if (!differences.all().isEmpty()) {
                break;
            }
        }
        return differences.all();
    }

    /** Without what comes and goes: whether pages of a file on a disk are dirty, which is written back when it suits; page tables; frames that were not told. */
    private static Snapshot settled(Arena arena, Row row, Snapshot seen) {
        List<Snapshot.Mapping> mappings = seen.mappings().stream().map(one -> arena.header().disk() && !one.object().equals("a") ? clean(one) : one).toList();
        return new Snapshot(mappings, seen.pages(), null, row.has("al") ? seen.aliases() : null);
    }

    private static Snapshot.Mapping clean(Snapshot.Mapping one) {
        List<Long> counts = new ArrayList<>(one.counts());
        counts.set(DIRTY, 0L);
        return new Snapshot.Mapping(one.start(), one.end(), one.perms(), one.pgoff(), one.object(), one.flags(), counts);
    }
}
