package dev.shootdown.sim;

/**
 * One step that is there for safety is dropped, exchanged with its neighbour, put off or hurried wherever one operation
 * takes it; all else is as it was.
 */
public record Mutant(Site site, Manner manner) implements Mutation {
    @Override
    public Agenda put(Step step, Step by, Agenda rest) {
        if (!site.is(step, by)) {
            return undoes(step, by) ? rest : new Agenda(step, rest);
        }
        return switch (manner) {
            case DROP -> rest;
            case SWAP -> swapped(step, rest);
            case DELAY -> delayed(step, rest);
            case HURRY -> new Agenda(new Hurried(step), rest);
        };
    }

    @Override
    public boolean perform(Step part, Step by, Turn turn) {
        if (!site.is(part, by)) {
            return undoes(part, by) || turn.carryOut(part, true);
        }
        return switch (manner) {
            case DROP -> true;
            case SWAP -> last(turn.agenda()) ? turn.carryOut(part, true) : turn.goOn(swapped(part, turn.agenda()));
            case DELAY -> last(turn.agenda()) ? turn.carryOut(part, true) : turn.goOn(delayed(part, turn.agenda()));
            case HURRY -> turn.carryOut(part, false);
        };
    }

    /** Whether a step undoes the one that is dropped. */
    private boolean undoes(Step step, Step by) {
        if (manner == Manner.DROP && site.takes(by)) {
            for (Class<? extends Step> undoing : site.safety().undoneBy()) {
                if (undoing == step.getClass()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the operation has nothing more to do. */
    private static boolean last(Agenda rest) {
        return rest == null || rest.head().idle();
    }

    private static Agenda swapped(Step step, Agenda rest) {
        if (last(rest) || rest.head().ends()) {
            return new Agenda(step, rest);
        }
        return new Agenda(rest.head(), new Agenda(step, rest.tail()));
    }

    private static Agenda delayed(Step step, Agenda rest) {
        if (last(rest)) {
            return new Agenda(step, rest);
        }
        return new Agenda(rest.head(), rest.head().ends() ? new Agenda(step, rest.tail()) : delayed(step, rest.tail()));
    }
}
