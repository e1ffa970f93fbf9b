package dev.shootdown.lang;

import dev.shootdown.lang.tree.Script;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files that a script includes, each read once, by names relative to the file that includes it. */
final class Inclusions {
    private final Map<Path, Script> scripts = new HashMap<>();
    private final Deque<Path> open = new ArrayDeque<>();

    /** The script of an inclusion; refuses one that leads back into itself. */
    Script open(Statement.Include include) {
        Path file = path(include);
        Span at = include.file().at();
        if (open.contains(file) || file.equals(Path.of(at.source()).toAbsolutePath().normalize())) {
            throw new Refusal(Diagnostic.error("include-loop", at,
                    "this includes the file that it stands in, over and over"));
        }
        open.push(file);
        Script known = scripts.get(file);
        if (known == null) {
            known = Parser.parse(shown(include), read(file, include));
            scripts.put(file, known);
        }
        return known;
    }

    /** Statements at the top of a script, with those of a file in place of what includes it: what it declares is declared there. */
    List<Statement> flat(List<Statement> statements) {
        List<Statement> all = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement instanceof Statement.Include include) {
                all.addAll(flat(open(include).statements()));
                close(include);
            } else {
                all.add(statement);
            }
        }
        return all;
    }

    void close(Statement.Include include) {
        open.remove(path(include));
    }

    private static Path path(Statement.Include include) {
        String written = include.file().constant().orElseThrow(() -> new Refusal(
                Diagnostic.error("wrong-kind", include.file().at(),
                        "the name of a file is known before anything runs: no ${} in it")));
        try {
            Path here = Path.of(include.file().at().source()).toAbsolutePath().getParent();
            return here.resolve(written).normalize();
        } catch (InvalidPathException e) {
            throw new Refusal(Diagnostic.error("file-missing", include.file().at(),
                    Quoting.quote(written) + " is no name of a file"));
        }
    }

    private static String shown(Statement.Include include) {
        Path from = Path.of(include.file().at().source()).getParent();
        String written = include.file().constant().orElseThrow();
        return from == null ? written : from.resolve(written).normalize().toString();
    }

    /** What is wrong with all of the file is said where it is included; what is wrong at a place in it, there. */
    private static String read(Path file, Statement.Include include) {
        Span at = include.file().at();
        try {
            return ScriptFile.read(shown(include), file);
        } catch (NoSuchFileException e) {
            throw new Refusal(Diagnostic.error("file-missing", at, "there is no such file: " + file.getFileName()));
        } catch (IOException e) {
            throw new Refusal(Diagnostic.error("file-unreadable", at, "this file cannot be read: " + file.getFileName()));
        } catch (Refusal refusal) {
            throw refusal.diagnostic().span().line() > 0 ? refusal : new Refusal(refusal.diagnostic().at(at));
        }
    }
}
