package dev.shootdown.conform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What of a recording came out otherwise when the same was done again: fields of records, which are not compared. It
 * stands in {@code unstable.json} beside the recordings.
 *
 * @param fields by record, those that are not compared: {@code inv}, {@code ops[0].inv}
 */
record Unstable(Map<Long, Set<String>> fields) {
    private static final String NAME = "unstable.json";

    /** What is known of a recording; nothing where there is no such file. */
    static Unstable of(Path recording) {
        Path beside = recording.resolveSibling(NAME);
        if (!Files.exists(beside)) {
            return new Unstable(Map.of());
        }
        Row all = Row.read(beside.toString(), 1, String.join("\n", TextFile.lines(beside)));
        String name = recording.getFileName().toString();
        String plain = name.endsWith(TextFile.PACKED) ? name.substring(0, name.length() - TextFile.PACKED.length()) : name;
        Map<Long, Set<String>> fields = new HashMap<>();
        for (JsonNode entry : all.list(all.has(plain) ? plain : name)) {
            if (!entry.isArray() || entry.size() != 2 || !entry.get(0).isIntegralNumber() || !entry.get(1).isArray()) {
                throw all.wrong(plain, "a list of a record's number and its fields", entry);
            }
            Set<String> paths = fields.computeIfAbsent(entry.get(0).asLong(), number -> new HashSet<>());
            entry.get(1).forEach(path -> paths.add(path.asString("")));
        }
        return new Unstable(fields);
    }

    boolean has(long record, String field) {
        return fields.getOrDefault(record, Set.of()).contains(field);
    }
}
