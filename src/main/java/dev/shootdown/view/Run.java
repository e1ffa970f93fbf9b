package dev.shootdown.view;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;

/**
 * Events of one actor, one behind the other over adjacent ranges, that are shown as one.
 *
 * @param moment the first, or all of them as one event
 * @param count  how many pages were freed, where it is about freed pages; else 1
 */
record Run(Moment moment, long count) {
    static Run of(Moment moment) {
        return new Run(moment, 1);
    }

    /** This run with one more event, or null if that is none of it. */
    Run with(Moment next) {
        if (!moment.actor().equals(next.actor())) {
            return null;
        }
        if (moment.event() instanceof Event.Pte mine && next.event() instanceof Event.Pte other) {
            return entries(mine, other);
        }
        if (moment.event() instanceof Event.PageFree mine && next.event() instanceof Event.PageFree other) {
            return pages(mine, other);
        }
        return null;
    }

    private Run entries(Event.Pte mine, Event.Pte other) {
        boolean like = mine.change().equals(other.change()) && mine.end() == other.start()
                && String.valueOf(mine.helper()).equals(String.valueOf(other.helper()))
                && String.valueOf(mine.process()).equals(String.valueOf(other.process()));
        if (!like) {
            return null;
        }
        Event.Pte both = new Event.Pte(mine.process(), mine.change(), mine.start(), other.end(), mine.pages() + other.pages(), mine.helper());
        return new Run(new Moment(moment.step(), moment.actor(), both), 1);
    }

    private Run pages(Event.PageFree mine, Event.PageFree other) {
        boolean like = mine.order() == 0 && other.order() == 0 && mine.owner().equals(other.owner());
        return like && other.frame() == mine.frame() + count ? new Run(moment, count + 1) : null;
    }
}
