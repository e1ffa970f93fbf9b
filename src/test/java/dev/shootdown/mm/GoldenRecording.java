package dev.shootdown.mm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What a real kernel did: the operations of a recorded case, each with its events in the case's own terms. */
final class GoldenRecording {
    private static final Map<String, Long> SLOTS =
            Map.of("A", 0x1000_0000_0000L, "L", 0x1000_0000_0000L, "R", 0x1000_0000_0000L, "B", 0x1100_0000_0000L, "BRK", 0L);

    /** An operation: what was done, and the tokens of its events; faults is -1 where they are mixed with others. */
    static final class Operation {
        String what;
        final List<GoldenToken> tokens = new ArrayList<>();
        int faults;
        boolean childExit;
        boolean wholeFlush;
    }

    final Map<String, Long> bases = new HashMap<>();
    final Map<String, Long> lengths = new HashMap<>();
    final List<Operation> operations = new ArrayList<>();

    GoldenRecording(String name) {
        ObjectMapper mapper = new ObjectMapper();
        List<String> open = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(GoldenScenario.ROOT.resolve("cases/" + name + ".jsonl"))) {
                row(mapper.readTree(line), open);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void row(JsonNode row, List<String> open) {
        String type = row.path("t").asString();
        String task = row.path("task").asString("");
        switch (type) {
            case "case" -> row.path("regions").forEach(this::region);
            case "op", "setup" -> {
                if (open.isEmpty()) {
                    operations.add(new Operation());
                    operations.getLast().what = "";
                }
                operations.getLast().what += " / " + row.path("what").asString();
                open.add(task);
            }
            case "ret" -> {
                while (!open.isEmpty() && !open.removeLast().equals(task)) {
                    // One recorded inside another ends with it.
                }
            }
            default -> {
                if (!open.isEmpty()) {
                    event(operations.getLast(), type, row);
                }
            }
        }
    }

    private void region(JsonNode region) {
        String name = region.path("name").asString();
        bases.put(name, SLOTS.get(name) + region.path("base_mod_1g").asLong());
        lengths.put(name, region.path("len").asLong());
    }

    private void event(Operation operation, String type, JsonNode row) {
        String mm = row.has("mm") ? "M1 " : "";
        String where = row.has("r") ? range(row) : row.has("addr") ? place(row.path("addr").asString()) : "";
        if (where == null) {
            return;
        }
        List<String> callbacks = new ArrayList<>();
        row.path("cb").forEach(cb -> callbacks.add(cb.asString().replace("invalidate_range_", "").replace("invalidate_range", "range")));
        switch (type) {
            case "start" -> operation.tokens.add(GoldenToken.hook(mm + "start " + row.path("event").asString() + where, callbacks));
            case "end" -> operation.tokens.add(GoldenToken.hook(
                    mm + "end " + row.path("event").asString() + where + (row.path("only_end").asBoolean() ? " only_end" : ""), callbacks));
            case "invalidate_range" -> operation.tokens.add(GoldenToken.hook(mm + type + where, callbacks));
            case "tlb_flush" -> {
                boolean whole = where.equals(" all") && row.path("by").asString().equals("tlb_finish_mmu");
                operation.wholeFlush |= whole;
                operation.childExit |= whole && !mm.isEmpty();
                operation.tokens.add(GoldenToken.plain(mm + "flush" + where + (row.path("freed_tables").asBoolean() ? " tables" : "")));
            }
            case "change_pte", "ptep_clear_flush" -> operation.tokens.add(GoldenToken.plain(mm + type + where));
            case "release" -> operation.tokens.add(GoldenToken.plain(mm + "release"));
            case "free" -> freed(operation, row);
            case "fault" -> operation.faults = place(row.path("first").asString()) == null || place(row.path("last").asString()) == null
                    || operation.faults < 0 ? -1 : operation.faults + row.path("n").asInt();
            default -> { }
        }
    }

    private static void freed(Operation operation, JsonNode row) {
        String kind = row.path("kind").asString();
        if (!row.has("pre") && row.path("order").asInt() == 0 && (kind.equals("user") || kind.equals("pgtable"))) {
            operation.tokens.add(GoldenToken.freed(kind.equals("user"), row.path("n").asInt()));
        }
    }

    private String range(JsonNode row) {
        Long low = address(row.path("r").get(0).asString());
        Long high = address(row.path("r").get(1).asString());
        return low == null || high == null ? null : GoldenToken.range(low, high);
    }

    private String place(String text) {
        Long address = address(text);
        return address == null ? null : GoldenToken.place(address);
    }

    private Long address(String text) {
        if (text.equals("0")) {
            return 0L;
        }
        if (text.equals("MAX")) {
            return -1L;
        }
        int plus = text.indexOf('+');
        Long base = plus < 0 ? null : bases.get(text.substring(0, plus));
        return base == null ? null : Long.valueOf(base + Long.decode(text.substring(plus + 1)));
    }
}
