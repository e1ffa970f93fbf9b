package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownParser.*;
import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;

/** Builds calls, and the statements that look like one: {@code use}, {@code wait}, {@code run}, {@code break} ... */
final class CallBuilder {
    private final Source source;
    private final Written written;
    private final ExpressionBuilder expressions;
    private final Function<BlockContext, List<Statement>> blocks;

    CallBuilder(Source source, Written written, ExpressionBuilder expressions, Function<BlockContext, List<Statement>> blocks) {
        this.source = source;
        this.written = written;
        this.expressions = expressions;
        this.blocks = blocks;
    }

    /** A call's pieces, whichever of the grammar's rules it came by. */
    private record Pieces(
            ParserRuleContext whole,
            List<ArgumentContext> arguments,
            List<StopContext> stops,
            GuardContext guard) {
        Pieces(ParserRuleContext whole, List<ArgumentContext> arguments, TailContext tail) {
            this(whole, arguments, tail.stop(), tail.guard());
        }
    }

    VerbCall call(AnyCallContext call) {
        return call(new Pieces(call, call.argument(), call.tail()));
    }

    VerbCall call(PlainCallContext call) {
        return call(new Pieces(call, call.argument(), call.tail()));
    }

    private VerbCall call(CallContext call) {
        if (call.point() != null) {
            throw new Refusal(Diagnostic.error("syntax", expressions.span(call.point()), "at needs a block: what to do there")
                    .hint("at notify_start { gpu: dma read buf }"));
        }
        return call(new Pieces(call, call.argument(), call.stop(), call.guard()));
    }

    private VerbCall call(Pieces pieces) {
        return new VerbCall(
                verb(pieces.whole()),
                expressions.arguments(pieces.arguments()),
                pieces.stops().stream().map(this::stop).toList(),
                guard(pieces.guard()),
                written(pieces.arguments()),
                expressions.span(pieces.whole()));
    }

    private Identifier verb(ParserRuleContext call) {
        return new Identifier(call.getStart().getText(), source.at(call.getStart()));
    }

    private VerbCall.Stop stop(StopContext context) {
        return new VerbCall.Stop(expressions.identifier(context.dotted()), blocks.apply(context.block()), expressions.span(context));
    }

    /** {@code when COND}. */
    Optional<Expression> guard(GuardContext context) {
        return Optional.ofNullable(context).map(guard -> expressions.visit(guard.expression()));
    }

    /** {@code at POINT}. */
    Optional<Expression> point(PointContext context) {
        return Optional.ofNullable(context).map(point -> expressions.visit(point.range()));
    }

    String written(List<ArgumentContext> arguments) {
        return arguments.isEmpty() ? "" : written.between(arguments.getFirst().getStart(), arguments.getLast().getStop());
    }

    Identifier actor(ActorContext context) {
        return expressions.identifier(context.dotted());
    }

    Statement.Perform perform(PerformedContext context) {
        List<VerbCall> calls = context.group() == null
                ? List.of(call(context.anyCall()))
                : context.group().anyCall().stream().map(this::call).toList();
        return new Statement.Perform(
                Optional.of(actor(context.actor())), calls, context.AMPERSAND() != null, expressions.span(context));
    }

    Statement.Perform perform(LongCallContext context, boolean inFlight) {
        VerbCall call = call(new Pieces(context, context.argument(), context.tail()));
        return new Statement.Perform(Optional.empty(), List.of(call), inFlight, expressions.span(context));
    }

    /** A call without an actor is one of the default actor's, unless its verb is a word of the tool. */
    Statement statement(PerformByDefaultContext context) {
        CallContext call = context.call();
        String verb = call.getStart().getText();
        Span at = expressions.span(context);
        if (verb.startsWith("help ") || verb.startsWith("help\t")) {
            return new Statement.Help("at", at);
        }
        if (Statement.COMMANDS.contains(verb)) {
            plainOnly(context);
            return command(call, at);
        }
        return switch (verb) {
            case "help" -> new Statement.Help(call(call).written().trim(), at);
            case "use" -> new Statement.Use(only(context, "an actor"), at);
            case "wait" -> new Statement.Wait(call.argument().isEmpty() ? Optional.empty() : Optional.of(only(context, "an actor")), at);
            case "run" -> new Statement.Run(first(context, "a scenario"), rest(call), at);
            case "explore" -> new Statement.Explore(first(context, "a scenario"), rest(call), at);
            default -> new Statement.Perform(Optional.empty(), List.of(call(call)), context.AMPERSAND() != null, at);
        };
    }

    private Statement command(CallContext call, Span at) {
        if (!call.stop().isEmpty()) {
            throw new Refusal(Diagnostic.error("syntax", expressions.span(call.stop(0)), "a command runs no block")
                    .hint("break notify_start at POINT when COND stops there; on notify_start { ... } runs a block"));
        }
        return new Statement.Command(
                verb(call),
                expressions.arguments(call.argument()),
                point(call.point()),
                guard(call.guard()),
                written(call.argument()),
                at);
    }

    private void plainOnly(PerformByDefaultContext context) {
        if (context.AMPERSAND() != null) {
            throw new Refusal(Diagnostic.error(
                    "syntax", source.at(context.AMPERSAND().getSymbol()), "only what an actor does can be left in flight"));
        }
    }

    /** The first argument, a name; and neither {@code at}, {@code when} nor {@code &}, which have no meaning here. */
    private Identifier first(PerformByDefaultContext context, String wanted) {
        plainOnly(context);
        CallContext call = context.call();
        String verb = call.getStart().getText();
        if (!call.stop().isEmpty() || call.point() != null || call.guard() != null) {
            throw new Refusal(Diagnostic.error("syntax", expressions.span(call), verb + " takes neither at nor when"));
        }
        if (call.argument().isEmpty()) {
            throw new Refusal(Diagnostic.error("syntax", expressions.span(call), verb + " needs the name of " + wanted));
        }
        return expressions.nameOf(expressions.argument(call.argument(0)), wanted);
    }

    private Identifier only(PerformByDefaultContext context, String wanted) {
        Identifier name = first(context, wanted);
        List<ArgumentContext> arguments = context.call().argument();
        if (arguments.size() > 1) {
            throw new Refusal(Diagnostic.error(
                    "syntax", expressions.span(arguments.get(1)), context.call().getStart().getText() + " takes " + wanted + " and nothing more"));
        }
        return name;
    }

    private List<Argument> rest(CallContext call) {
        return expressions.arguments(call.argument().subList(1, call.argument().size()));
    }
}
