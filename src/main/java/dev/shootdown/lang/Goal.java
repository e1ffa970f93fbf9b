package dev.shootdown.lang;

import dev.shootdown.sim.Actor;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import java.util.List;

/** How far to go. */
sealed interface Goal {
    /** Whether a step with these events is the last one. */
    boolean reached(List<Moment> moments);

    /** The actor's next event, those of callbacks left out: a callback, and the commands that its driver gives. */
    record NextEvent(Actor who) implements Goal {
        @Override
        public boolean reached(List<Moment> moments) {
            return moments.stream().anyMatch(moment -> (who == null || moment.actor().equals(who.name()))
                    && moment.event().kind() != Kind.CALLBACK && moment.event().kind() != Kind.COMMAND);
        }
    }

    /** The end of the actor's statement. */
    record End(Actor who) implements Goal {
        @Override
        public boolean reached(List<Moment> moments) {
            return moments.stream().anyMatch(moment -> (who == null || moment.actor().equals(who.name())) && moment.event().kind() == Kind.RETURN);
        }
    }
}
