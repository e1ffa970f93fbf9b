package dev.shootdown.cli;

import java.util.ArrayList;
import java.util.List;

/** What two texts differ in, line by line: {@code -} was expected, {@code +} was found. */
final class Difference {
    /** Lines shown around a difference. */
    private static final int CONTEXT = 2;
    /** Larger texts are compared up to their first difference only. */
    private static final long LARGEST = 4_000_000;

    private record Entry(char mark, String line) {}

    private Difference() {}

    /** The differing lines with some around them; none where there is no difference. */
    static List<String> between(String expected, String found) {
        List<String> left = expected.lines().toList();
        List<String> right = found.lines().toList();
        int same = 0;
        while (same < left.size() && same < right.size() && left.get(same).equals(right.get(same))) {
            same++;
        }
        if (same == left.size() && same == right.size()) {
            return expected.equals(found) ? List.of() : List.of("(only the end of the last line)");
        }
        if ((long) left.size() * right.size() > LARGEST) {
            return List.of("line " + (same + 1) + ":", "-" + line(left, same), "+" + line(right, same));
        }
        return shorten(entries(left, right));
    }

    private static String line(List<String> lines, int at) {
        return at < lines.size() ? lines.get(at) : "(end)";
    }

    /** Both texts in one, by their longest common subsequence. */
    private static List<Entry> entries(List<String> left, List<String> right) {
        int[][] common = common(left, right);
        List<Entry> entries = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
                entries.add(new Entry(' ', left.get(i)));
                i++;
                j++;
            } else if (j == right.size() || i < left.size() && common[i + 1][j] >= common[i][j + 1]) {
                entries.add(new Entry('-', left.get(i++)));
            } else {
                entries.add(new Entry('+', right.get(j++)));
            }
        }
        return entries;
    }

    private static int[][] common(List<String> left, List<String> right) {
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                boolean same = left.get(i).equals(right.get(j));
                common[i][j] = same ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static List<String> shorten(List<Entry> entries) {
        List<String> lines = new ArrayList<>();
        int shown = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (near(entries, i)) {
                if (shown < i) {
                    lines.add("...");
                }
                lines.add(entries.get(i).mark() + entries.get(i).line());
                shown = i + 1;
            }
        }
        return lines;
    }

    private static boolean near(List<Entry> entries, int at) {
        for (int i = Math.max(0, at - CONTEXT); i <= Math.min(entries.size() - 1, at + CONTEXT); i++) {
            if (entries.get(i).mark() != ' ') {
                return true;
            }
        }
        return false;
    }
}
