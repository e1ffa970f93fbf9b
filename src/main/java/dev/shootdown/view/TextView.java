package dev.shootdown.view;

import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Shows a session as text: events, verdicts and answers as data; diagnostics and progress as talk. */
public final class TextView implements View {
    /**
     * How to show it.
     *
     * @param data    the colours of the data
     * @param talk    the colours of the talk
     * @param quiet   only what is printed, verdicts, answers and diagnostics
     * @param full    witnesses with nothing left out
     * @param watched whether somebody looks on: every line is shown at once, and progress too
     */
    public record Manner(Theme data, Theme talk, boolean quiet, boolean full, boolean watched) {
        public static Manner plain() {
            return new Manner(Theme.PLAIN, Theme.PLAIN, false, false, false);
        }
    }

    private final PrintWriter data;
    private final PrintWriter talk;
    private final Manner manner;
    private final BooleanSupplier interrupted;
    private final EventText events;
    private final InterleavingTable witnesses;
    private final VerdictText verdicts;
    private final Runs runs = new Runs(this::show);
    private final ProgressLine progress;

    public TextView(PrintWriter data, PrintWriter talk, Manner manner, Names names, BooleanSupplier interrupted) {
        this.data = data;
        this.talk = talk;
        this.manner = manner;
        this.interrupted = interrupted;
        this.events = new EventText(manner.data(), names);
        this.witnesses = new InterleavingTable(names, manner.full());
        this.verdicts = new VerdictText(manner.data());
        this.progress = new ProgressLine(talk, manner.watched() && !manner.quiet());
    }

    /** The kinds of events that are shown; a quiet front still shows what was asked for by name. */
    static long kinds(boolean quiet) {
        return quiet ? Kind.PRINT.bit() | Kind.VERDICT.bit() | Kind.MUTANT.bit() : Kind.EVERY & ~Kind.DIAGNOSTIC.bit();
    }

    @Override
    public long kinds() {
        return kinds(manner.quiet());
    }

    @Override
    public void event(Moment moment) {
        if (moment.event() instanceof Event.Verdict verdict) {
            verdict(verdict);
        } else if (moment.event() instanceof Event.Mutant mutant) {
            settle();
            data.append(MutantText.line(mutant, manner.data())).append('\n').flush();
        } else {
            verdicts.close();
            runs.add(moment);
        }
    }

    private void verdict(Event.Verdict verdict) {
        settle();
        if (!manner.quiet() && verdicts.begins(verdict)) {
            data.flush();
            talk.append(VerdictText.cost(verdict)).append('\n').flush();
        }
        data.append(verdicts.text(verdict));
    }

    private void show(Run run) {
        data.append(events.line(run)).append('\n');
        if (manner.watched()) {
            data.flush();
        }
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        settle();
        data.flush();
        talk.append(new DiagnosticText(manner.talk()).text(diagnostic)).flush();
    }

    @Override
    public void witness(String title, List<Moment> moments) {
        settle();
        if (manner.quiet()) {
            return;
        }
        if (!title.isEmpty()) {
            data.append(manner.data().paint(Theme.Role.HEADING, Plain.line(title))).append('\n');
        }
        witnesses.lines(moments, manner.data()).forEach(line -> data.append(line).append('\n'));
    }

    @Override
    public void listing(Listing listing) {
        settle();
        if (!listing.title().isEmpty()) {
            data.append(manner.data().paint(Theme.Role.HEADING, Plain.line(listing.title()))).append('\n');
        }
        if (listing.columns().isEmpty()) {
            listing.rows().forEach(row -> data.append(Plain.text(String.join(" ", row))).append('\n'));
            return;
        }
        TextTable table = new TextTable(listing.columns());
        listing.rows().forEach(table::row);
        table.lines(manner.data()).forEach(line -> data.append(line).append('\n'));
    }

    @Override
    public void progress(String line) {
        data.flush();
        progress.show(line);
    }

    @Override
    public void news(String line) {
        if (!manner.quiet()) {
            data.flush();
            progress.say(line);
        }
    }

    @Override
    public boolean interrupted() {
        return interrupted.getAsBoolean();
    }

    /** Shows events that were held back for more of their like, and takes progress away. */
    @Override
    public void settle() {
        runs.flush();
        progress("");
    }
}
