package dev.shootdown.machine;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Address;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of an actor's statement.
 *
 * @param process the process that it is about, or null
 * @param op      the verb
 * @param args    its arguments as written
 */
@Cites("the statement of an actor, as a system call is entered: arch/x86/entry/common.c: do_syscall_64")
public record Call(String process, String op, String args) implements Step {
    /** What a call gives back. */
    public enum Result { NONE, ADDRESS, NUMBER, TEXT }

    /** A call round the steps that carry it out. */
    public static List<Step> around(String process, String op, String args, List<? extends Step> body, Result result) {
        List<Step> steps = new ArrayList<>(body.size() + 2);
        steps.add(new Call(process, op, args));
        steps.addAll(body);
        steps.add(new Return(process, op, result));
        return steps;
    }

    @Override
    public void run(Turn turn) {
        turn.emit(Kind.CALL, () -> new Event.Call(process, op, args));
    }

    /** The end of a statement: takes the outcome that its last step left, and keeps it for whoever asks. */
    @Cites("the end of an actor's statement, as a system call returns: arch/x86/entry/common.c: syscall_exit_to_user_mode")
    public record Return(String process, String op, Result result) implements Step {
        @Override
        public boolean ends() {
            return true;
        }

        @Override
        public void run(Turn turn) {
            long outcome = turn.takeResult();
            String remark = turn.takeRemark();
            turn.part(Outcomes.class).note(turn.actor(), outcome, remark);
            turn.emit(Kind.RETURN, () -> new Event.Return(process, op, value(outcome, remark), failure(outcome)));
        }

        private Object value(long outcome, String remark) {
            if (Outcome.failed(outcome)) {
                return null;
            }
            return switch (result) {
                case NONE -> null;
                case ADDRESS -> new Address(outcome);
                case NUMBER -> Long.valueOf(outcome);
                case TEXT -> remark == null ? Long.valueOf(outcome) : remark;
            };
        }

        private static String failure(long outcome) {
            Errno errno = Outcome.errno(outcome);
            Signal signal = Outcome.signal(outcome);
            return errno != null ? errno.name() : signal != null ? signal.signal() : null;
        }
    }
}
