package dev.shootdown.explore;

import java.util.List;

/**
 * What an exploration found.
 *
 * @param verdicts one for each condition, in their order
 * @param counts   of the search; shortening witnesses is not counted
 * @param reach    how much of the space it covered
 */
public record Result(List<Verdict> verdicts, Counts counts, Reach reach) {
    public Result {
        verdicts = List.copyOf(verdicts);
    }
}
