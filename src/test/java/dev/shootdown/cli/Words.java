package dev.shootdown.cli;

import dev.shootdown.lang.Candidate;
import dev.shootdown.lang.Experiment;
import dev.shootdown.lang.Exploration;
import dev.shootdown.lang.Front;
import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Lexeme;
import dev.shootdown.lang.Place;
import dev.shootdown.lang.Status;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.List;

/**
 * A language of a few words, one a line, for what a script of the real one cannot be made to do: {@code say X},
 * {@code refuse}, {@code fail}, {@code bound}, {@code break} ... It remembers how many lines it has carried out.
 */
final class Words implements Interpreter {
    private final Front front;
    private long lines;

    Words(Front front) {
        this.front = front;
    }

    static Interpreter open(Script language, Front front) {
        return new Words(front);
    }

    @Override
    public Status execute(String source, String text) {
        Status status = Status.HELD;
        for (String line : text.split("\n")) {
            lines++;
            status = status.and(line(source, line.strip()));
        }
        return status;
    }

    private Status line(String source, String line) {
        return switch (line.split(" ")[0]) {
            case "say" -> {
                front.event(new Moment(lines, "", new Event.Print(lines + ": " + line.substring(4))));
                yield Status.HELD;
            }
            case "refuse" -> throw new Refusal(Diagnostic.error("refused", new Span(source, (int) lines, 1, 6, line), "no"));
            case "fail" -> Status.FAILED;
            case "bound" -> Status.BOUND;
            case "overflow" -> line(source, "overflow " + line);
            case "exhaust" -> throw new OutOfMemoryError("heap");
            default -> throw new IllegalStateException("no word " + line);
        };
    }

    @Override
    public Status evaluate(String source, String text) {
        return execute(source, text);
    }

    @Override
    public Status explore(String source, String text, Exploration request) {
        front.event(new Moment(0, "", new Event.Print(request.toString())));
        return Status.HELD;
    }

    @Override
    public Status mutate(String source, String text, Experiment request) {
        front.event(new Moment(0, "", new Event.Print(request.toString())));
        return Status.HELD;
    }

    @Override
    public boolean incomplete(String text) {
        return text.endsWith("\\");
    }

    @Override
    public List<Candidate> complete(String text, int cursor) {
        return List.of(new Candidate("say", "verb", "Says it."), new Candidate("refuse", "verb", ""));
    }

    @Override
    public List<Lexeme> lexemes(String text) {
        return text.startsWith("say") ? List.of(new Lexeme(0, 3, Lexeme.Sort.VERB)) : List.of();
    }

    @Override
    public String actor() {
        return "";
    }

    @Override
    public List<Place> places(String process) {
        return List.of();
    }

    @Override
    public void close() {}
}
