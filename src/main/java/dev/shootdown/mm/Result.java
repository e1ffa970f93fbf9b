package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** What a call returns, left at its very end, since what comes before may be a driver's and leave something of its own. */
@Cites("kernel/entry: the value that a system call returns")
record Result(long value, String rule) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.takeRemark();
        turn.result(value);
        if (rule != null) {
            turn.remark(rule);
        }
    }
}
