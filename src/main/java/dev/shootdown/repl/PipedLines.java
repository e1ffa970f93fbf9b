package dev.shootdown.repl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Statements from a pipe or a file: no prompt, no editing. */
final class PipedLines implements Lines {
    private final BufferedReader in;
    private final Predicate<String> incomplete;
    private final List<String> history = new ArrayList<>();

    /** @param incomplete whether a text wants more lines */
    PipedLines(InputStream in, Predicate<String> incomplete) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.incomplete = incomplete;
    }

    @Override
    public String next(String prompt) {
        try {
            String line = in.readLine();
            if (line == null) {
                return null;
            }
            StringBuilder statement = new StringBuilder(line);
            while (!line.startsWith(".") && incomplete.test(statement.toString())) {
                String more = in.readLine();
                if (more == null) {
                    break;
                }
                statement.append('\n').append(more);
            }
            history.add(statement.toString());
            return statement.toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public List<String> history() {
        return history;
    }

    @Override
    public void close() {}
}
