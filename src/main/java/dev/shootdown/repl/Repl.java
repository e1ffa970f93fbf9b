package dev.shootdown.repl;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Place;
import dev.shootdown.lang.Status;
import dev.shootdown.view.Faults;
import dev.shootdown.view.Theme;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Reads statements, runs each on the machine that stands, and shows what comes of it. */
public final class Repl {
    /** What a statement of the prompt's is called in diagnostics. */
    static final String SOURCE = "repl";

    private static final String NOBODY = "shootdown";

    /**
     * Where it runs.
     *
     * @param in          where statements come from
     * @param out         data
     * @param err         talk
     * @param terminal    whether a person types and looks on
     * @param environment the environment's variables
     * @param theme       the colours
     * @param json        whether it begins in JSON
     * @param quiet       whether it begins without events
     * @param version     Shootdown's
     */
    public record Setting(InputStream in, PrintWriter out, PrintWriter err, boolean terminal, Map<String, String> environment, Theme theme,
            boolean json, boolean quiet, String version) {}

    private final Setting setting;
    private final Faults faults;
    private final Screen screen;
    private final Interpreter interpreter;
    private Status status = Status.HELD;

    /** @param open makes the interpreter, which tells a front what happens */
    public Repl(Setting setting, Function<Front, Interpreter> open, Faults faults) {
        this.setting = setting;
        this.faults = faults;
        Mode mode = setting.json() ? Mode.JSON : setting.quiet() ? Mode.QUIET : Mode.TEXT;
        this.screen = new Screen(setting.out(), setting.err(), setting.theme(), setting.terminal(), mode, this::places);
        this.interpreter = open.apply(screen);
    }

    private List<Place> places(String process) {
        return interpreter.places(process);
    }

    /** Reads until the end. A pipe's status is that of its statements; a person's is always a good one. */
    public Status run() {
        try {
            if (!setting.terminal()) {
                loop(new PipedLines(setting.in(), interpreter::incomplete));
                return status;
            }
            Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
            terminal.handle(Terminal.Signal.INT, signal -> screen.interrupt());
            hush(terminal);
            banner();
            loop(new TerminalLines(terminal, interpreter, setting.theme(), setting.environment()));
            return Status.HELD;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            interpreter.close();
        }
    }

    /** What is typed ahead does not appear in the middle of what is shown: the next prompt shows it. Closing the terminal undoes this. */
    private static void hush(Terminal terminal) {
        Attributes attributes = terminal.getAttributes();
        attributes.setLocalFlag(Attributes.LocalFlag.ECHO, false);
        terminal.setAttributes(attributes);
    }

    private void banner() {
        setting.err().print("Shootdown " + setting.version() + ": Linux's mm, mmu_notifier and IOMMU, one step at a time\n"
                + "'help' explains the language, '.help' this prompt; Tab completes; Ctrl-D leaves.\n"
                + "Try: process app {}; use app.main; let buf = mmap 16K rw; touch buf write\n");
        setting.err().flush();
    }

    void loop(Lines lines) {
        try (lines) {
            DotCommands commands = new DotCommands(this, lines, screen, setting.out());
            while (!commands.left()) {
                setting.out().flush();
                String text = lines.next(prompt());
                if (text == null) {
                    break;
                }
                if (text.strip().startsWith(".")) {
                    commands.run(text.strip());
                } else if (!text.isBlank()) {
                    status = status.and(statement(SOURCE, text, commands));
                }
            }
        } finally {
            screen.redirect(null, false);
        }
    }

    private String prompt() {
        String actor = interpreter.actor();
        return (actor.isEmpty() ? NOBODY : actor) + "> ";
    }

    /** Runs statements; what goes well can be saved. */
    Status statement(String source, String text, DotCommands commands) {
        screen.begin();
        Status came = evaluate(source, text);
        screen.end();
        if (came == Status.HELD) {
            commands.wentWell(text);
        }
        return came;
    }

    private Status evaluate(String source, String text) {
        String meant = Habit.meant(text.strip(), !interpreter.actor().isEmpty());
        if (meant != null) {
            screen.diagnostic(Diagnostic.error("unknown-word", new Span(source, 1, 1, text.length(), text),
                    "'" + text.strip() + "' is a word of other prompts").hint(meant));
            return Status.REFUSED;
        }
        try {
            return interpreter.evaluate(source, text);
        } catch (Refusal refusal) {
            screen.diagnostic(refusal.diagnostic());
            return Status.REFUSED;
        } catch (Throwable failure) {
            return faults.tell(failure, source, screen);
        }
    }
}
