package dev.shootdown.lang;

import dev.shootdown.driver.Action;
import dev.shootdown.driver.Driver;
import dev.shootdown.driver.Term;
import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.word.Words;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** From {@code driver NAME { ... }} to the data that a driver is. Refuses what is no word of a driver. */
final class DriverCompiler {
    private final CallbackName callback;
    private final Terms terms;

    private DriverCompiler(CallbackName callback, String range) {
        this.callback = callback;
        this.terms = new Terms(range, callback == CallbackName.FAULT);
    }

    static Driver compile(Declaration.Driver declared) {
        List<Driver.Handler> handlers = new ArrayList<>();
        for (Statement.Probe probe : declared.callbacks()) {
            Driver.Handler handler = handler(probe);
            if (handlers.stream().anyMatch(other -> other.callback() == handler.callback())) {
                String name = Quoting.quote(probe.event().text());
                throw new Refusal(Diagnostic.error("declared-twice", probe.event().at(), "this driver has " + name + " already"));
            }
            handlers.add(handler);
        }
        return Driver.of(declared.name().text(), handlers);
    }

    private static Driver.Handler handler(Statement.Probe probe) {
        CallbackName callback = callback(probe.event());
        if (probe.parameters().size() > 1) {
            throw new Refusal(Diagnostic.error("wrong-arguments", probe.parameters().get(1).at(), "a callback has one range"));
        }
        probe.point().or(probe::when).ifPresent(wrong -> {
            throw new Refusal(Diagnostic.error("syntax", wrong.at(), "a callback takes neither at nor when")
                    .hint("if COND { } in it decides what is done"));
        });
        String range = probe.parameters().isEmpty() ? "" : probe.parameters().getFirst().text();
        return new Driver.Handler(callback, new DriverCompiler(callback, range).actions(probe.body()));
    }

    private static CallbackName callback(Identifier name) {
        Optional<CallbackName> found = Arrays.stream(CallbackName.values()).filter(known -> known.word().equals(name.text())).findFirst();
        return found.orElseThrow(() -> new Refusal(
                Diagnostic.error("unknown-callback", name.at(), "there is no callback " + Quoting.quote(name.text()))
                        .hint("callbacks are " + String.join(", ", Words.names(Words.callbacks())))
                        .didYouMean(Suggestion.nearest(name.text(), Words.names(Words.callbacks())))));
    }

    private List<Action> actions(List<Statement> body) {
        List<Action> actions = new ArrayList<>();
        for (Statement statement : body) {
            add(statement, actions);
        }
        return actions;
    }

    private void add(Statement statement, List<Action> actions) {
        switch (statement) {
            case Statement.Perform perform when perform.actor().isEmpty() -> perform.calls().forEach(call -> actions.add(action(call)));
            case Statement.Assign assign -> actions.add(count(assign));
            case Statement.If choice -> actions.add(decision(choice, 0));
            default -> throw new Refusal(Diagnostic.error("not-in-driver", statement.at(), "a driver has actions, counters and if, nothing else")
                    .hint("actions are " + String.join(", ", Words.names(Words.actions()))));
        }
    }

    private Action decision(Statement.If choice, int branch) {
        if (branch == choice.branches().size()) {
            throw new IllegalArgumentException("no such branch");
        }
        Statement.Branch first = choice.branches().get(branch);
        List<Action> otherwise = branch + 1 < choice.branches().size()
                ? List.of(decision(choice, branch + 1))
                : actions(choice.otherwise());
        return new Action.If(terms.of(first.condition()), actions(first.body()), otherwise);
    }

    private Action count(Statement.Assign assign) {
        String counter = assign.name().text();
        Term value = terms.of(assign.value());
        Term next = assign.operator().isEmpty() ? value
                : new Term.Compute(assign.operator().get() == Operator.PLUS ? Term.Operator.ADD : Term.Operator.SUBTRACT,
                        new Term.Counter(counter), value);
        return new Action.Count(counter, next);
    }

    // ---------------------------------------------------------------- actions

    private Action action(VerbCall call) {
        Word word = word(call);
        List<Argument> rest = word.name().contains(" ") ? call.arguments().subList(1, call.arguments().size()) : call.arguments();
        Binding binding = Binder.bind(word, call.verb().at(), rest, new Names());
        if (!call.stops().isEmpty() || call.when().isPresent()) {
            throw new Refusal(Diagnostic.error("not-in-driver", call.at(), "an action of a driver has neither 'at' nor 'when'"));
        }
        Action action = action(word, binding);
        CallbackName only = Action.only(action);
        if (only != null && only != callback) {
            throw new Refusal(Diagnostic.error("not-in-callback", call.at(), Quoting.quote(word.name()) + " is for 'on " + only.word() + "' only"));
        }
        return action;
    }

    private Action action(Word word, Binding binding) {
        return switch (word.name()) {
            case "flush iotlb" -> new Action.FlushIotlb(terms.where(binding.get("R")));
            case "flush atc" -> new Action.FlushAtc(terms.where(binding.get("R")));
            case "flush pasid" -> new Action.FlushPasid();
            case "sync" -> new Action.Sync();
            case "table empty" -> new Action.TableEmpty();
            case "table process" -> new Action.TableProcess();
            case "block" -> new Action.Block(terms.where(binding.get("R")));
            case "unblock" -> new Action.Unblock(terms.where(binding.get("R")));
            case "detach" -> new Action.Detach();
            case "drain" -> new Action.Drain();
            case "defer" -> new Action.Defer(terms.where(binding.get("R")));
            case "refuse" -> new Action.Refuse();
            case "lock" -> new Action.Lock();
            case "unlock" -> new Action.Unlock();
            case "set seq" -> new Action.SetSeq();
            case "zap" -> new Action.Zap(terms.where(binding.get("R")));
            case "read begin" -> new Action.ReadBegin();
            case "lookup" -> new Action.Lookup();
            case "install" -> new Action.Install();
            case "retry" -> new Action.Retry();
            default -> throw new IllegalStateException(word.name());
        };
    }

    private static Word word(VerbCall call) {
        String two = TwoWords.of(call);
        return Words.find(Words.actions(), two)
                .or(() -> Words.find(Words.actions(), call.verb().text()))
                .orElseThrow(() -> new Refusal(Diagnostic.error("unknown-action", call.verb().at(), "a driver cannot " + Quoting.quote(two))
                        .hint("it can " + String.join(", ", Words.names(Words.actions())))
                        .didYouMean(Suggestion.nearest(two, Words.names(Words.actions())))));
    }

    /** Whether a term stands for the range that the callback is about. */
    static boolean isName(Expression expression, String name) {
        return expression instanceof Expression.Name written && written.text().equals(name);
    }
}
