package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
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
    private final Given given;
    private final Optional<Stops.Block> block;
    private final Map<Actor, List<Step>> steps = new LinkedHashMap<>();

    Rows(Play play) {
        this(play, new Given(play.machine().world()), Optional.empty());
    }

    /** @param block the block of an {@code at} in which they stand */
    private Rows(Play play, Given given, Optional<Stops.Block> block) {
        this.play = play;
        this.given = given;
        this.block = block;
    }

    /** The actor of the first call in a statement. */
    static Optional<Identifier> whose(Statement statement) {
        return switch (statement) {
            case Statement.Perform perform -> perform.actor();
            case Statement.LetCall let -> let.call().actor();
            case Statement.Repeat repeat -> whose(repeat.body());
            case Statement.Either either -> either.choices().stream().flatMap(choice -> whose(choice).stream()).findFirst();
            case Statement.If choice -> choice.branches().stream().flatMap(branch -> whose(branch.body()).stream()).findFirst()
                    .or(() -> whose(choice.otherwise()));
            default -> Optional.empty();
        };
    }

    private static Optional<Identifier> whose(List<Statement> statements) {
        return statements.stream().flatMap(statement -> whose(statement).stream()).findFirst();
    }

    private Rows inside() {
        return new Rows(play, given, block);
    }

    /** The whole race: whoever is asked for something in a block of another waits for that behind its own rows. */
    void race(List<Statement> rows) {
        add(rows);
        Stops stops = play.program().stops();
        if (stops != null) {
            stops.actors().forEach(actor -> of(actor).add(new Stops.Serve(actor.number())));
        }
    }

    /** By actor, in the order in which they first appear. */
    Map<Actor, List<Step>> steps() {
        return steps;
    }

    void add(List<Statement> rows) {
        for (Statement row : rows) {
            switch (row) {
                case Statement.Perform perform -> perform.calls().forEach(call -> call(perform.actor(), call, Optional.empty()));
                case Statement.LetCall let -> let(let);
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

    private void let(Statement.LetCall let) {
        List<VerbCall> calls = let.call().calls();
        calls.subList(0, calls.size() - 1).forEach(call -> call(let.call().actor(), call, Optional.empty()));
        call(let.call().actor(), calls.getLast(), Optional.of(let.name().text()));
    }

    private void call(Optional<Identifier> actor, VerbCall call, Optional<String> name) {
        String who = CallCheck.who(actor, call, play.names()).actor();
        Planned planned = play.planner().plan(actor, call, given.of(who, Mentions.in(call), block));
        List<Integer> stops = call.stops().stream().map(stop -> stop(planned.scene().actor(), stop)).toList();
        Planned.Row row = new Planned.Row(name.map(text -> given.name(who, text)), stops);
        Step step = new Perform(play.program().add(planned.in(row)));
        of(planned.scene().actor()).add(call.when().map(when -> (Step) new Decide(condition(when, who), List.of(step), List.of())).orElse(step));
    }

    private int condition(Expression condition, String who) {
        return play.program().add(condition, given.of(who, Mentions.in(condition), block));
    }

    /** A block's statements are done one after the other, each by whom it is for. */
    private int stop(Actor of, VerbCall.Stop stop) {
        Stops stops = play.program().blocks();
        Stops.Block inside = stops.block(Inference.event(stop.event()), block);
        List<Stops.Item> items = new ArrayList<>();
        for (Statement statement : stop.body()) {
            Rows rows = new Rows(play, given, Optional.of(inside));
            rows.add(List.of(statement));
            rows.steps.forEach((actor, steps) -> items.add(new Stops.Item(actor, steps)));
        }
        return stops.add(inside, of, items, given.fields(inside));
    }

    private Map<Actor, List<Step>> inner(List<Statement> body) {
        Rows rows = inside();
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
        Rows rest = inside();
        if (branch + 1 < choice.branches().size()) {
            rest.choice(choice, branch + 1);
        } else {
            rest.add(choice.otherwise());
        }
        Actor actor = only(List.of(then, rest.steps), choice);
        int condition = condition(first.condition(), actor.name());
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
