package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.List;

/** Commands of the debugger; all but {@code info} are known, and not carried out yet. */
final class CommandCheck {
    /** What {@code info} lists besides the things that have names. */
    static final List<String> LISTS = List.of("vmas", "ptes", "iotlb", "atc", "queue", "faults", "frames", "locks", "actors");

    private CommandCheck() {}

    static void check(Statement.Command command, Names names) {
        if (!command.name().text().equals("info")) {
            throw new Refusal(NotCarriedOut.of(command.name().text(), command.name().at()));
        }
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
