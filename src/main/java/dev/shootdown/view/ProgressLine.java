package dev.shootdown.view;

import java.io.PrintWriter;

/** How far something has come: one line of talk, which each next one replaces, where somebody looks on. */
final class ProgressLine {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter talk;
    private final boolean watched;
    private boolean shown;

    ProgressLine(PrintWriter talk, boolean watched) {
        this.talk = talk;
        this.watched = watched;
    }

    /** A line that stays, whether or not somebody looks on. */
    void say(String line) {
        show("");
        talk.append(Plain.line(line)).append('\n').flush();
    }

    /** @param line empty to take it away */
    void show(String line) {
        if (watched && (shown || !line.isEmpty())) {
            talk.append(CLEAR_LINE).append(Plain.line(line)).flush();
            shown = !line.isEmpty();
        }
    }
}
