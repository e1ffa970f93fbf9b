package dev.shootdown.golden;

import java.util.ArrayList;
import java.util.List;

/** What two runs are compared by. */
sealed interface Token {
    /** Something that happened. */
    record Plain(String text) implements Token {}

    /** A hook of the kernel's, with the callbacks that it led to. */
    record Hook(String text, List<String> callbacks) implements Token {
        Hook(String text) {
            this(text, new ArrayList<>());
        }
    }

    /** Pages of a kind that were freed. */
    record Free(String kind, long pages) implements Token {}
}
