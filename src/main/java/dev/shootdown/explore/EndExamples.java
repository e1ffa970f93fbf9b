package dev.shootdown.explore;

/** Notes of a distinct end what it shows: an {@code expect} that fails, an {@code exists} that holds, a better value. */
final class EndExamples {
    private EndExamples() {}

    /** @param happened as {@link Judge#trueAtEnd} says */
    static void note(Judge judge, Tally tally, long happened, Path path) {
        long fresh = tally.fresh(judge.shownAtEnd(happened));
        if (fresh != 0) {
            tally.example(fresh, new Tally.Example(path.choices(), null));
        }
        for (long rest = judge.questions(); rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            long value = judge.value(i);
            if (tally.better(i, value)) {
                tally.value(i, value, new Tally.Example(path.choices(), null));
            }
        }
    }
}
