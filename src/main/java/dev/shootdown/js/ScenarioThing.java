package dev.shootdown.js;

import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.graalvm.polyglot.Value;

/** A scenario that is being described: a setup, a race, conditions. It is declared when it is first run or explored. */
final class ScenarioThing extends Thing {
    private final String name;
    private final Recorder setup;
    private final Recorder race;
    private final Recorder conditions;
    private Object made;
    private boolean raced;
    private boolean declared;

    ScenarioThing(Api api, String name) {
        super(api);
        this.name = name;
        this.setup = new Recorder(api, true);
        this.race = new Recorder(api, false);
        this.conditions = new Recorder(api, false);
        this.made = api.undefined();
    }

    @Override
    Object member(String member) {
        Optional<Word> condition = Words.find(Words.conditions(), member);
        if (condition.isPresent()) {
            return api.function(arguments -> claim(condition.get(), arguments));
        }
        return switch (member) {
            case "name" -> name;
            case "setup" -> api.function(this::setup);
            case "race" -> api.function(this::race);
            case "run" -> api.function(arguments -> start("run", arguments));
            case "explore" -> api.function(arguments -> start("explore", arguments));
            default -> null;
        };
    }

    /** What the function returns is handed to that of the race. */
    private Object setup(Value... arguments) {
        describe("setup", arguments);
        if (raced) {
            throw Composer.refusal("misplaced", "the setup of " + name + " stands before its race").with("", List.of());
        }
        made = api.recording(() -> arguments[0].execute(new Describing(api, setup)));
        return this;
    }

    private Object race(Value... arguments) {
        describe("race", arguments);
        if (raced) {
            throw Composer.refusal("misplaced", "scenario " + name + " has its race already").with("a scenario has one race", List.of());
        }
        raced = true;
        Recorder rows = new Recorder(api, false);
        api.recording(() -> arguments[0].execute(new Describing(api, rows), made));
        race.write("race", rows);
        return this;
    }

    private void describe(String what, Value... arguments) {
        open();
        if (arguments.length != 1 || !arguments[0].canExecute()) {
            throw Composer.refusal("wrong-arguments", what + " takes a function").with(what + "(r => { r(app.main).munmap(buf) })", List.of());
        }
    }

    private Object claim(Word condition, Value... arguments) {
        open();
        if (arguments.length == 0) {
            throw Composer.refusal("wrong-arguments", condition.name() + " takes a condition").with(condition.name() + "('use_after_free')", List.of());
        }
        for (Value argument : arguments) {
            conditions.write(condition.name() + " " + api.expression(argument));
        }
        return this;
    }

    private void open() {
        if (declared) {
            throw Composer.refusal("scenario-closed", "scenario " + name + " has been run, and stays as it is")
                    .with("describe another one", List.of());
        }
    }

    /** Declares it, unless that is done. */
    void declare() {
        if (declared) {
            return;
        }
        declared = true;
        Recorder whole = new Recorder(api, false);
        Recorder body = new Recorder(api, false);
        body.write(setup);
        body.write(race);
        body.write(conditions);
        whole.write("scenario " + name, body);
        List<Span> places = new ArrayList<>(whole.places());
        api.conversation().say(whole.text(), places);
    }

    private Object start(String verb, Value... arguments) {
        declare();
        if (api.conversation().declaring()) {
            return api.verdicts(name, List.of());
        }
        String options = arguments.length == 0 ? "" : " " + String.join(" ", api.bounds(arguments[0]));
        Ear ear = api.conversation().ear();
        ear.whole(true);
        try {
            api.conversation().look(verb + " " + name + options.stripTrailing());
        } finally {
            ear.whole(false);
        }
        return api.verdicts(name, ear.verdicts());
    }

    @Override
    List<String> members() {
        List<String> members = new ArrayList<>(List.of("name", "setup", "race", "run", "explore"));
        Words.conditions().forEach(word -> members.add(word.name()));
        return members;
    }

    @Override
    String phrase() {
        return "scenario " + name;
    }

    @Override
    public String spoken() {
        return name;
    }
}
