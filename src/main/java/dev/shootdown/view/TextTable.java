package dev.shootdown.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows in columns as wide as they need to be; columns of numbers stand right. */
final class TextTable {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9,_.]*[KMGT]?|");

    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(List<String> heads) {
        this.heads = heads;
    }

    void row(List<String> cells) {
        rows.add(cells.stream().map(Plain::line).toList());
    }

    /** The table's lines, without trailing spaces. */
    List<String> lines(Theme theme) {
        int[] widths = widths();
        boolean[] numbers = numbers();
        List<String> lines = new ArrayList<>();
        lines.add(theme.paint(Theme.Role.HEADING, line(heads, widths, numbers)));
        rows.forEach(row -> lines.add(line(row, widths, numbers)));
        return lines;
    }

    private int[] widths() {
        int[] widths = heads.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < Math.min(widths.length, row.size()); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private boolean[] numbers() {
        boolean[] numbers = new boolean[heads.size()];
        for (int i = 0; i < numbers.length; i++) {
            int column = i;
            numbers[i] = !rows.isEmpty() && rows.stream().allMatch(row -> column >= row.size() || NUMBER.matcher(row.get(column)).matches());
        }
        return numbers;
    }

    private static String line(List<String> cells, int[] widths, boolean[] numbers) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(widths.length, cells.size()); i++) {
            out.append(i == 0 ? "" : "  ");
            out.append(numbers[i] ? Plain.right(cells.get(i), widths[i]) : Plain.left(cells.get(i), widths[i]));
        }
        return out.toString().stripTrailing();
    }
}
