package dev.shootdown.cli;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of the command line, written as the language writes them; none of them may be zero or less. */
final class Quantity {
    private static final Pattern NUMBER = Pattern.compile("([0-9][0-9_]*(?:\\.[0-9]+)?(?:[eE][0-9]{1,2})?)([a-zA-Z]*)");
    private static final Map<String, Double> SECONDS = Map.of("", 1.0, "us", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "min", 60.0, "h", 3600.0);
    private static final Map<String, Double> BYTES = Map.of("", 1.0, "K", 0x1p10, "M", 0x1p20, "G", 0x1p30, "T", 0x1p40);
    private static final Map<String, Double> PLAIN = Map.of("", 1.0);

    private Quantity() {}

    /** How many of something: {@code 1000000}, {@code 1_000_000}, {@code 1e6}. */
    static final class Count implements ITypeConverter<Long> {
        @Override
        public Long convert(String written) {
            return whole(parse(written, PLAIN, "a number above 0, such as 1000000 or 1e6"), written);
        }
    }

    /** A size: {@code 4G}. */
    static final class Bytes implements ITypeConverter<Long> {
        @Override
        public Long convert(String written) {
            return whole(parse(written, BYTES, "a size above 0, such as 512M or 4G"), written);
        }
    }

    /** A time: {@code 30}, {@code 30s}, {@code 5ms}, {@code 2m}. */
    static final class Seconds implements ITypeConverter<Double> {
        @Override
        public Double convert(String written) {
            return parse(written, SECONDS, "a time above 0, such as 30s or 5m").doubleValue();
        }
    }

    /** A number of something there are never that many of; null if none was given. */
    static Integer small(Long number) {
        return number == null ? null : (Integer) (int) Math.min(number, Integer.MAX_VALUE);
    }

    private static BigDecimal parse(String written, Map<String, Double> units, String wanted) {
        Matcher matcher = NUMBER.matcher(written);
        Double unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        BigDecimal number = unit == null ? BigDecimal.ZERO : new BigDecimal(matcher.group(1).replace("_", "")).multiply(BigDecimal.valueOf(unit));
        if (number.signum() <= 0) {
            throw new TypeConversionException("'" + written + "' is not " + wanted);
        }
        return number;
    }

    private static Long whole(BigDecimal number, String written) {
        try {
            return number.longValueExact();
        } catch (ArithmeticException tooLarge) {
            throw new TypeConversionException("'" + written + "' is not a whole number below 2^63");
        }
    }
}
