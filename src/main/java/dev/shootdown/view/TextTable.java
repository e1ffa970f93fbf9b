package dev.shootdown.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows in columns as wide as they need to be; columns of numbers stand right. Of a table where each row has one cell beside the
 * first, columns may begin below one another, so that it is not too wide.
 */
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

    /** The lines of a table whose rows have one cell beside the first: no wider than this, as far as the heads leave room. */
    List<String> lines(Theme theme, int widest) {
        int[] widths = widths();
        int[] starts = starts(widths, Integer.MAX_VALUE);
        for (int room = widest; room > 0 && end(starts, widths) > widest; room--) {
            starts = starts(widths, room);
        }
        boolean[] numbers = numbers();
        List<String> lines = new ArrayList<>();
        lines.add(theme.paint(Theme.Role.HEADING, staggered(heads, starts, widths, numbers)));
        for (List<String> row : rows) {
            lines.add(staggered(row, starts, widths, numbers));
        }
        return lines;
    }

    /** Where columns begin; each but the first takes so much room at most, or what its head needs. */
    private int[] starts(int[] widths, int room) {
        int[] starts = new int[widths.length];
        for (int i = 1; i < starts.length; i++) {
            int width = i == 1 ? widths[0] : Math.max(heads.get(i - 1).length(), Math.min(widths[i - 1], room));
            starts[i] = starts[i - 1] + width + 2;
        }
        return starts;
    }

    private static int end(int[] starts, int[] widths) {
        int end = 0;
        for (int i = 0; i < starts.length; i++) {
            end = Math.max(end, starts[i] + widths[i]);
        }
        return end;
    }

    private static String staggered(List<String> cells, int[] starts, int[] widths, boolean[] numbers) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = numbers[i] ? Plain.right(cells.get(i), widths[i]) : cells.get(i);
            if (!cell.isEmpty()) {
                out.append(" ".repeat(Math.max(0, starts[i] - out.length()))).append(cell);
            }
        }
        return out.toString().stripTrailing();
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
