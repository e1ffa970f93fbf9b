package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.word.Constants;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import dev.shootdown.vocabulary.Parameter.Shape;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Gives each written argument to a parameter of its word: options by key, flags by name in any order, the rest by place.
 */
final class Binder {
    private final Word word;
    private final Predicate<String> known;
    private final List<String> names;
    private final Map<String, Expression> values = new LinkedHashMap<>();
    private final List<Expression> placed = new ArrayList<>();

    private Binder(Word word, Names names) {
        this.word = word;
        this.known = name -> names.get(name) != null;
        this.names = names.all();
    }

    /**
     * Binds what was written behind a word.
     *
     * @param at    the word itself, where something is missing behind it
     * @param names the names that hold there: what is none of them is taken for a misspelt flag
     */
    static Binding bind(Word word, Span at, List<Argument> arguments, Names names) {
        Binder binder = new Binder(word, names);
        for (Argument argument : arguments) {
            switch (argument) {
                case Argument.Option option -> binder.option(option);
                case Argument.Positional positional -> binder.positional(positional.value());
            }
        }
        binder.place(at);
        binder.complete(at);
        return new Binding(binder.values);
    }

    // ---------------------------------------------------------------- options and flags

    private void option(Argument.Option option) {
        String key = option.key().text();
        Parameter parameter = parameter(key, Shape.OPTION);
        if (parameter == null) {
            if (parameter(key, Shape.FLAG) != null) {
                throw new Refusal(Diagnostic.error("flag-with-value", option.key().at(),
                        Quoting.quote(key) + " takes no value")
                        .hint("write " + key + " alone"));
            }
            throw unknownOption(option.key());
        }
        if (option.value() instanceof Expression.Name name && parameter(name.text(), Shape.FLAG) != null && name.text().equals("unlimited")) {
            put("unlimited", name, name.at());
            return;
        }
        put(key, option.value(), option.key().at());
    }

    private Refusal unknownOption(Identifier key) {
        List<String> keys = named(Shape.OPTION);
        String hint = keys.isEmpty() ? Quoting.quote(word.name()) + " takes no options" : "options are " + String.join(", ", keys);
        return new Refusal(Diagnostic.error("unknown-option", key.at(),
                Quoting.quote(word.name()) + " has no option " + Quoting.quote(key.text()))
                .hint(hint)
                .didYouMean(Suggestion.nearest(key.text(), keys)));
    }

    private void positional(Expression value) {
        switch (value) {
            case Expression.Constants constants -> constants(constants);
            case Expression.Name name when Constants.looksLikeOne(name.text()) -> constant(new Identifier(name.text(), name.at()));
            case Expression.Name name when parameter(name.text(), Shape.FLAG) != null && !needsPlace(name.text()) ->
                put(name.text(), name, name.at());
            default -> placed.add(value);
        }
    }

    /** A word that is both a flag and one of the words of a place still missing stands for the latter: {@code uffd wp R}. */
    private boolean needsPlace(String name) {
        List<Parameter> places = places();
        return placed.size() < places.size() && places.get(placed.size()).values().contains(name);
    }

    private void constants(Expression.Constants constants) {
        if (constants.names().stream().allMatch(name -> Constants.isPermission(name.text()))) {
            List<String> written = constants.names().stream().map(Identifier::text).toList();
            placed.add(new Expression.Name(Constants.permissions(written), constants.at()));
        } else {
            constants.names().forEach(this::constant);
        }
    }

    private void constant(Identifier constant) {
        String meant = Constants.word(constant.text());
        if (meant == null) {
            throw new Refusal(Diagnostic.error("unknown-constant", constant.at(),
                    "there is no constant " + Quoting.quote(constant.text()))
                    .didYouMean(Suggestion.nearest(constant.text(), Constants.all())));
        }
        Expression.Name name = new Expression.Name(meant, constant.at());
        if (meant.isEmpty()) {
            return;
        }
        if (parameter(meant, Shape.FLAG) != null) {
            put(meant, name, constant.at());
        } else {
            placed.add(name);
        }
    }

    private void put(String key, Expression value, Span at) {
        if (values.put(key, value) != null) {
            throw new Refusal(Diagnostic.error("written-twice", at, Quoting.quote(key) + " is written twice"));
        }
    }

    // ---------------------------------------------------------------- places

    private void place(Span at) {
        List<Parameter> places = places();
        long needed = places.stream().filter(Parameter::needed).count();
        refuseStrangers(needed);
        long spare = placed.size() - needed;
        int next = 0;
        for (Parameter parameter : places) {
            boolean taken = parameter.needed() ? next < placed.size() : spare > 0 && next < placed.size();
            if (taken && parameter.kind() == Kind.NAMES) {
                values.put(parameter.name(), new Expression.ListOf(placed.subList(next, placed.size()), placed.get(next).at()));
                next = placed.size();
            } else if (taken) {
                values.put(parameter.name(), placed.get(next++));
                spare -= parameter.needed() ? 0 : 1;
            }
        }
        if (next < placed.size()) {
            throw tooMany(placed.get(next));
        }
    }

    /** A bare word that is no name, where there are enough arguments without it, is a misspelt flag. */
    private void refuseStrangers(long needed) {
        List<Expression.Name> strangers = placed.stream().filter(this::isStranger).map(Expression.Name.class::cast).toList();
        if (!strangers.isEmpty() && placed.size() > needed && !named(Shape.FLAG).isEmpty()) {
            Expression.Name stranger = strangers.getLast();
            List<String> flags = named(Shape.FLAG);
            throw new Refusal(Diagnostic.error("unknown-flag", stranger.at(),
                    Quoting.quote(word.name()) + " knows no word " + Quoting.quote(stranger.text()))
                    .hint("it may have " + String.join(", ", flags))
                    .didYouMean(Suggestion.nearest(stranger.text(), concat(flags, names))));
        }
    }

    private boolean isStranger(Expression value) {
        return value instanceof Expression.Name name && !known.test(name.text())
                && places().stream().noneMatch(place -> place.values().contains(name.text()) || takesAnyWord(place));
    }

    private static boolean takesAnyWord(Parameter place) {
        return place.kind() == Kind.NAME || place.kind() == Kind.NAMES;
    }

    private Refusal tooMany(Expression extra) {
        Diagnostic diagnostic = Diagnostic.error("too-many-arguments", extra.at(),
                Quoting.quote(word.name()) + " takes no more than that")
                .hint("it is written: " + Usage.of(word));
        if (extra instanceof Expression.Name name && parameter(name.text(), Shape.OPTION) != null) {
            return new Refusal(diagnostic.hint("an option has a value: " + name.text() + "=..."));
        }
        return new Refusal(diagnostic);
    }

    private void complete(Span at) {
        for (Parameter parameter : word.parameters()) {
            if (parameter.needed() && !values.containsKey(parameter.name())) {
                String what = parameter.shape() == Shape.OPTION ? parameter.name() + "=" : parameter.name();
                throw new Refusal(Diagnostic.error("missing-argument", at,
                        Quoting.quote(word.name()) + " lacks " + what)
                        .hint("it is written: " + Usage.of(word)));
            }
        }
    }

    // ---------------------------------------------------------------- the word

    private Parameter parameter(String name, Shape shape) {
        for (Parameter parameter : word.parameters()) {
            if (parameter.shape() == shape && parameter.name().equals(name)) {
                return parameter;
            }
        }
        return null;
    }

    private List<Parameter> places() {
        return word.parameters().stream().filter(parameter -> parameter.shape() == Shape.PLACE).toList();
    }

    private List<String> named(Shape shape) {
        return word.parameters().stream().filter(parameter -> parameter.shape() == shape).map(Parameter::name).toList();
    }

    private static List<String> concat(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
