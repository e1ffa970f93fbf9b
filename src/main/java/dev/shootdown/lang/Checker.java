package dev.shootdown.lang;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.trace.Kind;
import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks statements before any of them runs: names, words, options and their kinds. Each statement gives one
 * diagnostic at most, and what a broken one would have declared counts as declared, so that its users give none.
 */
final class Checker {
    /** Where a statement stands; what may stand there differs. */
    enum Where { TOP, SCENARIO, RACE, BLOCK }

    private final Inclusions inclusions;
    private final List<Diagnostic> found;
    /** In a race, who stands at an event while what is checked is done. */
    private final Set<String> held = new LinkedHashSet<>();
    private Names names;
    private Where where;

    /** @param where where the statements stand */
    Checker(Names names, Inclusions inclusions, Where where) {
        this(names, inclusions, where, new ArrayList<>());
    }

    private Checker(Names names, Inclusions inclusions, Where where, List<Diagnostic> found) {
        this.names = names;
        this.inclusions = inclusions;
        this.where = where;
        this.found = found;
    }

    /** What is wrong, in the order of the text; warnings included. The names then hold what the statements declare. */
    List<Diagnostic> check(List<Statement> statements) {
        for (Statement statement : statements) {
            try {
                check(statement);
            } catch (Refusal refusal) {
                found.add(refusal.diagnostic());
                Declared.despite(statement, names);
            }
        }
        return found;
    }

    private void check(Statement statement) {
        switch (statement) {
            case Declaration declaration -> declaration(declaration);
            case Condition condition -> condition(condition);
            case Statement.Plain plain -> plain(plain);
        }
    }

    private void block(List<Statement> statements, Where inside) {
        block(statements, inside, names);
    }

    private void block(List<Statement> statements, Where inside, Names known) {
        Checker checker = new Checker(known, inclusions, inside, found);
        checker.held.addAll(held);
        checker.check(statements);
    }

    /** Blocks of which one is done: none of them knows what another declares. */
    private void oneOf(List<List<Statement>> blocks) {
        List<Names> all = new ArrayList<>();
        for (List<Statement> block : blocks) {
            all.add(names.inner());
            block(block, where, all.getLast());
        }
        names.join(all);
    }

    private void refuse(boolean so, String code, Statement statement, String cause) {
        if (so) {
            throw new Refusal(Diagnostic.error(code, statement.at(), cause));
        }
    }

    // ---------------------------------------------------------------- declarations

    private void declaration(Declaration declaration) {
        refuse(where == Where.RACE || where == Where.BLOCK, "misplaced", declaration, "a declaration stands at the top or in a scenario");
        if (declaration instanceof Declaration.Scenario scenario) {
            scenario(scenario);
        } else {
            new DeclarationCheck(names).check(declaration);
        }
    }

    private void scenario(Declaration.Scenario scenario) {
        refuse(where != Where.TOP, "misplaced", scenario, "a scenario stands at the top");
        names.declare(scenario.name(), new Thing.Scenario());
        new ScenarioCheck(scenario).check(found::add);
        new Checker(names.inner(), inclusions, Where.SCENARIO, found).check(scenario.body());
    }

    // ---------------------------------------------------------------- conditions

    private void condition(Condition condition) {
        names.start();
        switch (condition) {
            case Condition.Quantified quantified -> quantified(quantified);
            case Condition.ExpectFailure failure -> {
                refuse(where == Where.RACE, "misplaced", failure, "in a race a failing call is an outcome like any other");
                failure.codes().forEach(Codes::check);
                calls().check(failure.actor(), failure.call());
            }
            case Condition.ExpectTrace trace -> {
                refuse(where == Where.RACE, "misplaced", trace, "in a race events come in any order");
                calls().check(trace.actor(), trace.call());
                trace.events().forEach(event -> EventFields.check(event, names));
            }
        }
    }

    private void quantified(Condition.Quantified quantified) {
        boolean now = quantified.quantifier() == Condition.Quantifier.EXPECT;
        refuse(where == Where.RACE, "misplaced", quantified, "a condition stands in the scenario, not in its race");
        refuse(where != Where.SCENARIO && !now, "misplaced", quantified, "outside a scenario there is only one run: say expect");
        Inference inference = new Inference(names);
        switch (quantified.quantifier()) {
            case EXPECT -> inference.condition(quantified.expression());
            case FORBID, ALWAYS, EXISTS -> claim(inference, quantified.expression());
            case MAXIMUM, MINIMUM -> inference.require(quantified.expression(), Type.NUMBER);
        }
    }

    /** Who forbids what there is no name for is told what checkers find. */
    private static void claim(Inference inference, Expression claimed) {
        try {
            inference.condition(claimed);
        } catch (Refusal refusal) {
            Diagnostic said = refusal.diagnostic();
            boolean lost = claimed instanceof Expression.Name && said.code().equals("unknown-name") && said.hint().isEmpty() && said.didYouMean().isEmpty();
            throw lost ? new Refusal(said.hint("checkers find " + String.join(", ", Words.names(Words.checks())))) : refusal;
        }
    }

    private CallCheck calls() {
        return new CallCheck(names, (who, body, extra) -> {
            Names inner = names.inner();
            boolean race = where == Where.RACE;
            (race ? Stops.fields(extra) : extra).forEach(inner::put);
            Checker checker = new Checker(inner, inclusions, race ? Where.RACE : Where.BLOCK, found);
            checker.held.addAll(held);
            checker.held.add(taker(who));
            checker.check(body);
        });
    }

    /** Who takes the steps: an IOMMU's driver is the kernel's. */
    private static String taker(Who who) {
        return who instanceof Who.Iommu ? new Who.Kernel().actor() : who.actor();
    }

    // ---------------------------------------------------------------- plain statements

    private void plain(Statement.Plain plain) {
        switch (plain) {
            case Statement.Perform perform -> perform(perform);
            case Statement.Let let -> let(let);
            case Statement.LetCall let -> letCall(let);
            case Statement.Assign assign -> refuse(true, "misplaced", assign, "counters belong to drivers; a value is named by let");
            case Statement.Use use -> use(use);
            case Statement.Race race -> race(race);
            case Statement.Repeat repeat -> repeat(repeat);
            case Statement.If choice -> choice(choice);
            case Statement.Print print -> print(print);
            case Statement.Include include -> include(include);
            case Statement.Either either -> either(either);
            case Statement.Wait wait -> {
                interpreterOnly(wait, "wait");
                wait.actor().ifPresent(names::who);
            }
            case Statement.Run run -> scenarioUser(run, run.scenario(), "run", run.options());
            case Statement.Explore explore -> scenarioUser(explore, explore.scenario(), "explore", explore.options());
            case Statement.Probe probe -> probe(probe);
            case Statement.Help help -> {
                interpreterOnly(help, "help");
                Help.check(help);
            }
            case Statement.Why why -> why(why);
            case Statement.Command command -> {
                interpreterOnly(command, command.name().text());
                CommandCheck.check(command, names, where);
            }
            case Statement.Fence fence -> fence(fence);
        }
    }

    private void interpreterOnly(Statement statement, String what) {
        refuse(where == Where.RACE, "misplaced", statement, "a row of a race is what an actor does: no " + what);
    }

    private void why(Statement.Why why) {
        refuse(where != Where.TOP, "misplaced", why, "why stands at the top");
        new Inference(names).condition(why.condition());
    }

    private void perform(Statement.Perform perform) {
        names.start();
        perform.calls().forEach(call -> call(perform.actor(), call));
        refuse(where == Where.RACE && perform.inFlight(), "misplaced", perform, "in a race everything is in flight");
    }

    private void call(Optional<Identifier> actor, VerbCall call) {
        if (where == Where.RACE) {
            Who who = CallCheck.who(actor, call, names);
            if (held.contains(taker(who))) {
                throw new Refusal(Diagnostic.error("actor-busy", call.at(), who.actor() + " stands in the middle of a call while this block is done")
                        .hint("a block says what the others do then"));
            }
            names.row(who.actor());
        }
        calls().check(actor, call);
    }

    private void let(Statement.Let let) {
        interpreterOnly(let, "let of a value");
        Inference inference = new Inference(names);
        Type type = inference.of(let.value());
        if (type == Type.WORD || type == Type.LIST || type == Type.TRUTH) {
            throw Inference.wrongKind(let.value().at(), "a range, a number or a string", type);
        }
        names.let(let.name(), type == Type.TIME ? Type.NUMBER : type, type == Type.RANGE ? inference.length(let.value()) : -1);
    }

    private void letCall(Statement.LetCall let) {
        refuse(let.call().inFlight(), "misplaced", let, "what is in flight has given nothing back yet");
        perform(let.call());
        Type type = calls().type(let.call());
        if (where == Where.RACE) {
            names.give(let.name(), type, calls().length(let.call()), names.row());
        } else {
            names.let(let.name(), type, calls().length(let.call()));
        }
    }

    private void use(Statement.Use use) {
        interpreterOnly(use, "use");
        names.who(use.actor());
        names.use(use.actor());
    }

    private void race(Statement.Race race) {
        refuse(where != Where.SCENARIO, "misplaced", race, "a race stands in a scenario");
        block(race.rows(), Where.RACE);
        names.row("");
    }

    private void repeat(Statement.Repeat repeat) {
        new Inference(names).require(repeat.times(), Type.NUMBER);
        OptionalLong times = Constant.of(repeat.times());
        if (times.isPresent()) {
            Limits.TIMES.check(times.getAsLong(), repeat.times().at());
        }
        block(repeat.body(), where);
    }

    private void choice(Statement.If choice) {
        for (Statement.Branch branch : choice.branches()) {
            row(choice);
            new Inference(names).condition(branch.condition());
        }
        List<List<Statement>> blocks = new ArrayList<>(choice.branches().stream().map(Statement.Branch::body).toList());
        blocks.add(choice.otherwise());
        oneOf(blocks);
    }

    /** In a race the condition is asked by whose row it is. */
    private void row(Statement statement) {
        if (where == Where.RACE) {
            names.row(Rows.whose(statement).or(() -> Optional.ofNullable(names.actor())).map(actor -> names.who(actor).actor()).orElse(""));
        }
    }

    private void print(Statement.Print print) {
        interpreterOnly(print, "print");
        new Inference(names).of(print.value());
    }

    private void include(Statement.Include include) {
        interpreterOnly(include, "include");
        block(inclusions.open(include).statements(), where);
        inclusions.close(include);
    }

    private void either(Statement.Either either) {
        oneOf(either.choices());
    }

    private void scenarioUser(Statement statement, Identifier scenario, String verb, List<dev.shootdown.lang.tree.Argument> options) {
        refuse(where != Where.TOP, "misplaced", statement, verb + " stands outside of scenarios");
        names.require(scenario, Thing.Scenario.class, "scenario");
        RunOptions.check(verb, scenario.at(), options, names);
    }

    private void probe(Statement.Probe probe) {
        interpreterOnly(probe, "on");
        refuse(where == Where.BLOCK, "misplaced", probe, "a probe stands outside of others");
        if (!probe.parameters().isEmpty()) {
            throw new Refusal(Diagnostic.error("misplaced", probe.parameters().getFirst().at(), "only a driver's callbacks have parameters")
                    .hint("the fields of the event have names: ${range}, ${actor}"));
        }
        Kind kind = Inference.event(probe.event());
        Names inner = names.inner();
        EventFields.of(kind).forEach(inner::put);
        probe.point().ifPresent(point -> Point.check(kind, point, names));
        probe.when().ifPresent(when -> new Inference(inner).condition(when));
        new Checker(inner, inclusions, Where.BLOCK, found).check(probe.body());
    }

    private void fence(Statement.Fence fence) {
        interpreterOnly(fence, "fence");
        refuse(where != Where.TOP, "misplaced", fence, "JavaScript stands at the top, or is a driver");
        if (!fence.language().equals("js")) {
            throw new Refusal(Diagnostic.error("unknown-language", fence.at(),
                    "a fence is in js, not in " + Quoting.quote(fence.language())));
        }
    }
}
