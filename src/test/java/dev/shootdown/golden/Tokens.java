package dev.shootdown.golden;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A recording's rows and a run's events, both as the same few things over a case's regions. */
final class Tokens {
    static final List<String> KINDS = List.of("user", "thp", "table");
    private static final Map<String, String> CALLBACK =
            Map.of("start", "invalidate_range_start", "end", "invalidate_range_end", "range", "invalidate_range");
    private static final Set<String> NOTES = Set.of("change_pte", "clear_flush_young", "clear_young", "test_young");
    private static final Set<String> RANGED =
            Set.of("notify_start", "notify_end", "invalidate_range", "cpu_flush", "callback", "change_pte", "clear_flush_young", "clear_young", "test_young");

    private Tokens() {}

    // ---------------------------------------------------------------- the recording

    static List<Token> recorded(Operation operation, Places places) {
        List<Token> tokens = new ArrayList<>();
        for (JsonNode row : operation.rows) {
            String where = where(row, places);
            boolean elsewhere = where == null && (row.has("r") || row.has("addr"));
            if (!elsewhere) {
                add(row, where, tokens);
            }
        }
        return tokens;
    }

    private static String where(JsonNode row, Places places) {
        if (row.has("r")) {
            BigInteger low = places.absolute(row.get("r").get(0).asString());
            BigInteger high = places.absolute(row.get("r").get(1).asString());
            return low == null || high == null ? null : places.write(low, high);
        }
        BigInteger at = row.has("addr") ? places.absolute(row.get("addr").asString()) : null;
        return at == null ? null : point(places.write(at, at.add(BigInteger.ONE)));
    }

    private static String point(String range) {
        return range == null ? null : range.substring(0, range.lastIndexOf(' ')) + "]";
    }

    private static void add(JsonNode row, String where, List<Token> tokens) {
        String mm = row.has("mm") && !row.get("mm").asString().isEmpty() ? row.get("mm").asString() + " " : "";
        String kind = row.get("t").asString();
        switch (kind) {
            case "start" -> tokens.add(hook(mm + "start " + row.get("event").asString() + " " + where
                    + ((row.get("flags").asInt() & 1) != 0 ? "" : " nonblocking"), row));
            case "end" -> tokens.add(hook(mm + "end " + row.get("event").asString() + " " + where + (truth(row, "only_end") ? " only_end" : ""), row));
            case "invalidate_range" -> tokens.add(hook(mm + "invalidate_range " + where, row));
            case "tlb_flush" -> tokens.add(new Token.Plain(mm + "flush " + where + (truth(row, "freed_tables") ? " tables" : "")));
            case "tlb_batch_flush" -> tokens.add(new Token.Plain("flush batch"));
            case "release" -> tokens.add(new Token.Plain(mm + "release"));
            case "free" -> free(row, tokens);
            default -> {
                if (NOTES.contains(kind)) {
                    tokens.add(new Token.Plain(mm + kind + " " + where));
                }
            }
        }
    }

    private static Token hook(String text, JsonNode row) {
        List<String> callbacks = new ArrayList<>();
        row.get("cb").forEach(callback -> callbacks.add(callback.asString()));
        return new Token.Hook(text, callbacks);
    }

    private static void free(JsonNode row, List<Token> tokens) {
        if (truth(row, "pre")) {
            return;
        }
        String kind = switch (row.get("kind").asString() + row.get("order").asInt()) {
            case "user0" -> "user";
            case "thp9" -> "thp";
            case "pgtable0" -> "table";
            default -> null;
        };
        if (kind != null) {
            tokens.add(new Token.Free(kind, row.get("n").asLong()));
        }
    }

    private static boolean truth(JsonNode row, String name) {
        return row.has(name) && (row.get(name).isBoolean() ? row.get(name).asBoolean() : row.get(name).asInt() != 0);
    }

    // ---------------------------------------------------------------- the run

    static List<Token> run(List<JsonNode> rows, Places places, String first) {
        List<Token> tokens = new ArrayList<>();
        for (JsonNode row : rows) {
            String event = row.get("event").asString();
            String process = row.has("process") ? row.get("process").asString() : row.get("actor").asString().split("\\.")[0];
            String mm = process.equals(first) || process.equals("kernel") ? "" : "M1 ";
            String where = place(row, places);
            boolean batch = event.equals("cpu_flush") && truth(row, "batch");
            if (where != null || batch || !RANGED.contains(event)) {
                add(row, event, mm, where, batch, tokens);
            }
        }
        return tokens;
    }

    private static String place(JsonNode row, Places places) {
        if (row.has("start") && row.has("end")) {
            return places.write(number(row.get("start")), number(row.get("end")));
        }
        if (!row.has("addr")) {
            return null;
        }
        BigInteger at = number(row.get("addr"));
        return point(places.write(at, at.add(BigInteger.ONE)));
    }

    static BigInteger number(JsonNode value) {
        return value.isString() ? new BigInteger(value.asString().substring(2), 16) : value.bigIntegerValue();
    }

    private static void add(JsonNode row, String event, String mm, String where, boolean batch, List<Token> tokens) {
        switch (event) {
            case "notify_start" -> tokens.add(new Token.Hook(mm + "start " + row.get("reason").asString() + " " + where
                    + (!row.has("blockable") || truth(row, "blockable") ? "" : " nonblocking")));
            case "notify_end" -> tokens.add(new Token.Hook(mm + "end " + row.get("reason").asString() + " " + where
                    + (truth(row, "only_end") ? " only_end" : "")));
            case "invalidate_range" -> tokens.add(new Token.Hook(mm + "invalidate_range " + where));
            case "callback" -> callback(row, mm, where, tokens);
            case "cpu_flush" -> tokens.add(new Token.Plain(batch ? "flush batch" : mm + "flush " + where + (truth(row, "tables") ? " tables" : "")));
            case "release" -> tokens.add(new Token.Plain(mm + "release"));
            case "page_free" -> {
                if (!row.path("owner").asString("").equals("kernel")) {
                    tokens.add(new Token.Free(row.path("order").asInt(0) >= 9 ? "thp" : "user", 1));
                }
            }
            case "table_free" -> {
                if (row.path("level").asInt(1) < 4) {
                    tokens.add(new Token.Free("table", 1));
                }
            }
            default -> {
                if (NOTES.contains(event)) {
                    tokens.add(new Token.Plain(mm + event + " " + where));
                }
            }
        }
    }

    private static void callback(JsonNode row, String mm, String where, List<Token> tokens) {
        String name = CALLBACK.get(row.get("name").asString());
        if (name == null) {
            return;
        }
        if (tokens.isEmpty() || !(tokens.getLast() instanceof Token.Hook hook)) {
            tokens.add(new Token.Plain(mm + "callback outside a hook: " + name + " " + where));
        } else {
            hook.callbacks().add(hook.text().contains(" " + where) ? name : name + " " + where);
        }
    }

    // ---------------------------------------------------------------- both as text

    /** Tokens as text, with the frees of each kind in all. */
    record Settled(List<String> lines, Map<String, Long> sums) {}

    /** Frees run together; under other rules than strict they are taken out and summed up at the end. */
    static Settled settle(List<Token> tokens, String rule, Map<String, Long> bound) {
        List<Object> out = new ArrayList<>();
        Map<String, Long> sums = nothing();
        boolean flushed = false;
        boolean early = false;
        for (Token token : tokens) {
            switch (token) {
                case Token.Free free -> {
                    sums.merge(free.kind(), free.pages(), Long::sum);
                    early |= !flushed && !free.kind().equals("table");
                    strict(free, rule, out);
                }
                case Token.Plain plain -> {
                    flushed |= flushes(plain.text());
                    out.add(plain.text());
                }
                case Token.Hook hook -> {
                    flushed |= flushes(hook.text());
                    out.add(hook.text() + " [" + String.join(", ", hook.callbacks()) + "]");
                }
            }
        }
        List<String> lines = out.stream().map(Tokens::line).collect(Collectors.toCollection(ArrayList::new));
        if (rule.equals("totals") || rule.equals("bound")) {
            Map<String, Long> shown = bound != null && KINDS.stream().allMatch(kind -> sums.get(kind) <= bound.get(kind)) ? bound : sums;
            lines.add("in all" + (rule.equals("bound") ? " at most" : "") + ": " + say(shown) + (early ? ", some before any flush" : ""));
        }
        return new Settled(lines, sums);
    }

    private static boolean flushes(String text) {
        String rest = text.startsWith("M1 ") ? text.substring(3) : text;
        return rest.startsWith("flush") || rest.startsWith("invalidate_range ");
    }

    @SuppressWarnings("unchecked")
    private static void strict(Token.Free free, String rule, List<Object> out) {
        if (rule.equals("strict")) {
            if (out.isEmpty() || !(out.getLast() instanceof Map)) {
                out.add(nothing());
            }
            ((Map<String, Long>) out.getLast()).merge(free.kind(), free.pages(), Long::sum);
        }
    }

    private static Map<String, Long> nothing() {
        Map<String, Long> sums = new LinkedHashMap<>();
        KINDS.forEach(kind -> sums.put(kind, 0L));
        return sums;
    }

    @SuppressWarnings("unchecked")
    private static String line(Object one) {
        return one instanceof String text ? text : say((Map<String, Long>) one);
    }

    private static String say(Map<String, Long> frees) {
        String all = KINDS.stream().filter(kind -> frees.get(kind) != 0).map(kind -> frees.get(kind) + " " + kind).collect(Collectors.joining(", "));
        return "free " + (all.isEmpty() ? "nothing" : all);
    }
}
