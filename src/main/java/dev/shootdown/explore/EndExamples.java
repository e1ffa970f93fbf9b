package dev.shootdown.explore;

import dev.shootdown.sim.Choice;
import java.util.List;
import java.util.function.Supplier;

/** Notes of a distinct end what it shows: an {@code expect} that fails, an {@code exists} that holds, a better value. */
final class EndExamples {
    private EndExamples() {}

    /**
     * @param happened as {@link Judge#trueAtEnd} says
     * @param run      what leads to the end
     */
    static void note(Judge judge, Tally tally, long happened, Supplier<List<Choice>> run) {
        long fresh = tally.fresh(judge.shownAtEnd(happened));
        if (fresh != 0) {
            tally.example(fresh, new Tally.Example(run.get(), null));
        }
        for (long rest = judge.questions(); rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            long value = judge.value(i);
            if (tally.better(i, value)) {
                tally.value(i, value, new Tally.Example(run.get(), null));
            }
        }
    }
}
