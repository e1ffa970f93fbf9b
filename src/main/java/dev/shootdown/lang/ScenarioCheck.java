package dev.shootdown.lang;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.function.Consumer;

/** Whether a scenario is setup, one race, and then nothing but conditions. */
final class ScenarioCheck {
    private final Declaration.Scenario scenario;

    ScenarioCheck(Declaration.Scenario scenario) {
        this.scenario = scenario;
    }

    void check(Consumer<Diagnostic> report) {
        boolean raced = false;
        for (Statement statement : scenario.body()) {
            if (raced && statement instanceof Statement.Race) {
                report.accept(Diagnostic.error("second-race", statement.at(), "a scenario has one race"));
                return;
            }
            if (raced && !isQuestion(statement)) {
                report.accept(Diagnostic.error("after-race", statement.at(),
                        "behind the race of a scenario stand conditions only")
                        .hint("what is to happen at the same time stands in the race; what comes before, above it"));
                return;
            }
            raced |= statement instanceof Statement.Race;
        }
    }

    private static boolean isQuestion(Statement statement) {
        return statement instanceof Condition.Quantified;
    }
}
