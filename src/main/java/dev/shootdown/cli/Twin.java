package dev.shootdown.cli;

import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Status;
import dev.shootdown.view.Faults;
import dev.shootdown.view.TextView;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A script and, beside it, the record of what it prints: its standard output, and a line with its exit status. */
record Twin(Path script) {
    private static final String SUFFIX = ".expected";

    /**
     * What came of a run.
     *
     * @param twin       which
     * @param status     how the script ended
     * @param found      what it printed, and its status
     * @param talk       what it said on standard error
     * @param difference between the record and what was found; empty where they agree
     */
    record Result(Twin twin, Status status, String found, String talk, List<String> difference) {
        boolean agrees() {
            return difference.isEmpty();
        }
    }

    Path expected() {
        return script.resolveSibling(script.getFileName() + SUFFIX);
    }

    /** The scripts of a path: of a folder, all inside that have a record; else itself. */
    static List<Twin> in(String name) {
        Path path = Sources.path(name);
        if (!Files.exists(path)) {
            throw new Refusal(Diagnostic.error("no-file", Span.whole(name), "there is no such file or folder"));
        }
        if (!Files.isDirectory(path)) {
            return List.of(new Twin(path));
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> Script.is(file.toString())).map(Twin::new).filter(twin -> Files.exists(twin.expected()))
                    .sorted(Comparator.comparing(Twin::script)).toList();
        } catch (IOException | UncheckedIOException failure) {
            throw new Refusal(Diagnostic.error("unreadable-file", Span.whole(name), "the folder cannot be read: " + failure.getMessage()));
        }
    }

    /** Runs the script on a fresh machine. */
    Result run(Languages languages, Faults faults, BooleanSupplier interrupted) {
        StringWriter data = new StringWriter();
        StringWriter talk = new StringWriter();
        Runner runner = new Runner(languages,
                names -> new TextView(new PrintWriter(data), new PrintWriter(talk), TextView.Manner.plain(), names, interrupted), faults);
        Status status = runner.run(Script.of(script.toString()), script.toString(),
                () -> Sources.read(script.toString(), InputStream.nullInputStream()), Interpreter::execute);
        String printed = data.toString();
        String found = printed + (printed.isEmpty() || printed.endsWith("\n") ? "" : "\n") + "exit " + status.code() + "\n";
        return new Result(this, status, found, talk.toString(), difference(found));
    }

    private List<String> difference(String found) {
        if (!Files.exists(expected())) {
            return List.of("there is no " + expected() + "; --promote makes it");
        }
        return Difference.between(Sources.read(expected().toString(), InputStream.nullInputStream()), found);
    }

    /** Makes what was found the record. */
    void promote(String found) {
        try {
            Files.writeString(expected(), found);
        } catch (IOException failure) {
            throw new Refusal(Diagnostic.error("unwritable-file", Span.whole(expected().toString()), "the file cannot be written: " + failure.getMessage()));
        }
    }
}
