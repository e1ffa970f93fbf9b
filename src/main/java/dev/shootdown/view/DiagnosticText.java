package dev.shootdown.view;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Severity;
import dev.shootdown.vocabulary.Span;
import java.util.Locale;
import org.jline.utils.WCWidth;

/** A diagnostic as text: where, what, the line with its span underlined, and what to do about it. */
public final class DiagnosticText {
    /** A longer line is shown in part. */
    private static final int LONGEST = 200;
    private static final int AROUND = 60;
    private static final String CUT = "...";

    private final Theme theme;

    public DiagnosticText(Theme theme) {
        this.theme = theme;
    }

    /** Some lines, each with its end. */
    public String text(Diagnostic diagnostic) {
        Span span = diagnostic.span();
        StringBuilder out = new StringBuilder(Plain.line(span.source())).append(':');
        if (span.line() > 0) {
            out.append(span.line()).append(':').append(span.column()).append(':');
        }
        String severity = diagnostic.severity().name().toLowerCase(Locale.ROOT) + ":";
        out.append(' ').append(theme.paint(role(diagnostic.severity()), severity)).append(' ').append(Plain.line(diagnostic.cause()));
        out.append(theme.paint(Theme.Role.FAINT, " [" + diagnostic.code() + "]")).append('\n');
        if (span.line() > 0 && !span.text().isEmpty()) {
            underlined(out, span, role(diagnostic.severity()));
        }
        if (!diagnostic.hint().isEmpty()) {
            out.append(theme.paint(Theme.Role.HINT, "  hint: " + Plain.line(diagnostic.hint()))).append('\n');
        }
        if (!diagnostic.didYouMean().isEmpty()) {
            out.append(theme.paint(Theme.Role.HINT, "  did you mean: " + Plain.line(String.join(", ", diagnostic.didYouMean())) + "?")).append('\n');
        }
        return out.toString();
    }

    private void underlined(StringBuilder out, Span span, Theme.Role role) {
        int[] line = span.text().codePoints().toArray();
        int from = Math.clamp(span.column() - 1L, 0, line.length);
        int to = Math.clamp((long) from + span.length(), from, line.length);
        boolean whole = line.length <= LONGEST;
        int first = whole ? 0 : Math.max(0, from - AROUND);
        int last = whole ? line.length : Math.min(line.length, Math.min(to, from + AROUND) + AROUND);
        String before = (first > 0 ? CUT : "") + shown(line, first, from);
        String marked = shown(line, from, Math.min(to, last));
        String after = shown(line, Math.min(to, last), last) + (last < line.length ? CUT : "");
        out.append("  ").append(before).append(marked).append(after).append('\n');
        String carets = "^".repeat(Math.max(1, width(marked)));
        out.append("  ").append(" ".repeat(width(before))).append(theme.paint(role, carets)).append('\n');
    }

    private static String shown(int[] line, int from, int to) {
        return Plain.line(new String(line, from, to - from));
    }

    /** In columns of a terminal: some characters take two, some none. */
    private static int width(String text) {
        return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
    }

    private static Theme.Role role(Severity severity) {
        return switch (severity) {
            case ERROR, BUG -> Theme.Role.ERROR;
            case WARNING -> Theme.Role.WARNING;
        };
    }
}
