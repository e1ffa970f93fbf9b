package dev.shootdown.lang;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import java.util.ArrayList;
import java.util.List;

/** The names of the processes that a statement may bear: their threads must be there before anything runs. */
final class Forks {
    private Forks() {}

    static List<String> in(Statement statement) {
        List<String> names = new ArrayList<>();
        collect(statement, names);
        return names;
    }

    static List<String> in(List<Statement> statements) {
        List<String> names = new ArrayList<>();
        statements.forEach(statement -> collect(statement, names));
        return names;
    }

    private static void collect(Statement statement, List<String> names) {
        switch (statement) {
            case Statement.Perform perform -> perform.calls().forEach(call -> add(call, names));
            case Statement.LetCall let -> let.call().calls().forEach(call -> add(call, names));
            case Condition.ExpectFailure failure -> add(failure.call(), names);
            case Condition.ExpectTrace trace -> add(trace.call(), names);
            case Statement.Race race -> race.rows().forEach(row -> collect(row, names));
            case Statement.Repeat repeat -> repeat.body().forEach(inner -> collect(inner, names));
            case Statement.Either either -> either.choices().forEach(choice -> choice.forEach(inner -> collect(inner, names)));
            case Statement.If choice -> {
                choice.branches().forEach(branch -> branch.body().forEach(inner -> collect(inner, names)));
                choice.otherwise().forEach(inner -> collect(inner, names));
            }
            case Statement.Probe probe -> probe.body().forEach(inner -> collect(inner, names));
            default -> { }
        }
    }

    private static void add(VerbCall call, List<String> names) {
        String verb = call.verb().text();
        if (verb.equals("fork") || verb.equals("vfork")) {
            names.add(call.written().trim());
        }
        call.stops().forEach(stop -> stop.body().forEach(inner -> collect(inner, names)));
    }
}
