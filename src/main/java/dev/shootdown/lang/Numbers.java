package dev.shootdown.lang;

import dev.shootdown.lang.tree.Unit;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Number literals: {@code 42}, {@code 1_000}, {@code 0x10}, {@code 0b11}, {@code 4K}, {@code 3p}, {@code 10us}. */
public final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("([0-9][0-9_]*+(?<!_))(K|M|G|T|p|us|ms)?");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x([0-9a-fA-F][0-9a-fA-F_]*+(?<!_))");
    private static final Pattern BINARY = Pattern.compile("0b([01][01_]*+(?<!_))");
    private static final Pattern DIGITS_AND_LETTERS = Pattern.compile("([0-9][0-9_]*+(?<!_))([A-Za-z]++)");
    private static final String UNITS = "units are K, M, G, T, p (pages), us and ms";

    private Numbers() {}

    /** A literal's value, unsigned in 64 bits, in bytes or microseconds, and its unit. */
    public record Literal(long value, Unit unit) {}

    /** Reads one literal, as the language does and as the JavaScript surface takes sizes; empty where it is none. */
    public static Optional<Literal> read(String written) {
        try {
            return parse(written);
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }

    private static Optional<Literal> parse(String written) {
        Matcher decimal = DECIMAL.matcher(written);
        if (decimal.matches()) {
            Unit unit = unit(decimal.group(2));
            return Optional.of(new Literal(scaled(digits(decimal.group(1), 10), unit.scale()), unit));
        }
        Matcher hexadecimal = HEXADECIMAL.matcher(written);
        if (hexadecimal.matches()) {
            return Optional.of(new Literal(digits(hexadecimal.group(1), 16), Unit.NONE));
        }
        Matcher binary = BINARY.matcher(written);
        return binary.matches() ? Optional.of(new Literal(digits(binary.group(1), 2), Unit.NONE)) : Optional.empty();
    }

    private static long digits(String written, int radix) {
        return Long.parseUnsignedLong(written.replace("_", ""), radix);
    }

    private static long scaled(long value, long scale) {
        if (Math.unsignedMultiplyHigh(value, scale) != 0) {
            throw new ArithmeticException();
        }
        return value * scale;
    }

    private static Unit unit(String written) {
        for (Unit unit : Unit.values()) {
            if (unit.written().equals(written)) {
                return unit;
            }
        }
        return Unit.NONE;
    }

    /** A literal that the lexer took for a number; refused where 64 bits do not hold it. */
    static Literal require(String written, Span at) {
        return read(written).orElseThrow(() -> new Refusal(explain(written, at)));
    }

    /** What is wrong with something that begins like a number. */
    static Diagnostic explain(String written, Span at) {
        String shown = Quoting.quote(written);
        if (wellFormed(written)) {
            return bad(at, shown + " does not fit into 64 bits");
        }
        if (written.indexOf('.') >= 0) {
            return bad(at, shown + " is no number: there are no fractions")
                    .hint("a kernel version stands in double quotes, and half a megabyte is 512K");
        }
        if (written.matches("0[xX].*")) {
            return hexadecimal(written, at, shown);
        }
        if (written.startsWith("0b") || written.startsWith("0B")) {
            return bad(at, shown + " is no binary number").hint("binary is 0b with the digits 0 and 1, and no unit");
        }
        if (written.endsWith("_")) {
            return bad(at, shown + " is no number: _ stands between digits");
        }
        Matcher matcher = DIGITS_AND_LETTERS.matcher(written);
        return matcher.matches() ? wrongUnit(matcher, at) : bad(at, shown + " is neither a number nor a name").hint(UNITS);
    }

    private static boolean wellFormed(String written) {
        return DECIMAL.matcher(written).matches() || HEXADECIMAL.matcher(written).matches() || BINARY.matcher(written).matches();
    }

    private static Diagnostic hexadecimal(String written, Span at, String shown) {
        String rest = written.substring(2);
        boolean unit = rest.matches("[0-9a-fA-F_]+[KMGTp]");
        if (unit) {
            return bad(at, shown + " is no number: a hexadecimal number takes no unit")
                    .hint("write the size in decimal, or all of it in hexadecimal");
        }
        return bad(at, shown + " is no hexadecimal number").hint("hexadecimal is 0x with the digits 0-9 and a-f");
    }

    private static Diagnostic wrongUnit(Matcher matcher, Span at) {
        String digits = matcher.group(1);
        String written = matcher.group(2);
        Diagnostic diagnostic = bad(at, "'" + Quoting.brief(written) + "' is no unit").hint(UNITS);
        String meant = switch (written.toLowerCase(Locale.ROOT)) {
            case "k", "kb", "kib" -> "K";
            case "m", "mb", "mib" -> "M";
            case "g", "gb", "gib" -> "G";
            case "t", "tb", "tib" -> "T";
            case "p", "page", "pages" -> "p";
            case "us", "usec" -> "us";
            case "ms", "msec" -> "ms";
            default -> "";
        };
        String number = switch (written.toLowerCase(Locale.ROOT)) {
            case "b", "bytes" -> digits;
            default -> meant.isEmpty() ? "" : digits + meant;
        };
        return number.isEmpty() ? diagnostic : diagnostic.didYouMean(List.of(number));
    }

    private static Diagnostic bad(Span at, String cause) {
        return Diagnostic.error("bad-number", at, cause);
    }
}
