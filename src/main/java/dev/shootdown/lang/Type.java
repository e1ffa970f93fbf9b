package dev.shootdown.lang;

/** What an expression comes to, as far as it is known before the script runs. */
enum Type {
    NUMBER("a number"),
    /** A number of microseconds. */
    TIME("a time"),
    RANGE("a range"),
    TEXT("a string"),
    TRUTH("a condition"),
    WORD("a word"),
    LIST("a list"),
    /** Known only when the script runs. */
    ANY("a value");

    private final String phrase;

    Type(String phrase) {
        this.phrase = phrase;
    }

    /** As a diagnostic speaks of it: {@code a range}. */
    String phrase() {
        return phrase;
    }
}
