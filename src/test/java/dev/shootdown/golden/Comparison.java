package dev.shootdown.golden;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Judges a run against what a real kernel did, operation by operation. */
final class Comparison {
    private static final Map<String, Map<String, Long>> OWN_FREED = Map.of("exit_threaded", Map.of("user", 1L));

    private final String name;
    private final Places places;
    private final List<Operation> operations;
    private final List<Call> calls;

    /** A call of the run with all events up to the next one. */
    private record Call(JsonNode call, List<JsonNode> rows) {}

    private Comparison(List<JsonNode> golden, List<JsonNode> run) {
        this.name = golden.getFirst().get("name").asString();
        this.places = new Places(golden.getFirst().get("regions"));
        this.operations = Operation.recorded(name, golden.subList(1, golden.size()));
        this.calls = calls(run);
    }

    /** What differs, one line for each; empty if they agree. */
    static List<String> differences(List<JsonNode> golden, List<JsonNode> run) {
        return new Comparison(golden, run).compare();
    }

    private static List<Call> calls(List<JsonNode> run) {
        List<Call> calls = new ArrayList<>();
        for (JsonNode row : run) {
            if (row.path("event").asString("").equals("call")) {
                calls.add(new Call(row, new ArrayList<>()));
            } else if (!calls.isEmpty()) {
                calls.getLast().rows.add(row);
            }
        }
        return calls;
    }

    /** Gives each operation its calls, from the last backwards; calls left over are preparation. */
    private List<Integer> pair() {
        Set<Integer> used = new HashSet<>();
        int i = calls.size();
        for (Operation operation : operations.reversed()) {
            List<Integer> mine = new ArrayList<>();
            for (String verb : operation.verbs.reversed()) {
                i--;
                while (i >= 0 && !calls.get(i).call.get("op").asString().equals(verb)) {
                    i--;
                }
                if (i < 0) {
                    throw new IllegalStateException(name + ": no call of `" + verb + "` for the recorded operation \"" + operation.what + "\"");
                }
                mine.addFirst(i);
                used.add(i);
            }
            operation.calls = mine;
        }
        List<Integer> spare = new ArrayList<>();
        for (int n = 0; n < calls.size(); n++) {
            if (!used.contains(n)) {
                spare.add(n);
            }
        }
        return spare;
    }

    private List<String> compare() {
        List<String> differences = new ArrayList<>();
        List<Integer> spare = pair();
        String first = calls.stream().map(call -> call.call.get("actor").asString()).filter(actor -> actor.contains(".")).findFirst()
                .orElse(calls.getFirst().call.get("actor").asString()).split("\\.")[0];
        learn();
        for (int n : spare) {
            preparation(n, first, differences);
        }
        operations.forEach(operation -> operation(operation, first, differences));
        return differences;
    }

    private void learn() {
        if (places.pending()) {
            for (int i : operations.getLast().calls.reversed()) {
                for (JsonNode row : calls.get(i).rows) {
                    if (row.get("event").asString().equals("return") && row.path("result").isString()) {
                        places.learn(new BigInteger(row.get("result").asString().substring(2), 16));
                    }
                }
            }
        }
    }

    private void preparation(int n, String first, List<String> differences) {
        List<String> extra = Tokens.settle(Tokens.run(calls.get(n).rows, places, first), "strict", null).lines();
        for (String line : extra) {
            differences.add("call " + (n + 1) + " is preparation, and has " + line);
        }
        String errno = errno(calls.get(n).rows);
        if (errno != null) {
            differences.add("call " + (n + 1) + " is preparation, and returns " + errno);
        }
    }

    private static String errno(List<JsonNode> rows) {
        return rows.stream().filter(row -> row.get("event").asString().equals("return") && row.hasNonNull("errno"))
                .map(row -> row.get("errno").asString()).findFirst().orElse(null);
    }

    private void operation(Operation operation, String first, List<String> differences) {
        List<JsonNode> rows = operation.calls.stream().flatMap(i -> calls.get(i).rows.stream()).toList();
        String rule = operation.freesRule();
        List<Token> wanted = Tokens.recorded(operation, places);
        if (rule.equals("totals")) {
            OWN_FREED.getOrDefault(name, Map.of()).forEach((kind, count) -> wanted.add(new Token.Free(kind, -count)));
        }
        Tokens.Settled left = Tokens.settle(wanted, rule, null);
        List<Token> found = new ArrayList<>(Tokens.run(rows, places, first));
        if (Operation.NEW_PROGRAM.contains(name)) {
            found.removeIf(token -> token.toString().contains("text=M1 "));
        }
        Tokens.Settled right = Tokens.settle(found, rule, rule.equals("bound") ? left.sums() : null);
        String errno = errno(rows);
        if (!operation.calls.isEmpty() && (operation.errno != null || errno != null)) {
            left.lines().add("returns " + (operation.errno == null ? "success" : operation.errno));
            right.lines().add("returns " + (errno == null ? "success" : errno));
        }
        if (!left.lines().equals(right.lines())) {
            differences.add(operation.what + ": recorded " + left.lines() + ", run " + right.lines() + ", not in both " + apart(left, right));
        }
    }

    private static Set<String> apart(Tokens.Settled left, Tokens.Settled right) {
        Set<String> apart = new TreeSet<>(left.lines());
        right.lines().forEach(line -> {
            if (!apart.remove(line)) {
                apart.add("+ " + line);
            }
        });
        return apart;
    }
}
