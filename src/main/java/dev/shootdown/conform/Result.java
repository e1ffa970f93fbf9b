package dev.shootdown.conform;

import java.util.List;

/**
 * How one operation ended, as it was recorded or found. What does not apply is null.
 *
 * @param value         of a call that succeeded
 * @param errno         of one that failed, by name
 * @param signal        of an access that failed: SEGV or BUS
 * @param code          its si_code
 * @param got           the value read
 * @param vector        of mincore: 1 for each page that is in memory, else 0
 * @param minorFaults   of an access that did not fail
 * @param faults        page and error code of each page fault of an access
 * @param invalidations first page and the one behind the last of each range that the notifier's subscribers were told of
 */
record Result(Long value, String errno, String signal, Long code, Long got, String vector, Long minorFaults, List<List<Long>> faults,
        List<List<Long>> invalidations) {
    Result {
        faults = List.copyOf(faults);
        invalidations = List.copyOf(invalidations);
    }

    /** What a record says. */
    static Result of(Row row, long base) {
        return new Result(value(row, base), row.has("e") ? row.text("e") : null, row.has("sig") ? row.text("sig") : null,
                number(row, "code"), number(row, "got"), row.has("vec") ? row.text("vec") : null, number(row, "mf"), row.numbers("pf"), row.numbers("inv"));
    }

    private static Long value(Row row, long base) {
        if (!row.has("ret")) {
            return null;
        }
        return row.node().get("ret").isString() ? Long.valueOf(row.address("ret", base)) : number(row, "ret");
    }

    private static Long number(Row row, String field) {
        return row.has(field) ? Long.valueOf(row.number(field)) : null;
    }

    /** The part of it that level 1 compares, as a text. */
    String ending() {
        StringBuilder text = new StringBuilder();
        append(text, "ret", value == null ? null : "0x" + Long.toHexString(value));
        append(text, "e", errno);
        append(text, "sig", signal);
        append(text, "code", code);
        append(text, "got", got);
        append(text, "vec", vector);
        return text.isEmpty() ? "nothing" : text.toString();
    }

    private static void append(StringBuilder text, String name, Object what) {
        if (what != null) {
            text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(what);
        }
    }
}
