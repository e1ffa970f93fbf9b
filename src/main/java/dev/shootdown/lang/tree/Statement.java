package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Optional;

/** One statement. Declarations and conditions have pages of their own. */
public sealed interface Statement extends Node permits Declaration, Condition, Statement.Plain {
    /** Neither a declaration nor a condition. */
    sealed interface Plain extends Statement {}

    /**
     * {@code ACTOR: verb ...} or {@code ACTOR: { verb ...; verb ... }}.
     *
     * @param actor    nobody where the default actor, or the driver that the statement stands in, is meant
     * @param calls    one, or those of the braces, in order
     * @param inFlight whether {@code &} leaves it in flight
     */
    record Perform(Optional<Identifier> actor, List<VerbCall> calls, boolean inFlight, Span at) implements Plain {
        public Perform {
            calls = List.copyOf(calls);
        }
    }

    /** {@code let x = RANGE}, or any other value. */
    record Let(Identifier name, Expression value, Span at) implements Plain {}

    /** {@code let x = ACTOR: verb ...}: names what the verb returns. The call may be a group; its last verb counts. */
    record LetCall(Identifier name, Perform call, Span at) implements Plain {}

    /** {@code count += 1}, in a driver; without an operator, {@code count = 0}. */
    record Assign(Identifier name, Optional<Operator> operator, Expression value, Span at) implements Plain {}

    /** {@code use app.main}. */
    record Use(Identifier actor, Span at) implements Plain {}

    /** {@code race { ... }}. */
    record Race(List<Statement> rows, Span at) implements Plain {
        public Race {
            rows = List.copyOf(rows);
        }
    }

    record Repeat(Expression times, List<Statement> body, Span at) implements Plain {
        public Repeat {
            body = List.copyOf(body);
        }
    }

    /** {@code if}, and each {@code else if}, is a branch; {@code otherwise} is empty where there is no else. */
    record If(List<Branch> branches, List<Statement> otherwise, Span at) implements Plain {
        public If {
            branches = List.copyOf(branches);
            otherwise = List.copyOf(otherwise);
        }
    }

    record Branch(Expression condition, List<Statement> body, Span at) implements Node {
        public Branch {
            body = List.copyOf(body);
        }
    }

    record Print(Expression value, Span at) implements Plain {}

    record Include(Expression.Text file, Span at) implements Plain {}

    /** {@code either { } or { }}: two blocks or more. */
    record Either(List<List<Statement>> choices, Span at) implements Plain {
        public Either {
            choices = choices.stream().map(List::copyOf).toList();
        }
    }

    /** {@code wait}, or {@code wait ACTOR}. */
    record Wait(Optional<Identifier> actor, Span at) implements Plain {}

    /** {@code run SCENARIO seed=N}. */
    record Run(Identifier scenario, List<Argument> options, Span at) implements Plain {
        public Run {
            options = List.copyOf(options);
        }
    }

    record Explore(Identifier scenario, List<Argument> options, Span at) implements Plain {
        public Explore {
            options = List.copyOf(options);
        }
    }

    /**
     * {@code on EVENT at POINT when COND { ... }}; in a driver {@code on CALLBACK(r) { ... }}.
     *
     * @param parameters the names in parentheses; empty outside drivers
     * @param point      where it is to happen: addresses
     */
    record Probe(
            Identifier event,
            List<Identifier> parameters,
            Optional<Expression> point,
            Optional<Expression> when,
            List<Statement> body,
            Span at)
            implements Plain {
        public Probe {
            parameters = List.copyOf(parameters);
            body = List.copyOf(body);
        }
    }

    /** {@code help}, {@code help WORD}: the word as written, of one word or two; empty for an overview. */
    record Help(String word, Span at) implements Plain {}

    /** {@code why CONDITION}, {@code why not CONDITION}. */
    record Why(boolean not, Expression condition, Span at) implements Plain {}

    /**
     * A command of the debugger: {@link #COMMANDS}.
     *
     * @param point   of {@code break EVENT at POINT}: addresses
     * @param written the arguments as written
     */
    record Command(
            Identifier name,
            List<Argument> arguments,
            Optional<Expression> point,
            Optional<Expression> when,
            String written,
            Span at)
            implements Plain {
        public Command {
            arguments = List.copyOf(arguments);
        }
    }

    /** The names that make a {@link Command} of a call without an actor. */
    List<String> COMMANDS = List.of("break", "watch", "step", "next", "finish", "continue", "back", "goto", "mark", "info");

    /**
     * JavaScript between fences.
     *
     * @param language what stands behind the opening backticks: {@code js}
     * @param line     the line of the source on which the code begins
     */
    record Fence(String language, String code, int line, Span at) implements Plain {}
}
