package dev.shootdown.cli;

/** The languages of scripts, and how a file says in which it is. */
enum Script {
    SHOOTDOWN(".mmu"), JAVASCRIPT(".js");

    private final String suffix;

    Script(String suffix) {
        this.suffix = suffix;
    }

    /** The language of a file; one with an ending of its own is in Shootdown's. */
    static Script of(String name) {
        return name.endsWith(JAVASCRIPT.suffix) ? JAVASCRIPT : SHOOTDOWN;
    }

    /** Whether a name looks like a script's. */
    static boolean is(String name) {
        return name.endsWith(SHOOTDOWN.suffix) || name.endsWith(JAVASCRIPT.suffix);
    }
}
