package dev.shootdown.lang;

import dev.shootdown.explore.ReplayToken;
import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.machine.Call;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.List;

/** Where a session stands: in the middle of a statement, of a scenario's run, or nowhere; and what it stops at. */
final class Debugger {
    private final Play main;
    private final Breaks breaks = new Breaks();
    private final Forward forward;
    private List<Joined.Shown> witnesses = List.of();
    private Identifier explored;
    private Recorder witness;
    private Recorder current;
    private Stage stage;
    private Status came = Status.HELD;
    /** Whether a scenario was run behind the last exploration: questions are about that run then. */
    private boolean runSince;
    private boolean wanted;

    Debugger(Play main) {
        this.main = main;
        this.forward = new Forward(main);
    }

    /** Whether statements need a past to go back to: at a prompt, and where a script has commands of the debugger. */
    static boolean wanted(List<Statement> statements) {
        return statements.stream().anyMatch(statement -> statement instanceof Statement.Why
                || statement instanceof Statement.Command command && !command.name().text().equals("info"));
    }

    void want(boolean so) {
        wanted = so;
        main.recorder().tape(so);
    }

    boolean wanted() {
        return wanted;
    }

    Breaks breaks() {
        return breaks;
    }

    /** A step is taken there now. */
    void current(Recorder recorder) {
        current = recorder;
    }

    /** The scenario that is being run. */
    void stage(Stage next) {
        stage = next;
        witness = null;
        current = next.play().recorder();
        runSince = true;
    }

    /** What an exploration found: the runs that lead to each witness. */
    void found(Identifier scenario, List<Joined.Shown> runs) {
        explored = scenario;
        witnesses = runs;
        runSince = false;
    }

    /** What a statement that ended only now came to. */
    void note(Status status) {
        came = came.and(status);
    }

    /** The same, for whoever counts; each is told once. */
    Status take() {
        Status taken = came;
        came = Status.HELD;
        return taken;
    }

    /** A hash of the machine's state where one stands, or went last. */
    long position() {
        Play play = current == null ? main : current.play();
        return play.hasMachine() ? ReplayToken.position(play.machine().engine()) : 0;
    }

    /** What {@code goto} knows by name. */
    List<String> places() {
        List<String> places = new ArrayList<>(current == null ? List.of() : current.marks().keySet());
        for (int i = 1; i <= witnesses.size(); i++) {
            places.add("w" + i);
        }
        return places;
    }

    // ---------------------------------------------------------------- where statements go

    /** Whether something stands still in the middle. */
    boolean inside() {
        return current != null && current.task() != null;
    }

    /** The machine where one stands. */
    Play stands() {
        return inside() ? current.play() : main;
    }

    /** The names that hold where one stands. */
    Names names() {
        return stands() == main ? main.names() : stands().names().with(main.names());
    }

    /** A statement at the top, on the machine where one stands. */
    void top(Statement statement, Executor executor) {
        if (stands() == main || ofTheSession(statement)) {
            executor.top(statement, Checker.Where.TOP);
            return;
        }
        if (statement instanceof Declaration || statement instanceof Statement.Include || statement instanceof Statement.Fence) {
            throw new Refusal(Diagnostic.error("run-in-progress", statement.at(), "this does not belong into a run that stands still")
                    .hint("continue ends the run"));
        }
        stage.executor().top(statement, Checker.Where.TOP);
    }

    private static boolean ofTheSession(Statement statement) {
        return statement instanceof Declaration.Scenario || statement instanceof Statement.Run || statement instanceof Statement.Explore;
    }

    /** Who stands in the middle of a call makes no other one. */
    void refuseBusy(Play play, Actor actor, Span at) {
        boolean calling = Agenda.steps(actor.agenda()).stream().anyMatch(Call.Return.class::isInstance);
        if (forward.stands() && calling && play.recorder().standing().contains(actor)) {
            throw new Refusal(Diagnostic.error("actor-busy", at, actor.name() + " stands in the middle of a call").hint("finish ends that first"));
        }
    }

    /** It has come to a stand: says where. */
    void stopped() {
        forward.stand();
        String reason = current.reason().map(why -> "  [" + why + "]").orElse("");
        main.front().listing(Listing.lines("", List.of(Where.line(current) + reason)));
    }

    private void tell() {
        forward.stand();
        main.front().listing(Listing.lines("", List.of(Where.line(current))));
    }

    /** Finishes what stands still, without heeding breaks; a witness is no run, and left where it is. */
    void leave() {
        for (Recorder recorder : current == null || current == main.recorder() ? List.of(main.recorder()) : List.of(current, main.recorder())) {
            if (recorder != witness) {
                recorder.heed(false);
                recorder.go(recorder.last());
                forward.complete(recorder);
                recorder.heed(true);
            }
        }
    }

    // ---------------------------------------------------------------- commands

    void carryOut(Statement.Command command, Play play) {
        List<Argument> arguments = command.arguments();
        if (!command.name().text().equals("info")) {
            want(true);
        }
        switch (command.name().text()) {
            case "info" -> new Info(inside() ? stands() : play).tell(command);
            case "break" -> setBreak(command);
            case "watch" -> breaks.add(new Breaks.Watch(arguments.getFirst().value(), command.written()));
            case "mark" -> here(command).marks().put(CommandCheck.name(arguments.getFirst()), current.number());
            case "goto" -> goTo(command);
            case "back" -> back(command);
            case "step" -> step(command);
            case "next" -> until(command, new Goal.NextEvent(who(here(command))));
            case "finish" -> until(command, new Goal.End(who(here(command))));
            case "continue" -> proceed(command);
            default -> throw new IllegalStateException(command.name().text());
        }
    }

    void why(Statement.Why why) {
        if (!why.not()) {
            new Why(here(why), why).tell(main.front());
        } else if (explored != null && witnesses.isEmpty() && !inside() && !runSince) {
            new ScenarioRun(main, explored).whyNot(why);
        } else {
            new WhyNot(here(why), why).look().tell(main.front(), "");
        }
    }

    private void setBreak(Statement.Command command) {
        if (command.arguments().isEmpty()) {
            main.front().listing(Listing.lines("", breaks.written().stream().map(one -> "no longer: " + one).toList()));
            breaks.clear();
            return;
        }
        breaks.add(new Breaks.Break(Inference.event(command.arguments().getFirst().value()), command.point(), command.when(), written(command)));
    }

    private static String written(Statement.Command command) {
        String point = command.point().map(at -> " at " + written(at.at())).orElse("");
        return command.written() + point + command.when().map(when -> " when " + written(when.at())).orElse("");
    }

    /** What stands at a place of a line. */
    static String written(Span span) {
        int from = Math.clamp(span.column() - 1L, 0, span.text().length());
        return span.text().substring(from, Math.clamp((long) from + span.length(), from, span.text().length()));
    }

    /** The run that one stands in, or that was gone through last. */
    private Recorder here(Statement statement) {
        if (current == null && wanted && main.hasMachine()) {
            current = main.recorder();
            current.tape(true);
        }
        if (current == null) {
            throw new Refusal(Diagnostic.error("no-run", statement.at(), "there is no run to stand in")
                    .hint("break notify_start, then run a scenario or make a call; or explore a scenario, then goto w1"));
        }
        return current;
    }

    // ---------------------------------------------------------------- to a position

    private void goTo(Statement.Command command) {
        Expression target = command.arguments().getFirst().value();
        if (target instanceof Expression.Position position) {
            reach(here(command), position.number(), target.at());
        } else {
            name(command, ((Expression.Name) target).text(), target.at());
        }
        tell();
    }

    private void name(Statement.Command command, String name, Span at) {
        Long marked = current == null ? null : current.marks().get(name);
        if (marked != null) {
            current.go(marked);
        } else if (name.matches("w[1-9][0-9]{0,5}")) {
            enter(Integer.parseInt(name.substring(1)), at);
        } else {
            List<String> known = current == null ? List.of() : List.copyOf(current.marks().keySet());
            throw new Refusal(Diagnostic.error("unknown-mark", at, "there is no mark " + Quoting.quote(name))
                    .hint("mark NAME names the present moment; goto #N goes to a step, goto w1 to a witness")
                    .didYouMean(Suggestion.nearest(name, known)));
        }
    }

    private void enter(int number, Span at) {
        if (number > witnesses.size()) {
            throw new Refusal(Diagnostic.error("unknown-witness", at, witnesses.isEmpty() ? "no exploration has found a witness"
                    : "the last exploration has found only " + witnesses.size()));
        }
        new ScenarioRun(main, explored).enter(witnesses.get(number - 1));
        witness = current;
    }

    private void reach(Recorder recorder, long number, Span at) {
        if (Long.compareUnsigned(number, recorder.first()) < 0 || Long.compareUnsigned(number, recorder.last()) > 0) {
            throw new Refusal(Diagnostic.error("not-reached", at, "#" + Long.toUnsignedString(number) + " is not in this run")
                    .hint("it goes from #" + recorder.first() + " to #" + recorder.last()));
        }
        recorder.go(number);
    }

    private void back(Statement.Command command) {
        Recorder recorder = here(command);
        long steps = count(command);
        long kept = recorder.number() - recorder.first();
        if (Long.compareUnsigned(steps, kept) > 0) {
            throw new Refusal(Diagnostic.error("end-of-history", command.at(),
                    kept == 0 ? "the history begins here" : "the history begins " + kept + (kept == 1 ? " step" : " steps") + " back")
                    .hint(kept == 0 ? "" : "goto #" + recorder.first() + " goes there"));
        }
        recorder.go(recorder.number() - steps);
        tell();
    }

    /** The number among a command's arguments; 1 where there is none. */
    private long count(Statement.Command command) {
        return command.arguments().stream()
                .map(Argument::value)
                .filter(Expression.Number.class::isInstance)
                .map(number -> ((Expression.Number) number).value())
                .findFirst()
                .orElse(1L);
    }

    // ---------------------------------------------------------------- forward

    private void step(Statement.Command command) {
        Recorder recorder = here(command);
        Actor actor = CommandCheck.actor(command).map(name -> actor(recorder, name)).orElse(null);
        long steps = count(command);
        refuseEnd(recorder, command);
        if (actor != null && !recorder.play().machine().engine().ready(actor)) {
            String ready = String.join(", ", Where.ready(recorder.play().machine().engine()));
            throw new Refusal(Diagnostic.error("cannot-move", command.at(), actor.name() + " cannot move now")
                    .hint(ready.isEmpty() ? "nobody can" : "ready: " + ready));
        }
        for (long i = 0; i < steps && (actor == null || recorder.play().machine().engine().ready(actor)) && forward.one(recorder, actor); i++) {
            forward.refuseInterrupted();
        }
        tell();
    }

    private Actor actor(Recorder recorder, Identifier name) {
        return recorder.play().machine().engine().find(recorder.play().names().who(name).actor());
    }

    private void refuseEnd(Recorder recorder, Statement.Command command) {
        if (!recorder.hasFuture() && recorder.task() == null) {
            throw new Refusal(Diagnostic.error("no-run", command.at(), "nothing is in progress: there is no step to take")
                    .hint(recorder.number() > recorder.first() ? "back goes into what is past" : ""));
        }
    }

    /** Goes on until a step answers to the goal, or there is none left. */
    private void until(Statement.Command command, Goal goal) {
        Recorder recorder = here(command);
        refuseEnd(recorder, command);
        while (forward.one(recorder, null)) {
            if (goal.reached(recorder.moments(recorder.number()))) {
                break;
            }
            forward.refuseInterrupted();
        }
        tell();
    }

    /** Whose statement it is: of who took the last step, or of who begins. */
    private static Actor who(Recorder recorder) {
        Actor last = recorder.actor(recorder.number());
        return last == null && recorder.task() != null ? recorder.task().rows().getFirst() : last;
    }

    private void proceed(Statement.Command command) {
        Recorder recorder = here(command);
        refuseEnd(recorder, command);
        forward.complete(recorder);
    }
}
