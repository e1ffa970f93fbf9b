package dev.shootdown.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What a command finds around it. A process has its own; a test makes some.
 *
 * @param in          standard input
 * @param out         standard output: data
 * @param err         standard error: talk
 * @param terminals   which of them a person sits at
 * @param environment the environment's variables
 * @param interrupted whether the user wants to stop, or nobody reads any more
 */
record Surroundings(InputStream in, PrintWriter out, PrintWriter err, Terminals terminals, Map<String, String> environment,
        BooleanSupplier interrupted) {
    /** Which of the three streams are terminals. */
    record Terminals(boolean in, boolean out, boolean err) {
        static final Terminals NONE = new Terminals(false, false, false);

        /**
         * As the launcher found them: it says which descriptors are terminals, since Java cannot tell one by one.
         * Without a launcher, all are or none is.
         */
        static Terminals found() {
            String said = System.getProperty("shootdown.terminals");
            if (said == null) {
                boolean all = System.console() != null && System.console().isTerminal();
                return new Terminals(all, all, all);
            }
            return new Terminals(said.contains("0"), said.contains("1"), said.contains("2"));
        }
    }

    /** Whether colours and lines that are replaced make sense on a terminal here. */
    boolean dumb() {
        return "dumb".equals(environment.get("TERM"));
    }
}
