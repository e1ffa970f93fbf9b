package dev.shootdown.lang;

import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Script;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.value.Value;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Severity;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out scripts, and what is typed at a prompt, in the language. */
public final class Session implements Interpreter {
    private final Front front;
    private final Fence javascript;
    private Play play;

    /** A session without JavaScript. */
    public Session(Front front) {
        this(front, Fence.NONE);
    }

    /** @param javascript who carries out fences */
    public Session(Front front, Fence javascript) {
        this.front = front;
        this.javascript = javascript;
        this.play = fresh(Overrides.NONE);
    }

    private Play fresh(Overrides overrides) {
        return new Play(front, overrides, new Inclusions(), javascript);
    }

    @Override
    public Status execute(String source, String text) {
        play = fresh(Overrides.NONE);
        Script script = checked(source, text, new Names());
        if (script == null) {
            return Status.REFUSED;
        }
        play.count(Counted.kinds(script.statements()));
        play.debugger().want(Debugger.wanted(script.statements()));
        Executor executor = new Executor(play);
        Status status = executor.run(script.statements());
        return status == Status.HELD ? executor.finish() : status;
    }

    @Override
    public Status evaluate(String source, String text) {
        play.onStage(play.debugger().stands());
        play.debugger().want(true);
        Script script = checked(source, text, play.debugger().names().inner());
        if (script == null) {
            return Status.REFUSED;
        }
        play.count(Counted.EVERYTHING);
        return new Executor(play).run(script.statements());
    }

    /** The text as a tree, checked; null if anything is wrong with it, which has been said then. */
    private Script checked(String source, String text, Names names) {
        Script script;
        try {
            script = Parser.parse(source, text);
        } catch (Refusal refusal) {
            front.diagnostic(refusal.diagnostic());
            return null;
        }
        List<Diagnostic> found = new ArrayList<>(new Checker(names, new Inclusions(), Checker.Where.TOP).check(script.statements()));
        Script whole = wrong(found) ? script : new Script(new Inclusions().flat(script.statements()), script.at());
        found.addAll(fences(whole));
        found.forEach(front::diagnostic);
        return wrong(found) ? null : whole;
    }

    private static boolean wrong(List<Diagnostic> found) {
        return found.stream().anyMatch(one -> one.severity() == Severity.ERROR);
    }

    private List<Diagnostic> fences(Script script) {
        List<Diagnostic> found = new ArrayList<>();
        for (Statement statement : script.statements()) {
            switch (statement) {
                case Statement.Fence fence -> fence(fence, false).ifPresent(found::add);
                case Declaration.Driver driver -> driver.fence().flatMap(fence -> fence(fence, true)).ifPresent(found::add);
                default -> { }
            }
        }
        return found;
    }

    /** What is wrong with JavaScript, as far as it can be seen before it runs. */
    private Optional<Diagnostic> fence(Statement.Fence fence, boolean driver) {
        if (javascript == Fence.NONE) {
            return Optional.of(Diagnostic.error("no-javascript", fence.at(), "nobody is here to carry out JavaScript")
                    .hint("the command line brings it along"));
        }
        try {
            javascript.check(fence.at().source(), fence.code(), fence.line(), driver);
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(refusal.diagnostic());
        }
    }

    // ---------------------------------------------------------------- exploring

    @Override
    public Status explore(String source, String text, Exploration request) {
        Script script = checked(source, text, new Names());
        if (script == null) {
            return Status.REFUSED;
        }
        List<Declaration.Scenario> scenarios = scenarios(script);
        List<Diagnostic> wrong = Overrides.wrong(request, drivers(script));
        wrong.forEach(front::diagnostic);
        if (!wrong.isEmpty() || !named(request.scenario(), scenarios, source)) {
            return Status.REFUSED;
        }
        List<Identifier> wanted = scenarios.stream().map(Declaration.Scenario::name)
                .filter(name -> request.scenario() == null || name.text().equals(request.scenario())).toList();
        return new Matrix(front, javascript, script, request, this::onStage).explore(wanted);
    }

    /** The drivers that the script brings along. */
    private static List<String> drivers(Script script) {
        return script.statements().stream()
                .filter(Declaration.Driver.class::isInstance)
                .map(driver -> ((Declaration.Driver) driver).name().text())
                .toList();
    }

    private static List<Declaration.Scenario> scenarios(Script script) {
        return script.statements().stream()
                .filter(Declaration.Scenario.class::isInstance)
                .map(Declaration.Scenario.class::cast)
                .toList();
    }

    private boolean named(String wanted, List<Declaration.Scenario> scenarios, String source) {
        List<String> names = scenarios.stream().map(scenario -> scenario.name().text()).toList();
        if (wanted != null && !names.contains(wanted)) {
            front.diagnostic(Diagnostic.error("unknown-scenario", Span.whole(source),
                    "there is no scenario " + Quoting.quote(wanted))
                    .didYouMean(Suggestion.nearest(wanted, names)));
            return false;
        }
        if (names.isEmpty()) {
            front.diagnostic(Diagnostic.error("no-scenario", Span.whole(source),
                    "there is no scenario in it to explore"));
            return false;
        }
        return true;
    }

    @Override
    public Status mutate(String source, String text, Experiment request) {
        Script script = checked(source, text, new Names());
        if (script == null || !named(request.scenario(), scenarios(script), source)) {
            return Status.REFUSED;
        }
        play = fresh(Overrides.NONE);
        play.learn(script.statements());
        List<String> names = scenarios(script).stream().map(scenario -> scenario.name().text()).toList();
        try {
            return new Mutating(play, source, request, this::onStage).run(request.scenario() == null ? names : List.of(request.scenario()));
        } catch (Refusal refusal) {
            front.diagnostic(refusal.diagnostic());
            return Status.FAILED;
        } catch (Ended ended) {
            return ended.status();
        }
    }

    private void onStage(Play next) {
        play = next;
    }

    // ---------------------------------------------------------------- what the front asks

    @Override
    public boolean incomplete(String text) {
        return Parser.incomplete(text);
    }

    @Override
    public List<Candidate> complete(String text, int cursor) {
        return new Completion(play.debugger().names(), play.debugger().places()).complete(text, cursor);
    }

    @Override
    public List<Lexeme> lexemes(String text) {
        return Colours.of(text, play.debugger().names());
    }

    @Override
    public String actor() {
        Identifier actor = play.debugger().names().actor();
        return actor == null ? "" : actor.text();
    }

    @Override
    public List<Place> places(String process) {
        List<Place> places = new ArrayList<>();
        for (Map.Entry<String, Value> entry : play.onStage().values().entrySet()) {
            if (entry.getValue() instanceof Value.Range range && (process.isEmpty() || range.process().isEmpty() || range.process().equals(process))) {
                places.add(new Place(entry.getKey(), range.start(), range.end()));
            }
        }
        return places;
    }

    /** A hash of the machine's state where one stands, or where one went last; what checkers remember is left out. */
    long position() {
        return play.debugger().position();
    }

    @Override
    public void close() {
        play = fresh(Overrides.NONE);
    }
}
