package dev.shootdown.view;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;

/** An event as a line: step, actor, event, range, note. */
final class EventText {
    private static final int STEP = 6;
    private static final int ACTOR = 11;
    private static final int EVENT = 17;
    private static final int RANGE = 22;

    private final Theme theme;
    private final Names names;

    EventText(Theme theme, Names names) {
        this.theme = theme;
        this.names = names;
    }

    /** The line, without its end. What a script prints stands alone. */
    String line(Run run) {
        Moment moment = run.moment();
        if (moment.event() instanceof Event.Print print) {
            return Plain.text(print.text());
        }
        Line line = Line.of(moment.event(), names);
        String note = note(run, line);
        String range = Plain.line(line.range());
        StringBuilder out = new StringBuilder();
        out.append(theme.paint(Theme.Role.FAINT, Plain.right(Long.toString(moment.step()), STEP))).append("  ");
        out.append(theme.paint(Theme.Role.ACTOR, Plain.left(moment.actor(), ACTOR))).append("  ");
        String word = moment.event().kind().word();
        boolean more = !range.isEmpty() || !note.isEmpty();
        out.append(theme.paint(role(moment.event()), more ? Plain.left(word, EVENT) : word));
        if (more) {
            out.append("  ").append(theme.paint(Theme.Role.RANGE, note.isEmpty() ? range : Plain.left(range, RANGE)));
        }
        return note.isEmpty() ? out.toString() : out.append("  ").append(note).toString();
    }

    /** The same without what a reader of a short table can do without: encodings, tags, counts. */
    String briefest(Run run) {
        return switch (run.moment().event()) {
            case Event.Command e -> e.name() + " ->";
            case Event.IotlbInvalidate e -> "iotlb_invalidate " + range(e.start(), e.end());
            case Event.AtcInvalidate e -> "atc_invalidate " + e.device() + " " + range(e.start(), e.end());
            case Event.Completion e -> "completion -> " + e.waited();
            case Event.Violation e -> "VIOLATION " + e.check() + " because of #" + e.because();
            case Event event -> brief(run);
        };
    }

    private String range(long start, long end) {
        return names.range("", start, end);
    }

    /** Event, range and note with single spaces: for a cell of a table. */
    String brief(Run run) {
        Line line = Line.of(run.moment().event(), names);
        return (run.moment().event().kind().word() + " " + Plain.line(line.range()) + " " + note(run, line)).replaceAll(" +", " ").trim();
    }

    private static String note(Run run, Line line) {
        String pages = run.count() > 1 ? "pages=" + run.count() + " " : "";
        return pages + Plain.line(line.note());
    }

    private static Theme.Role role(Event event) {
        return event instanceof Event.Violation || event instanceof Event.DeviceFailed ? Theme.Role.BAD : Theme.Role.EVENT;
    }
}
