package dev.shootdown.view;

import java.util.Locale;

/** Colours, or none. Colour never says what the text does not say too. */
public enum Theme {
    PLAIN, COLOUR;

    /** What a piece of text is, as far as its colour goes; the numbers are ECMA-48's. */
    public enum Role {
        ERROR("1;31"), WARNING("1;33"), HINT("36"), FAINT("2"), ACTOR("34"), EVENT("1"), RANGE("36"), GOOD("32"), BAD("1;31"),
        KEYWORD("35"), NUMBER("36"), STRING("32"), HEADING("1");

        private final String code;

        Role(String code) {
            this.code = code;
        }

        /** The parameters of the escape sequence that begins it. */
        public String code() {
            return code;
        }
    }

    /** When colours are wanted. */
    public enum When {
        AUTO, ALWAYS, NEVER;

        /** As the command line takes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The flag counts most, then the environment, then whether a person looks.
     *
     * @param noColor  the environment's NO_COLOR, or null
     * @param terminal whether the output goes to one
     */
    public static Theme choose(When flag, String noColor, boolean terminal) {
        return switch (flag) {
            case ALWAYS -> COLOUR;
            case NEVER -> PLAIN;
            case AUTO -> terminal && (noColor == null || noColor.isEmpty()) ? COLOUR : PLAIN;
        };
    }

    public String paint(Role role, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + role.code + "m" + text + "\u001b[0m";
    }
}
