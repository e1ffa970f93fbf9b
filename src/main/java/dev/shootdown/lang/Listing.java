package dev.shootdown.lang;

import java.util.List;

/**
 * An answer in rows.
 *
 * @param title   what it is about; empty where that is plain
 * @param columns their heads; empty where the rows are lines of text
 * @param rows    each with a field for each column, or a single one
 */
public record Listing(String title, List<String> columns, List<List<String>> rows) {
    public Listing {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** Lines of text. */
    public static Listing lines(String title, List<String> lines) {
        return new Listing(title, List.of(), lines.stream().map(List::of).toList());
    }
}
