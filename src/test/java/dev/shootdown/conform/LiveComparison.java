package dev.shootdown.conform;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Does in the model what the live kernel did, and compares after each operation. */
final class LiveComparison {
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
        Differences differences = new Differences("live", new Unstable(java.util.Map.of()));
        for (Row row : rows) {
            differences.record(row.number("i"));
            differences.results("", Result.of(row, arena.header().base()), operations.apply(row, arena.mm()), false);
            differences.snapshots("", Snapshot.of(row), look.of(arena.mm()));
            if (!differences.all().isEmpty()) {
                break;
            }
        }
        return differences.all();
    }
}
