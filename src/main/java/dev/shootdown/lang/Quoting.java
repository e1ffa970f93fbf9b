package dev.shootdown.lang;

/** How a diagnostic shows a piece of the input: short, on one line, nothing unprintable. */
final class Quoting {
    private static final int LONGEST = 40;

    private Quoting() {}

    /** The piece in single quotes. */
    static String quote(String written) {
        return "'" + brief(written) + "'";
    }

    /** The piece, cut where it is long. */
    static String brief(String written) {
        StringBuilder shown = new StringBuilder();
        int taken = 0;
        for (int i = 0; i < written.length() && taken < LONGEST; taken++) {
            int character = written.codePointAt(i);
            shown.append(printable(character));
            i += Character.charCount(character);
        }
        return taken < LONGEST || written.length() == LONGEST ? shown.toString() : shown + "...";
    }

    private static String printable(int character) {
        boolean hidden = Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT
                || Character.getType(character) == Character.SURROGATE
                || (Character.isSpaceChar(character) && character != ' ');
        return hidden ? String.format("U+%04X", character) : Character.toString(character);
    }
}
