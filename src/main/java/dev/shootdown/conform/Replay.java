package dev.shootdown.conform;

import dev.shootdown.mm.Exit;
import dev.shootdown.mm.Fork;
import dev.shootdown.sim.Outcome;
import java.nio.file.Path;
import java.util.List;

/** Does all that a recording says was done, in order, and compares after each operation. */
final class Replay {
    private final Recording recording;
    private final Arena arena;
    private final Look look;
    private final Operations operations;
    private final Differences differences;
    private final HugePageScan scan;

    private Replay(Recording recording, Differences differences) {
        this.recording = recording;
        this.differences = differences;
        this.arena = new Arena(recording.header());
        this.look = new Look(arena);
        this.scan = new HugePageScan(arena, look);
        this.operations = new Operations(arena, look);
    }

    /** What differs; nothing if all agrees. */
    static List<Difference> of(Path file) {
        Differences differences = new Differences(file.toString(), Unstable.of(file));
        new Replay(Recording.read(file), differences).all();
        return differences.all();
    }

    private void all() {
        for (Row row : recording.rows()) {
            differences.record(row.number("i"));
            one(row);
        }
    }

    private void one(Row row) {
        switch (row.text("op")) {
            case "seq" -> several(row, "ops", arena.mm(), true);
            case "fork" -> fork(row);
            default -> differences.results("", expected(row), operations.apply(row, arena.mm()), true);
        }
        looked("", row);
    }

    private void looked(String path, Row row) {
        Snapshot expected = Snapshot.of(row);
        if (expected.mappings() != null || expected.pages() != null || expected.tables() != null) {
            differences.snapshots(path, expected, scan.look(expected, arena.mm()));
        }
    }

    private void child(String path, Row row) {
        Snapshot expected = Snapshot.of(row);
        differences.child(path, expected, scan.look(expected, arena.child()));
    }

    private Result expected(Row row) {
        return Result.of(row, arena.header().base());
    }

    private void several(Row row, String field, int mm, boolean whole) {
        int i = 0;
        for (Row one : row.rows(field)) {
            differences.results(field + "[" + i + "].", expected(one), operations.apply(one, mm), whole);
            i++;
        }
    }

    private void fork(Row row) {
        arena.watch().forget();
        long outcome = arena.run(arena.mm(), List.of(new Fork(arena.mm(), arena.child())));
        String errno = Outcome.failed(outcome) ? Outcome.errno(outcome).name() : null;
        differences.results("", expected(row), new Result(null, errno, null, null, null, null, null, List.of(), List.copyOf(arena.watch().ranges())), true);
        if (errno != null) {
            return;
        }
        arena.forked();
        child("c0.", row.row("c0"));
        several(row, "cops", arena.child(), false);
        child("c1.", row.row("c1"));
        several(row, "pops", arena.mm(), true);
        looked("mid.", row.row("mid"));
        arena.run(arena.child(), List.of(new Exit(arena.child())));
    }
}
