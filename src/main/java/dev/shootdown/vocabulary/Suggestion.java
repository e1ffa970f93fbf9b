package dev.shootdown.vocabulary;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the words that a mistyped one may stand for. */
public final class Suggestion {
    /** Below this a word is so near to everything that a guess is noise. */
    private static final int SHORTEST = 3;

    private static final int MOST = 3;

    private Suggestion() {}

    /** The nearest known words, the likeliest first; empty where none is near. */
    public static List<String> nearest(String written, Collection<String> known) {
        if (written.length() < SHORTEST) {
            return List.of();
        }
        int limit = written.length() < 6 ? 1 : 2;
        return known.stream()
                .distinct()
                .filter(word -> distance(written, word) <= limit || prefixes(written, word))
                .sorted(Comparator.comparingInt((String word) -> distance(written, word)).thenComparing(word -> word))
                .limit(MOST)
                .toList();
    }

    private static boolean prefixes(String written, String word) {
        return word.startsWith(written) && word.length() - written.length() <= 4;
    }

    /** Edits (insert, drop, replace, exchange of neighbours) between two words. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
