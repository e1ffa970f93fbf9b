package dev.shootdown.conform;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An object of a recording: of a line of its own, or inside one. Its fields are asked for by name and kind; one that is
 * missing or of another kind is a {@link Refusal} with the line.
 *
 * @param file the file's name, for diagnostics
 * @param line counted from 1
 */
record Row(String file, int line, JsonNode node) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SHOWN = 60;

    /** Reads a line that holds an object and nothing else. */
    static Row read(String file, int line, String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject()) {
                throw refusal(file, line, "not-a-record", "this line is no JSON object");
            }
            return new Row(file, line, node);
        } catch (JacksonException bad) {
            throw refusal(file, line, "bad-json", "this line is no JSON: it is broken or cut off");
        }
    }

    boolean has(String field) {
        return node.has(field);
    }

    String text(String field) {
        JsonNode value = field(field);
        if (!value.isString()) {
            throw wrong(field, "a text", value);
        }
        return value.asString();
    }

    long number(String field) {
        return number(field, field(field));
    }

    private long number(String field, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(field, "a whole number", value);
        }
        return value.asLong();
    }

    /** A number written as a text in hexadecimal: {@code 0x3000}. */
    long hexadecimal(String field) {
        String text = text(field);
        try {
            if (text.startsWith("0x")) {
                return Long.parseUnsignedLong(text.substring(2), 16);
            }
        } catch (NumberFormatException bad) {
            // It is told below.
        }
        throw wrong(field, "a number like 0x1000", field(field));
    }

    /** An address: {@code +0x..} and {@code -0x..} are relative to a base, {@code =0x..} are not. */
    long address(String field, long base) {
        String text = text(field);
        try {
            if (text.length() > 3 && text.startsWith("0x", 1)) {
                long value = Long.parseUnsignedLong(text.substring(3), 16);
                switch (text.charAt(0)) {
                    case '+':
                        return base + value;
                    case '-':
                        return base - value;
                    case '=':
                        return value;
                    default:
                        break;
                }
            }
        } catch (NumberFormatException bad) {
            // It is told below.
        }
        throw wrong(field, "an address like +0x1000, -0x1000 or =0x1000", field(field));
    }

    /** An object inside this one. */
    Row row(String field) {
        return object(field, field(field));
    }

    /** A list of objects; empty where there is none. */
    List<Row> rows(String field) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode element : list(field)) {
            rows.add(object(field, element));
        }
        return rows;
    }

    private Row object(String field, JsonNode value) {
        if (!value.isObject()) {
            throw wrong(field, "an object", value);
        }
        return new Row(file, line, value);
    }

    /** A list, whatever is in it; empty where there is none. */
    JsonNode list(String field) {
        JsonNode value = node.path(field);
        if (!value.isArray() && !value.isMissingNode()) {
            throw wrong(field, "a list", value);
        }
        return value;
    }

    /** A list of lists of numbers; empty where there is none. */
    List<List<Long>> numbers(String field) {
        List<List<Long>> lists = new ArrayList<>();
        for (JsonNode element : list(field)) {
            if (!element.isArray()) {
                throw wrong(field, "a list of lists of numbers", element);
            }
            List<Long> numbers = new ArrayList<>();
            for (JsonNode value : element) {
                numbers.add(number(field, value));
            }
            lists.add(numbers);
        }
        return lists;
    }

    private JsonNode field(String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw refusal("missing-field", "there is no '" + field + "' in this record");
        }
        return value;
    }

    Refusal wrong(String field, String wanted, JsonNode found) {
        String text = found.toString();
        return refusal("wrong-field", "'" + field + "' is " + wanted + ", not " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text));
    }

    Refusal refusal(String code, String cause) {
        return refusal(file, line, code, cause);
    }

    static Refusal refusal(String file, int line, String code, String cause) {
        return new Refusal(Diagnostic.error(code, new Span(file, line, 1, 1, ""), cause));
    }
}
