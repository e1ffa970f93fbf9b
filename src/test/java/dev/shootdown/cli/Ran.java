package dev.shootdown.cli;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Interpreter;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * What a call of the command line came to.
 *
 * @param status the exit status
 * @param out    standard output
 * @param err    standard error
 */
record Ran(int status, String out, String err) {
    /** A call in this process, with nothing on standard input. */
    static Ran call(String... words) {
        return call(new byte[0], Words::open, words);
    }

    static Ran call(byte[] input, BiFunction<Script, Front, Interpreter> languages, String... words) {
        return call(input, languages, () -> false, words);
    }

    /** @param interrupted whether the user wants an end */
    static Ran call(byte[] input, BiFunction<Script, Front, Interpreter> languages, BooleanSupplier interrupted, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Surroundings surroundings = new Surroundings(new ByteArrayInputStream(input), new PrintWriter(out), new PrintWriter(err),
                Surroundings.Terminals.NONE, Map.of(), interrupted);
        int status = new CommandCall(surroundings, languages::apply).run(words);
        return new Ran(status, out.toString(), err.toString());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
