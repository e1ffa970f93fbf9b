package dev.shootdown.lang;

/**
 * A run of characters of a text that is shown in one colour.
 *
 * @param start the index of its first character
 * @param end   the index behind its last
 * @param sort  what it is
 */
public record Lexeme(int start, int end, Sort sort) {
    /** What is told apart. What is none of these has no lexeme. */
    public enum Sort { KEYWORD, VERB, ACTOR, CONSTANT, NUMBER, STRING, COMMENT, WRONG }
}
