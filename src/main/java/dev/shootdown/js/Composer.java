package dev.shootdown.js;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Shape;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import dev.shootdown.vocabulary.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Value;

/**
 * Writes the arguments of a JavaScript call as the language writes them. It judges only what the language could not
 * see afterwards: a value that has no form in it, an option that the word does not have.
 */
final class Composer {
    /** What an argument may look like: a word, a number, a range; nothing that would end or open a statement. */
    private static final Pattern ARGUMENT = Pattern.compile("[\\w.+\\-*/%()\\[\\],| ]+");

    private static final int EXACT_BITS = 53;
    private static final BigInteger END = BigInteger.ONE.shiftLeft(64);

    private Composer() {}

    /** All arguments of a call: those that stand by their place, then the flags and options of an object. */
    static List<String> arguments(Word word, List<Value> values) {
        boolean named = !values.isEmpty() && isOptions(values.getLast());
        List<Value> placed = named ? values.subList(0, values.size() - 1) : values;
        List<String> written = new ArrayList<>(places(word, placed));
        if (named) {
            written.addAll(options(word, values.getLast(), List.of()));
        }
        return written;
    }

    /** Whether a value is a bare object, which names options. */
    static boolean isOptions(Value value) {
        return value.hasMembers() && !value.isProxyObject() && !value.isHostObject() && !value.canExecute() && !value.hasArrayElements()
                && !value.isString();
    }

    /** The arguments by their places. Those that may be left out are taken as left out from the left. */
    private static List<String> places(Word word, List<Value> values) {
        List<Parameter> places = word.parameters().stream().filter(parameter -> parameter.shape() == Shape.PLACE).toList();
        long spare = values.size() - places.stream().filter(Parameter::needed).count();
        List<String> written = new ArrayList<>();
        for (Parameter place : places) {
            boolean taken = place.needed() ? written.size() < values.size() : spare-- > 0;
            if (taken) {
                written.add(argument(place, values.get(written.size())));
            }
        }
        for (Value rest : values.subList(written.size(), values.size())) {
            written.add(plain("argument", rest));
        }
        return written;
    }

    /**
     * The members of an object as flags and options.
     *
     * @param taken members that are not the word's, which the caller has seen to
     */
    static List<String> options(Word word, Value object, List<String> taken) {
        List<String> written = new ArrayList<>();
        for (String key : object.getMemberKeys()) {
            Value value = object.getMember(key);
            if (!value.isNull() && !taken.contains(key)) {
                option(word, key, value, written);
            }
        }
        return written;
    }

    private static void option(Word word, String key, Value value, List<String> written) {
        List<Parameter> named = word.parameters().stream().filter(parameter -> parameter.shape() != Shape.PLACE).toList();
        String name = Spelling.word(key);
        List<Parameter> found = named.stream().filter(parameter -> parameter.name().equals(name)).toList();
        if (found.isEmpty()) {
            List<String> known = named.stream().map(parameter -> Spelling.member(parameter.name())).toList();
            throw refusal("unknown-option", word.name() + " has no option " + key)
                    .with(known.isEmpty() ? "it takes none" : "its options are " + String.join(", ", known), Suggestion.nearest(key, known));
        }
        if (!value.isBoolean()) {
            Parameter option = found.stream().filter(parameter -> parameter.shape() == Shape.OPTION).findFirst().orElse(found.getFirst());
            written.add(name + "=" + argument(option, value));
        } else if (value.asBoolean()) {
            written.add(name);
        }
    }

    /** One argument, as its parameter wants it. */
    static String argument(Parameter parameter, Value value) {
        if (value.isProxyObject() && value.asProxyObject() instanceof Spoken spoken) {
            return spoken.spoken();
        }
        return switch (parameter.kind()) {
            case STRING -> Spelling.quoted(value.isNumber() ? value.toString() : text(parameter, value));
            case VALUE -> value.isString() ? Spelling.quoted(value.asString()) : number(parameter.name(), value);
            case NAMES -> value.hasArrayElements() ? names(parameter, value) : plain(parameter.name(), value);
            case ADDRESS -> value.isNumber() ? address(parameter.name(), value) : plain(parameter.name(), value);
            case RANGE, SIZE, NUMBER, WORD, NAME, PRESENCE -> plain(parameter.name(), value);
        };
    }

    private static String text(Parameter parameter, Value value) {
        if (!value.isString()) {
            throw wrong(parameter.name(), value, "a string is wanted");
        }
        return value.asString();
    }

    private static String names(Parameter parameter, Value value) {
        List<String> elements = new ArrayList<>();
        for (long i = 0; i < value.getArraySize(); i++) {
            elements.add(plain(parameter.name(), value.getArrayElement(i)));
        }
        return parameter.shape() == Shape.PLACE ? String.join(" ", elements) : "[" + String.join(", ", elements) + "]";
    }

    /** A number, or a string that is taken as it is: a word, a size, a range. */
    static String plain(String name, Value value) {
        if (value.isProxyObject() && value.asProxyObject() instanceof Spoken spoken) {
            return spoken.spoken();
        }
        if (value.isNumber()) {
            return number(name, value);
        }
        if (!value.isString()) {
            throw wrong(name, value, "a number, a string or an object of the machine's is wanted");
        }
        String text = value.asString().strip();
        if (!ARGUMENT.matcher(text).matches() || text.contains("//") || text.contains("/*")) {
            throw wrong(name, value, "it is written as in the language: '16K', 'rw', '0x1000 +4K'");
        }
        return text;
    }

    private static String number(String name, Value value) {
        if (!value.isNumber() || !value.fitsInBigInteger()) {
            throw wrong(name, value, "a whole number is wanted");
        }
        BigInteger number = value.asBigInteger();
        if (number.signum() < 0 || number.compareTo(END) >= 0) {
            throw wrong(name, value, "numbers go from 0 to 2**64 - 1");
        }
        if (isPlainNumber(value) && number.bitLength() > EXACT_BITS) {
            throw wrong(name, value, "numbers above 2**53 are only exact as BigInt: 0x1000n");
        }
        return number.toString();
    }

    /** A number of 64 bits without a sign. */
    static long word64(String name, Value value) {
        return Long.parseUnsignedLong(number(name, value));
    }

    private static boolean isPlainNumber(Value value) {
        return value.getMetaObject() == null || !value.getMetaObject().getMetaSimpleName().equals("bigint");
    }

    private static String address(String name, Value value) {
        return "0x" + new BigInteger(number(name, value)).toString(16);
    }

    private static Refusal wrong(String name, Value value, String wanted) {
        return refusal("bad-argument", shown(value) + " is nothing for " + name).with(wanted, List.of());
    }

    private static String shown(Value value) {
        String text = value.isString() ? "'" + value.asString() + "'" : value.toString();
        String line = text.lines().findFirst().orElse("");
        return line.length() > 40 ? line.substring(0, 40) + "..." : line;
    }

    /** The beginnings of a refusal. */
    record Refusing(String code, String cause) {
        Refusal with(String hint, List<String> didYouMean) {
            return new Refusal(Diagnostic.error(code, Span.whole(""), cause).hint(hint).didYouMean(didYouMean));
        }
    }

    static Refusing refusal(String code, String cause) {
        return new Refusing(code, cause);
    }
}
