package dev.shootdown.lang;

import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a race: for each actor the steps that it takes, in the order of its rows. */
final class Rows {
    private final Play play;
    private final Map<Actor, List<Step>> steps = new LinkedHashMap<>();

    Rows(Play play) {
        this.play = play;
    }

    /** By actor, in the order in which they first appear. */
    Map<Actor, List<Step>> steps() {
        return steps;
    }

    void add(List<Statement> rows) {
        for (Statement row : rows) {
            switch (row) {
                case Statement.Perform perform -> perform.calls().forEach(call -> call(perform.actor(), call));
                case Statement.Repeat repeat -> repeat(repeat);
                case Statement.Either either -> either(either);
                case Statement.If choice -> choice(choice, 0);
                default -> throw new IllegalStateException("no row: " + row);
            }
        }
    }

    private List<Step> of(Actor actor) {
        return steps.computeIfAbsent(actor, ignored -> new ArrayList<>());
    }

    private void call(Optional<Identifier> actor, VerbCall call) {
        Planned planned = play.planner().plan(actor, call);
        Step step = new Perform(play.program().add(planned));
        Step guarded = call.when().isEmpty() ? step : new Decide(play.program().add(call.when().get()), List.of(step), List.of());
        of(planned.scene().actor()).add(guarded);
    }

    private Map<Actor, List<Step>> inner(List<Statement> body) {
        Rows rows = new Rows(play);
        rows.add(body);
        return rows.steps;
    }

    /** A block whose actors do not meet in it may be taken apart by actor: each repeats its own part. */
    private void repeat(Statement.Repeat repeat) {
        long times = play.evaluator().number(repeat.times());
        Limits.TIMES.check(times, repeat.times().at());
        inner(repeat.body()).forEach((actor, block) -> of(actor).add(new Again(times, block)));
    }

    private void either(Statement.Either either) {
        List<Map<Actor, List<Step>>> choices = either.choices().stream().map(this::inner).toList();
        Actor actor = only(choices, either);
        of(actor).add(new Choose(choices.stream().map(choice -> choice.getOrDefault(actor, List.of())).toList()));
    }

    private void choice(Statement.If choice, int branch) {
        Statement.Branch first = choice.branches().get(branch);
        Map<Actor, List<Step>> then = inner(first.body());
        Rows rest = new Rows(play);
        if (branch + 1 < choice.branches().size()) {
            rest.choice(choice, branch + 1);
        } else {
            rest.add(choice.otherwise());
        }
        Actor actor = only(List.of(then, rest.steps), choice);
        int condition = play.program().add(first.condition());
        of(actor).add(new Decide(condition, then.getOrDefault(actor, List.of()), rest.steps.getOrDefault(actor, List.of())));
    }

    /** A decision in a race is taken by whose row it is. */
    private static Actor only(List<Map<Actor, List<Step>>> blocks, Statement statement) {
        List<Actor> actors = blocks.stream().flatMap(block -> block.keySet().stream()).distinct().toList();
        if (actors.size() != 1) {
            throw new Refusal(Diagnostic.error("several-actors", statement.at(),
                    "in a race this belongs to the row of one actor")
                    .hint("write it once for each of them"));
        }
        return actors.getFirst();
    }
}
