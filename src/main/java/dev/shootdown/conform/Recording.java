package dev.shootdown.conform;

import dev.shootdown.vocabulary.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A recording of random operations: what a kernel was asked to do, and all that was to be seen of it. */
record Recording(Header header, List<Row> rows) {
    /** @throws Refusal if the file is none */
    static Recording read(Path file) {
        String name = file.toString();
        List<String> lines = TextFile.lines(file);
        if (lines.isEmpty()) {
            throw Row.refusal(name, 0, "empty-file", "there is nothing in it");
        }
        Header header = Header.of(Row.read(name, 1, lines.getFirst()));
        List<Row> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            rows.add(Row.read(name, i + 1, lines.get(i)));
        }
        return new Recording(header, rows);
    }
}
