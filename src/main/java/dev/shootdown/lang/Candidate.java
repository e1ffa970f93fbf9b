package dev.shootdown.lang;

/**
 * A word that could stand where the cursor is.
 *
 * @param text  the whole word
 * @param group what kind of word it is: {@code verb}, {@code flag}, {@code process} ...
 * @param help  one sentence; empty for names of the user's own
 */
public record Candidate(String text, String group, String help) {}
