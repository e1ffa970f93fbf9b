package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Whether what was written for each parameter of a word is of its kind. */
final class ArgumentCheck {
    private final Names names;
    private final Inference inference;

    ArgumentCheck(Names names) {
        this.names = names;
        this.inference = new Inference(names);
    }

    void check(Word word, Binding binding) {
        for (Parameter parameter : word.parameters()) {
            Expression written = binding.get(parameter.name());
            if (written != null && parameter.shape() != Parameter.Shape.FLAG) {
                explained(word, parameter, written);
            }
        }
    }

    /** A name that nobody knows may be an argument in the wrong place. */
    private void explained(Word word, Parameter parameter, Expression written) {
        try {
            check(word, parameter, written);
        } catch (Refusal refusal) {
            Diagnostic diagnostic = refusal.diagnostic();
            boolean lost = diagnostic.code().equals("unknown-name") && diagnostic.didYouMean().isEmpty() && diagnostic.hint().isEmpty();
            throw lost ? new Refusal(diagnostic.hint("it is written: " + Usage.of(word))) : refusal;
        }
    }

    private void check(Word word, Parameter parameter, Expression written) {
        if (!parameter.values().isEmpty()) {
            oneOf(word, parameter, written);
            return;
        }
        if (written instanceof Expression.Any any && !Pieces.are(any, any.choices().stream().map(this::typeOrWord).toList())) {
            any.choices().forEach(choice -> check(word, parameter, choice));
            return;
        }
        switch (parameter.kind()) {
            case RANGE -> range(written);
            case SIZE, NUMBER -> number(parameter, written);
            case ADDRESS -> accept(written, "an address", Type.NUMBER, Type.RANGE);
            case VALUE -> value(word, parameter, written);
            case STRING -> accept(written, "a string in double quotes", Type.TEXT);
            case WORD, NAME -> name(parameter, written);
            case NAMES -> names(parameter, written);
            case PRESENCE -> { }
        }
    }

    private Type typeOrWord(Expression expression) {
        return expression instanceof Expression.Name name && names.get(name.text()) == null ? Type.WORD : inference.of(expression);
    }

    private void range(Expression written) {
        accept(written, "a range", Type.RANGE, Type.NUMBER);
    }

    private void number(Parameter parameter, Expression written) {
        accept(written, parameter.kind() == Parameter.Kind.SIZE ? "a size" : "a number", Type.NUMBER);
        OptionalLong value = Constant.of(written);
        if (value.isPresent()) {
            Limits.check(parameter.name(), value.getAsLong(), written.at());
        }
    }

    private void value(Word word, Parameter parameter, Expression written) {
        if (word.name().equals("reclaim")) {
            accept(written, "a range or a process", Type.RANGE, Type.NUMBER, Type.WORD);
            return;
        }
        accept(written, "a number or a string", Type.NUMBER, Type.TEXT);
        OptionalLong value = Constant.of(written);
        if (value.isPresent() && Long.compareUnsigned(value.getAsLong(), 255) > 0) {
            throw new Refusal(Diagnostic.error("bad-value", written.at(),
                    Quoting.quote(parameter.name()) + " is one byte, at most 0xff")
                    .hint("longer contents are a string: \"\\x01\\x02\""));
        }
    }

    private void accept(Expression written, String phrase, Type... types) {
        Type type = inference.of(written);
        if (type != Type.ANY && !List.of(types).contains(type)) {
            throw Inference.wrongKind(written.at(), phrase, type);
        }
    }

    private void oneOf(Word word, Parameter parameter, Expression written) {
        if (written instanceof Expression.Any any) {
            any.choices().forEach(choice -> oneOf(word, parameter, choice));
            return;
        }
        String text = switch (written) {
            case Expression.Name name -> name.text();
            case Expression.Text constant when constant.constant().isPresent() -> constant.constant().get();
            default -> null;
        };
        if (text == null || (!parameter.values().contains(text) && !isPermission(parameter, text))) {
            throw notAmong(parameter, written, text);
        }
    }

    /** Constants may say what the short words do not: PROT_WRITE alone. */
    private static boolean isPermission(Parameter parameter, String text) {
        return parameter.name().equals("PROT") && text.matches("r?w?x?") && !text.isEmpty();
    }

    private static Refusal notAmong(Parameter parameter, Expression written, String text) {
        boolean quoted = parameter.kind() == Parameter.Kind.STRING;
        String all = String.join(", ", parameter.values());
        String what = text == null ? "this" : Quoting.quote(text);
        if (written instanceof Expression.Number number) {
            what = Quoting.quote(number.written());
        }
        return new Refusal(Diagnostic.error("unknown-word", written.at(), what + " is no " + parameter.name())
                .hint("it is one of " + all + (quoted ? ", in double quotes" : ""))
                .didYouMean(text == null ? List.of() : Suggestion.nearest(text, parameter.values())));
    }

    private void name(Parameter parameter, Expression written) {
        if (!(written instanceof Expression.Name name)) {
            throw new Refusal(Diagnostic.error("wrong-kind", written.at(), "a name is wanted here"));
        }
        Identifier identifier = new Identifier(name.text(), name.at());
        switch (parameter.name()) {
            case "file", "FILE" -> names.require(identifier, Thing.File.class, "file");
            case "device" -> names.require(identifier, Thing.Device.class, "device");
            case "iommu", "IOMMU" -> names.require(identifier, Thing.Iommu.class, "IOMMU");
            case "PROCESS", "P" -> names.require(identifier, Thing.Process.class, "process");
            case "driver" -> driver(identifier);
            default -> { }
        }
    }

    private void driver(Identifier name) {
        if (names.get(name.text()) instanceof Thing.Driver || BuiltInDrivers.NAMES.contains(name.text())) {
            return;
        }
        List<String> known = new ArrayList<>(names.of(Thing.Driver.class));
        known.addAll(BuiltInDrivers.NAMES);
        throw new Refusal(Diagnostic.error("unknown-driver", name.at(),
                "there is no driver " + Quoting.quote(name.text()))
                .hint("built in are " + String.join(", ", BuiltInDrivers.NAMES))
                .didYouMean(Suggestion.nearest(name.text(), known)));
    }

    private void names(Parameter parameter, Expression written) {
        List<Expression> elements = written instanceof Expression.ListOf list ? list.elements() : List.of(written);
        List<String> seen = new ArrayList<>();
        if (elements.isEmpty()) {
            throw new Refusal(Diagnostic.error("empty-list", written.at(), "this list has nothing in it"));
        }
        for (Expression element : elements) {
            if (!(element instanceof Expression.Name name)) {
                throw new Refusal(Diagnostic.error("wrong-kind", element.at(), "a name is wanted here"));
            }
            if (seen.contains(name.text())) {
                throw new Refusal(Diagnostic.error("declared-twice", element.at(),
                        Quoting.quote(name.text()) + " stands in this list twice"));
            }
            seen.add(name.text());
            name(parameter, name);
        }
    }
}
