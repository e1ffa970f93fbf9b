package dev.shootdown.repl;

import java.util.Arrays;
import java.util.List;

/** What fingers type that know other prompts, and what does it here. */
enum Habit {
    HELP(List.of("?", "man", "usage"), "help explains the language, '.help' this prompt"),
    LEAVE(List.of("quit", "q", ":q", "bye", "exit"), "'.quit' or Ctrl-D leaves"),
    LOOK(List.of("ls", "dir", "ps"), "info actors and info vmas show what there is; help lists all words");

    private final List<String> words;
    private final String meant;

    Habit(List<String> words, String meant) {
        this.words = words;
        this.meant = meant;
    }

    /**
     * What to do instead; null where that is no habit.
     *
     * @param actor whether there is a default actor, who may well have to {@code exit}
     */
    static String meant(String typed, boolean actor) {
        return Arrays.stream(values())
                .filter(habit -> habit.words.contains(typed) && !(actor && typed.equals("exit")))
                .map(habit -> habit.meant)
                .findFirst()
                .orElse(null);
    }
}
