package dev.shootdown.view;

/** Text that came from outside, made safe to show: no control character of it reaches the terminal. */
final class Plain {
    private Plain() {}

    /** On one line: what is no character to see is shown by its Unicode picture. */
    static String line(String text) {
        return clean(text, false);
    }

    /** The same, in which newlines and tabs stay. */
    static String text(String text) {
        return clean(text, true);
    }

    private static String clean(String text, boolean lines) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isISOControl(c) || lines && (c == '\n' || c == '\t')) {
                if (out != null) {
                    out.append(c);
                }
                continue;
            }
            if (out == null) {
                out = new StringBuilder(text.length()).append(text, 0, i);
            }
            out.append(picture(c));
        }
        return out == null ? text : out.toString();
    }

    private static char picture(char control) {
        return control == '\t' ? ' ' : control < ' ' ? (char) (0x2400 + control) : control == 0x7f ? '\u2421' : '\ufffd';
    }

    /** Filled with spaces to a width, or as long as it is. */
    static String left(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    static String right(String text, int width) {
        return text.length() >= width ? text : " ".repeat(width - text.length()) + text;
    }

    /** Cut to a width, with a sign that it was. */
    static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "\u2026";
    }
}
