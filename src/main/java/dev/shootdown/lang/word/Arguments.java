package dev.shootdown.lang.word;

import dev.shootdown.lang.value.Value;
import dev.shootdown.memory.Translation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The arguments of one call, worked out, by the names of the word's parameters. What was not written holds its
 * parameter's preset, or is absent.
 *
 * @param values what was written
 */
public record Arguments(Map<String, Value> values) {
    private static final long PAGE = 4096;

    public Arguments {
        values = Map.copyOf(values);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value itself; null where it was not written. */
    public Value value(String name) {
        return values.get(name);
    }

    /** A range; a lone address stands for the page that holds it. */
    public Value.Range range(String name) {
        return switch (values.get(name)) {
            case Value.Range range -> range;
            case Value.Number number -> new Value.Range(number.value() & -PAGE, (number.value() & -PAGE) + PAGE);
            case null -> throw new IllegalStateException(name);
            case Value other -> throw new IllegalStateException(name + " is no range: " + other);
        };
    }

    /** A number: of bytes where the parameter is a size, an address, or a plain one. */
    public long number(String name) {
        return switch (values.get(name)) {
            case Value.Number number -> number.value();
            case Value.Range range -> range.start();
            case null -> throw new IllegalStateException(name);
            case Value other -> throw new IllegalStateException(name + " is no number: " + other);
        };
    }

    /** A number, or what holds where none was written. */
    public long number(String name, long preset) {
        return has(name) ? number(name) : preset;
    }

    /** A word, a name or a string. */
    public String word(String name) {
        return values.get(name).text();
    }

    /** A word, or what holds where none was written. */
    public String word(String name, String preset) {
        return has(name) ? word(name) : preset;
    }

    /** Names in square brackets. */
    public List<String> names(String name, List<String> preset) {
        return switch (values.get(name)) {
            case null -> preset;
            case Value.Several several -> several.elements().stream().map(Value::text).toList();
            case Value one -> List.of(one.text());
        };
    }

    /** The bytes to be written: a string's own, or one byte as often as the range is long. */
    public byte[] bytes(String name) {
        return switch (values.get(name)) {
            case Value.Number number -> new byte[] {(byte) number.value()};
            case null -> new byte[0];
            case Value other -> other.text().getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Permissions ({@code none, r, rw, rx, rwx}) as bits of {@link Translation}. */
    public int permissions(String name) {
        String word = word(name);
        return (word.contains("r") ? Translation.READ : 0) | (word.contains("w") ? Translation.WRITE : 0)
                | (word.contains("x") ? Translation.EXECUTE : 0);
    }
}
