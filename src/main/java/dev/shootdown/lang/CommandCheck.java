package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks the commands of the debugger. */
final class CommandCheck {
    /** What {@code info} lists besides the things that have names. */
    static final List<String> LISTS = List.of("vmas", "ptes", "iotlb", "atc", "queue", "faults", "frames", "locks", "actors");

    private CommandCheck() {}

    static void check(Statement.Command command, Names names, Checker.Where where) {
        String name = command.name().text();
        if (!name.equals("info") && where != Checker.Where.TOP) {
            throw new Refusal(Diagnostic.error("misplaced", command.at(), name + " stands at the top"));
        }
        boolean takes = name.equals("break");
        command.point().filter(point -> !takes).ifPresent(point -> refuse(name + " takes no at", point));
        command.when().filter(when -> !takes).ifPresent(when -> refuse(name + " takes no when", when));
        switch (name) {
            case "info" -> info(command, names);
            case "break" -> breaks(command, names);
            case "watch" -> new Inference(names).of(only(command, "watch buf.resident").value());
            case "step" -> step(command, names);
            case "back" -> count(command, command.arguments());
            case "mark" -> mark(only(command, "mark here"));
            case "goto" -> position(only(command, "goto #N | MARK | w1"));
            default -> most(command, 0);
        }
    }

    private static void refuse(String cause, Expression at) {
        throw new Refusal(Diagnostic.error("syntax", at.at(), cause).hint("break EVENT at POINT when COND stops there"));
    }

    // ---------------------------------------------------------------- arguments

    private static void most(Statement.Command command, int count) {
        if (command.arguments().size() > count) {
            throw tooMany(command, count);
        }
    }

    private static Refusal tooMany(Statement.Command command, int count) {
        return new Refusal(Diagnostic.error("too-many-arguments", command.arguments().get(count).at(),
                "this is more than " + command.name().text() + " takes"));
    }

    private static Argument only(Statement.Command command, String written) {
        if (command.arguments().isEmpty()) {
            throw new Refusal(Diagnostic.error("missing-argument", command.name().at(), command.name().text() + " of what?").hint(written));
        }
        most(command, 1);
        return command.arguments().getFirst();
    }

    /** The bare word that an argument is. */
    static String name(Argument argument) {
        if (argument instanceof Argument.Positional && argument.value() instanceof Expression.Name name) {
            return name.text();
        }
        throw wrong(argument.at(), "a name is wanted here");
    }

    private static Refusal wrong(Span at, String cause) {
        return new Refusal(Diagnostic.error("wrong-kind", at, cause));
    }

    private static void breaks(Statement.Command command, Names names) {
        if (command.arguments().isEmpty() && command.when().isEmpty() && command.point().isEmpty()) {
            return;
        }
        Kind kind = Inference.event(only(command, "break notify_start").value());
        Names inner = names.inner();
        EventFields.of(kind).forEach(inner::put);
        command.point().ifPresent(point -> Point.check(kind, point, names));
        command.when().ifPresent(when -> new Inference(inner).condition(when));
    }

    /** Whoever is to take a step. */
    static Optional<Identifier> actor(Statement.Command command) {
        if (command.arguments().isEmpty()) {
            return Optional.empty();
        }
        return switch (command.arguments().getFirst().value()) {
            case Expression.Name name -> Optional.of(new Identifier(name.text(), name.at()));
            case Expression.Member member when member.of() instanceof Expression.Name process ->
                Optional.of(new Identifier(process.text() + "." + member.name().text(), member.at()));
            default -> Optional.empty();
        };
    }

    private static void step(Statement.Command command, Names names) {
        Optional<Identifier> actor = actor(command);
        List<Argument> arguments = command.arguments();
        if (actor.isPresent() && command.arguments().getFirst() instanceof Argument.Positional) {
            names.who(actor.get());
            arguments = arguments.subList(1, arguments.size());
        }
        count(command, arguments);
    }

    private static void count(Statement.Command command, List<Argument> arguments) {
        if (arguments.isEmpty()) {
            return;
        }
        boolean number = arguments.getFirst() instanceof Argument.Positional positional && positional.value() instanceof Expression.Number;
        if (!number || ((Expression.Number) arguments.getFirst().value()).value() <= 0) {
            throw wrong(arguments.getFirst().at(), "a number of steps is wanted here");
        }
        if (arguments.size() > 1) {
            throw new Refusal(Diagnostic.error("too-many-arguments", arguments.get(1).at(), "this is more than "
                    + command.name().text() + " takes"));
        }
    }

    private static void mark(Argument argument) {
        if (name(argument).matches("w[0-9]+")) {
            throw new Refusal(Diagnostic.error("reserved-name", argument.at(), "w and a number names a witness"));
        }
    }

    private static void position(Argument argument) {
        if (!(argument.value() instanceof Expression.Position)) {
            name(argument);
        }
    }

    // ---------------------------------------------------------------- info

    private static void info(Statement.Command command, Names names) {
        if (command.arguments().isEmpty()) {
            throw new Refusal(Diagnostic.error("missing-argument", command.name().at(), "info of what?")
                    .hint("info " + String.join(" | ", LISTS) + " | any name"));
        }
        if (command.arguments().size() > 1) {
            throw new Refusal(Diagnostic.error("too-many-arguments", command.arguments().get(1).at(),
                    "info tells of one thing at a time"));
        }
        subject(command.arguments().getFirst(), names);
    }

    private static void subject(Argument argument, Names names) {
        if (argument.value() instanceof Expression.Name name && !LISTS.contains(name.text()) && names.get(name.text()) == null) {
            List<String> known = new ArrayList<>(LISTS);
            known.addAll(names.all());
            throw new Refusal(Diagnostic.error("unknown-name", name.at(), "there is no " + Quoting.quote(name.text()))
                    .hint("info " + String.join(" | ", LISTS) + " | any name")
                    .didYouMean(Suggestion.nearest(name.text(), known)));
        }
        if (!(argument.value() instanceof Expression.Name)) {
            new Inference(names).of(argument.value());
        }
    }
}
