package dev.shootdown.js;

import java.util.Locale;

/** How a word of the language is spelled in JavaScript, and back: {@code move_pages} is {@code movePages}. */
final class Spelling {
    private Spelling() {}

    /** The word as a member: two words run together, and so do the parts of one; what is in capitals stays. */
    static String member(String word) {
        if (word.equals(word.toUpperCase(Locale.ROOT))) {
            return word;
        }
        StringBuilder spelled = new StringBuilder();
        boolean raise = false;
        for (char letter : word.toCharArray()) {
            if (letter == '_' || letter == ' ') {
                raise = true;
            } else {
                spelled.append(raise ? Character.toUpperCase(letter) : letter);
                raise = false;
            }
        }
        return spelled.toString();
    }

    /** The word of one part that a member stands for: {@code onlyEnd} is {@code only_end}. */
    static String word(String member) {
        if (member.equals(member.toUpperCase(Locale.ROOT))) {
            return member;
        }
        StringBuilder word = new StringBuilder();
        for (char letter : member.toCharArray()) {
            if (Character.isUpperCase(letter)) {
                word.append('_');
            }
            word.append(Character.toLowerCase(letter));
        }
        return word.toString();
    }

    /** A text as a string of the language, quotes and all. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(character -> {
            switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '$' -> quoted.append("\\$");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (character < ' ') {
                        quoted.append(String.format("\\x%02x", character));
                    } else {
                        quoted.appendCodePoint(character);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
