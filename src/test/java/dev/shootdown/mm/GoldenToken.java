package dev.shootdown.mm;

import java.util.ArrayList;
import java.util.List;

/** One thing that a kernel did, or that the model did: a text with the callbacks made, or frames freed. */
record GoldenToken(String text, List<String> callbacks, int pages, int tables) {
    static GoldenToken hook(String text, List<String> callbacks) {
        return new GoldenToken(text, callbacks, 0, 0);
    }

    static GoldenToken plain(String text) {
        return new GoldenToken(text, List.of(), 0, 0);
    }

    static GoldenToken freed(boolean page, int count) {
        return new GoldenToken(null, List.of(), page ? count : 0, page ? 0 : count);
    }

    static String range(long start, long end) {
        return start == 0 && end == -1 ? " all" : " " + Long.toHexString(start) + ".." + Long.toHexString(end);
    }

    static String place(long address) {
        return " " + Long.toHexString(address & -4096);
    }

    /** Tokens with frees between which there is nothing else run together, or, if in total, summed up at the end. */
    static List<String> settle(List<GoldenToken> tokens, boolean total) {
        List<String> lines = new ArrayList<>();
        int pages = 0;
        int tables = 0;
        for (GoldenToken token : tokens) {
            if (token.text == null) {
                pages += token.pages;
                tables += token.tables;
                continue;
            }
            if (!total && pages + tables > 0) {
                lines.add("free " + pages + " pages, " + tables + " tables");
                pages = 0;
                tables = 0;
            }
            lines.add(token.text + " " + token.callbacks);
        }
        if (total || pages + tables > 0) {
            lines.add("free " + pages + " pages, " + tables + " tables");
        }
        return lines;
    }
}
