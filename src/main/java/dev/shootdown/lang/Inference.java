package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.lang.word.Words;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What expressions come to, before the script runs; refuses names that nobody declared and kinds that do not fit. */
final class Inference {
    private final Names names;

    Inference(Names names) {
        this.names = names;
    }

    Type of(Expression expression) {
        return switch (expression) {
            case Expression.Number number -> number.unit().isTime() ? Type.TIME : Type.NUMBER;
            case Expression.Text text -> text(text);
            case Expression.Name name -> name(name);
            case Expression.Member member -> member(member);
            case Expression.Index index -> index(index);
            case Expression.Between between -> between(between);
            case Expression.Extent extent -> extent(extent);
            case Expression.Call call -> call(call);
            case Expression.Any any -> any(any);
            case Expression.Constants constants -> Type.WORD;
            case Expression.ListOf list -> Type.LIST;
            case Expression.Position position -> Type.NUMBER;
            case Expression.Unary unary -> unary(unary);
            case Expression.Binary binary -> binary(binary);
        };
    }

    /** Requires a kind. */
    void require(Expression expression, Type wanted) {
        Type type = of(expression);
        if (type != wanted && type != Type.ANY) {
            throw wrongKind(expression.at(), wanted.phrase(), type);
        }
    }

    static Refusal wrongKind(Span at, String wanted, Type found) {
        return new Refusal(Diagnostic.error("wrong-kind", at, wanted + " is wanted here, not " + found.phrase()));
    }

    /** The length of a range, where it is known before the script runs; else -1. */
    long length(Expression expression) {
        return switch (expression) {
            case Expression.Name name when names.get(name.text()) instanceof Thing.Let let -> let.length();
            case Expression.Index index -> Constant.length(index.inside());
            default -> Constant.length(expression);
        };
    }

    private Type text(Expression.Text text) {
        for (Expression.Part part : text.parts()) {
            if (part instanceof Expression.Interpolation inner) {
                of(inner.value());
            }
        }
        return Type.TEXT;
    }

    private Type name(Expression.Name name) {
        return switch (names.get(name.text())) {
            case Thing.Let let when !let.owner().isEmpty() && !let.owner().equals(names.row()) -> throw new Refusal(Diagnostic.error(
                    "given-in-race", name.at(), Quoting.quote(name.text()) + " is given in the race, to the rows of " + let.owner() + " behind it alone")
                    .hint("what all rows are to know is named above the race"));
            case Thing.Let let -> let.type();
            case null -> unbound(name);
            case Thing other -> Type.WORD;
        };
    }

    private Type unbound(Expression.Name name) {
        if (Words.find(Words.checks(), name.text()).isPresent()) {
            return Type.TRUTH;
        }
        List<String> known = new ArrayList<>(names.all());
        known.addAll(Words.names(Words.checks()));
        throw new Refusal(Diagnostic.error("unknown-name", name.at(), "there is no " + Quoting.quote(name.text()))
                .hint(Codes.all().contains(name.text()) ? "expect " + name.text() + " ACTOR: VERB ... says that a call fails so" : Functions.hint(name.text()))
                .didYouMean(Suggestion.nearest(name.text(), known)));
    }

    // ---------------------------------------------------------------- ranges

    private Type between(Expression.Between between) {
        require(between.start(), Type.NUMBER);
        require(between.end(), Type.NUMBER);
        OptionalLong start = Constant.of(between.start());
        OptionalLong end = Constant.of(between.end());
        if (start.isPresent() && end.isPresent() && Long.compareUnsigned(start.getAsLong(), end.getAsLong()) > 0) {
            throw new Refusal(Diagnostic.error("range-reversed", between.at(), "this range ends before it begins"));
        }
        return Type.RANGE;
    }

    private Type extent(Expression.Extent extent) {
        extent.start().ifPresent(start -> require(start, Type.NUMBER));
        require(extent.length(), Type.NUMBER);
        OptionalLong start = extent.start().map(Constant::of).orElse(OptionalLong.of(0));
        OptionalLong length = Constant.of(extent.length());
        if (start.isPresent() && length.isPresent() && overflows(start.getAsLong(), length.getAsLong())) {
            throw new Refusal(Diagnostic.error("range-past-end", extent.at(),
                    "this range goes past the end of the address space"));
        }
        return Type.RANGE;
    }

    static boolean overflows(long start, long length) {
        return Long.compareUnsigned(start + length, start) < 0;
    }

    private Type index(Expression.Index index) {
        if (index.of() instanceof Expression.Member member && member.name().text().equals("pte")) {
            require(member.of(), Type.RANGE);
            require(index.inside(), Type.NUMBER);
            refuseEntryOutside(member, index);
            return Type.NUMBER;
        }
        require(index.of(), Type.RANGE);
        Type inside = of(index.inside());
        if (inside != Type.NUMBER && inside != Type.RANGE && inside != Type.ANY) {
            throw wrongKind(index.inside().at(), "a part of the range", inside);
        }
        refuseOutside(index);
        return Type.RANGE;
    }

    private void refuseEntryOutside(Expression.Member member, Expression.Index index) {
        long length = length(member.of());
        OptionalLong page = Constant.of(index.inside());
        if (length >= 0 && page.isPresent() && Long.compareUnsigned(page.getAsLong(), Pages.up(length) / Pages.SIZE) >= 0) {
            throw outside(index.inside().at(), length);
        }
    }

    private void refuseOutside(Expression.Index index) {
        long length = length(index.of());
        OptionalLong end = switch (index.inside()) {
            case Expression.Between between -> Constant.of(between.end());
            case Expression.Extent extent -> sum(extent);
            case Expression other -> Constant.of(other).stream().map(Math::incrementExact).findFirst();
        };
        if (length >= 0 && end.isPresent() && Long.compareUnsigned(end.getAsLong(), length) > 0) {
            throw outside(index.at(), length);
        }
    }

    private static OptionalLong sum(Expression.Extent extent) {
        OptionalLong start = extent.start().map(Constant::of).orElse(OptionalLong.of(0));
        OptionalLong length = Constant.of(extent.length());
        return start.isPresent() && length.isPresent() ? OptionalLong.of(start.getAsLong() + length.getAsLong()) : OptionalLong.empty();
    }

    static Refusal outside(Span at, long length) {
        return new Refusal(Diagnostic.error("outside-range", at,
                "this lies outside the range, which has 0x" + Long.toHexString(length) + " bytes"));
    }

    // ---------------------------------------------------------------- properties and functions

    private Type member(Expression.Member member) {
        String property = member.name().text();
        if (member.of() instanceof Expression.Name name && name.text().equals("kernel")) {
            throw unknownProperty(member.name(), "the kernel", List.of());
        }
        Type type = member.of() instanceof Expression.Member thread ? threadOf(thread) : of(member.of());
        if (type == Type.ANY) {
            return Type.ANY;
        }
        if (type == Type.RANGE) {
            return property(member.name(), "mapping", "a range");
        }
        if (member.of() instanceof Expression.Name name && names.get(name.text()) != null) {
            return ofThing(name.text(), names.get(name.text()), member);
        }
        if (type == Type.WORD) {
            return property(member.name(), "thread", "a thread");
        }
        throw wrongKind(member.of().at(), "a thing", type);
    }

    private Type threadOf(Expression.Member member) {
        if (member.of() instanceof Expression.Name name && names.get(name.text()) instanceof Thing.Process process) {
            names.who(new Identifier(name.text() + "." + member.name().text(), member.at()));
            return Type.WORD;
        }
        return of(member);
    }

    private Type ofThing(String name, Thing thing, Expression.Member member) {
        return switch (thing) {
            case Thing.Process process when process.threads().contains(member.name().text()) -> Type.WORD;
            case Thing.Process process -> property(member.name(), "process", "a process");
            case Thing.Device device -> property(member.name(), "device", "a device");
            case Thing.Iommu iommu -> property(member.name(), "iommu", "an IOMMU");
            case Thing.File file -> throw unknownProperty(member.name(), "a file", List.of());
            case Thing.Driver driver -> throw unknownProperty(member.name(), "a driver", List.of());
            case Thing.Scenario scenario -> throw unknownProperty(member.name(), "a scenario", List.of());
            case Thing.Let let -> throw wrongKind(member.of().at(), "a thing", let.type());
        };
    }

    private Type property(Identifier name, String subject, String phrase) {
        List<Word> words = Words.properties(subject);
        Word word = Words.find(words, name.text()).orElseThrow(() -> unknownProperty(name, phrase, Words.names(words)));
        return switch (word.name()) {
            case "state" -> Type.TEXT;
            case "alive", "exited", "done", "ats", "uprgi" -> Type.TRUTH;
            case "pte" -> throw lacking(name, "pte is of one page", "buf.pte[0]");
            case "entries" -> throw lacking(name, "entries is of one device", "iotlb.entries(DEVICE)");
            default -> Type.NUMBER;
        };
    }

    private static Refusal lacking(Identifier name, String cause, String written) {
        return new Refusal(Diagnostic.error("missing-argument", name.at(), cause).hint("it is written: " + written));
    }

    private static Refusal unknownProperty(Identifier name, String phrase, List<String> known) {
        return new Refusal(Diagnostic.error("unknown-property", name.at(),
                phrase + " has no property " + Quoting.quote(name.text()))
                .hint(known.isEmpty() ? "" : "it has " + String.join(", ", known))
                .didYouMean(Suggestion.nearest(name.text(), known)));
    }

    private Type call(Expression.Call call) {
        String function = switch (call.function()) {
            case Expression.Name name -> name.text();
            case Expression.Member member when member.of() instanceof Expression.Name of -> of.text() + "." + member.name().text();
            default -> "";
        };
        return switch (function) {
            case "count" -> {
                event(only(call, function));
                yield Type.NUMBER;
            }
            case "mapped" -> {
                Expression address = only(call, function);
                Type type = of(address);
                if (type != Type.NUMBER && type != Type.RANGE && type != Type.ANY) {
                    throw wrongKind(address.at(), "an address", type);
                }
                yield Type.TRUTH;
            }
            case String entries when entries.endsWith(".entries") -> entries(call, function);
            default -> throw Functions.unknown(call, function);
        };
    }

    private Type entries(Expression.Call call, String function) {
        String of = function.substring(0, function.indexOf('.'));
        Expression argument = only(call, function);
        if (!of.equals("iotlb") && !(names.get(of) instanceof Thing.Iommu)) {
            throw Functions.unknown(call, function);
        }
        if (argument instanceof Expression.Name name) {
            names.require(new Identifier(name.text(), name.at()), Thing.Device.class, "device");
            return Type.NUMBER;
        }
        throw wrongKind(argument.at(), "the name of a device", of(argument));
    }

    private Expression only(Expression.Call call, String function) {
        if (call.arguments().size() != 1) {
            throw new Refusal(Diagnostic.error("wrong-arguments", call.at(),
                    Quoting.quote(function) + " takes one argument"));
        }
        return call.arguments().getFirst();
    }

    /** The kind of event that a bare word names. */
    static Kind event(Expression expression) {
        if (expression instanceof Expression.Name name) {
            return event(new Identifier(name.text(), name.at()));
        }
        throw new Refusal(Diagnostic.error("wrong-kind", expression.at(), "the name of an event is wanted here"));
    }

    static Kind event(Identifier name) {
        Optional<Kind> found = Kind.alphabet().stream().filter(kind -> kind.word().equals(name.text())).findFirst();
        return found.orElseThrow(() -> new Refusal(Diagnostic.error("unknown-event", name.at(),
                "there is no event " + Quoting.quote(name.text()))
                .didYouMean(Suggestion.nearest(name.text(), Kind.alphabet().stream().map(Kind::word).toList()))));
    }

    // ---------------------------------------------------------------- choices and operators

    private Type any(Expression.Any any) {
        if (any.choices().isEmpty()) {
            throw new Refusal(Diagnostic.error("no-choice", any.at(), "there is nothing to choose from").hint("any(1, 2), any(buf, 4K)"));
        }
        List<Type> types = any.choices().stream().map(this::of).toList();
        if (Pieces.are(any, types)) {
            refusePieces(any);
            return Type.RANGE;
        }
        return types.stream().distinct().count() == 1 ? types.getFirst() : Type.ANY;
    }

    private void refusePieces(Expression.Any any) {
        long length = length(any.choices().getFirst());
        Expression size = any.choices().getLast();
        OptionalLong piece = Constant.of(size);
        if (piece.isPresent() && piece.getAsLong() == 0) {
            throw new Refusal(Diagnostic.error("no-choice", size.at(), "pieces of no bytes are none"));
        }
        if (piece.isPresent() && length >= 0 && Long.divideUnsigned(length, piece.getAsLong()) > Pieces.MOST) {
            throw new Refusal(Diagnostic.error("too-many-choices", any.at(),
                    "these are more than " + Pieces.MOST + " choices"));
        }
    }

    private Type unary(Expression.Unary unary) {
        if (unary.operator() == Operator.NOT) {
            condition(unary.operand());
            return Type.TRUTH;
        }
        require(unary.operand(), Type.NUMBER);
        Constant.number(unary);
        return Type.NUMBER;
    }

    private Type binary(Expression.Binary binary) {
        if (Arithmetic.isArithmetic(binary.operator())) {
            require(binary.left(), Type.NUMBER);
            require(binary.right(), Type.NUMBER);
            Constant.number(binary);
            return Type.NUMBER;
        }
        switch (binary.operator()) {
            case AND, OR -> {
                condition(binary.left());
                condition(binary.right());
            }
            case OVERLAPS, IN -> overlap(binary);
            case EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> comparison(binary);
            case BIT_OR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT, PLUS, MINUS, TIMES, DIVIDE, REMAINDER, NOT ->
                throw new IllegalArgumentException(binary.operator().written());
        }
        return Type.TRUTH;
    }

    private void overlap(Expression.Binary binary) {
        Type left = of(binary.left());
        if (left != Type.RANGE && left != Type.NUMBER && left != Type.ANY) {
            throw wrongKind(binary.left().at(), "a range", left);
        }
        require(binary.right(), Type.RANGE);
    }

    private void comparison(Expression.Binary binary) {
        Type left = of(binary.left());
        Type right = left == Type.TEXT ? comparedWithString(binary.right()) : of(binary.right());
        boolean equality = binary.operator() == Operator.EQUAL || binary.operator() == Operator.UNEQUAL;
        boolean ordered = left == Type.ANY || left == Type.NUMBER || left == Type.TIME;
        if (!ordered && !equality) {
            throw wrongKind(binary.left().at(), "a number", left);
        }
        if (left != right && left != Type.ANY && right != Type.ANY) {
            throw wrongKind(binary.right().at(), left.phrase(), right);
        }
    }

    /** What a string is compared with is easily written without its quotes. */
    private Type comparedWithString(Expression side) {
        try {
            return of(side);
        } catch (Refusal refusal) {
            if (!(side instanceof Expression.Name name) || !refusal.diagnostic().code().equals("unknown-name")) {
                throw refusal;
            }
            throw new Refusal(refusal.diagnostic().hint("a string stands in quotes: \"" + name.text() + "\""));
        }
    }

    /** Requires something that holds or not. */
    void condition(Expression expression) {
        Type type = of(expression);
        if (type != Type.TRUTH && type != Type.ANY) {
            throw wrongKind(expression.at(), "a condition", type);
        }
    }
}
