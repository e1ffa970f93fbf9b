package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownParser.*;
import dev.shootdown.lang.grammar.ShootdownParserBaseVisitor;
import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.lang.tree.Script;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Builds the tree's statements from ANTLR's parse tree. */
final class Builder extends ShootdownParserBaseVisitor<Statement> {
    private final Source source;
    private final ExpressionBuilder expressions;
    private final CallBuilder calls;
    private final Written written;

    Builder(Tokens tokens) {
        this.source = tokens.source();
        this.written = new Written(tokens);
        this.expressions = new ExpressionBuilder(source);
        this.calls = new CallBuilder(source, written, expressions, this::block);
    }

    Script script(ScriptContext context) {
        return new Script(statements(context), source.at(1, 1, 1));
    }

    private List<Statement> statements(ParserRuleContext context) {
        List<Statement> statements = new ArrayList<>();
        for (ParseTree child : context.children) {
            if (child instanceof ClosedContext || child instanceof StatementContext) {
                statements.add(visit(child));
            }
        }
        return statements;
    }

    private List<Statement> block(BlockContext context) {
        return statements(context);
    }

    private Span span(ParserRuleContext context) {
        return expressions.span(context);
    }

    private Identifier identifier(ParserRuleContext context) {
        return expressions.identifier(context);
    }

    private List<Argument> settings(SettingsContext context) {
        return context == null ? List.of() : expressions.arguments(context.argument());
    }

    // Declarations.

    @Override
    public Statement visitMachine(MachineContext context) {
        return new Declaration.Machine(settings(context.settings()), span(context));
    }

    @Override
    public Statement visitIommu(IommuContext context) {
        return new Declaration.Iommu(identifier(context.name()), settings(context.settings()), span(context));
    }

    @Override
    public Statement visitDevice(DeviceContext context) {
        return new Declaration.Device(
                identifier(context.name(0)), identifier(context.name(1)), settings(context.settings()), span(context));
    }

    @Override
    public Statement visitProcess(ProcessContext context) {
        return new Declaration.Process(identifier(context.name()), settings(context.settings()), span(context));
    }

    @Override
    public Statement visitFile(FileContext context) {
        return new Declaration.File(identifier(context.name()), expressions.arguments(context.argument()), span(context));
    }

    @Override
    public Statement visitBind(BindContext context) {
        return new Declaration.Bind(
                identifier(context.name(0)),
                identifier(context.name(1)),
                expressions.arguments(context.argument()),
                written.between(context.name(0).getStart(), context.getStop()),
                span(context));
    }

    @Override
    public Statement visitUnbind(UnbindContext context) {
        String pair = written.between(context.name(0).getStart(), context.getStop());
        return new Declaration.Unbind(identifier(context.name(0)), identifier(context.name(1)), pair, span(context));
    }

    @Override
    public Statement visitScenario(ScenarioContext context) {
        return new Declaration.Scenario(identifier(context.name()), block(context.block()), span(context));
    }

    @Override
    public Statement visitDriver(DriverContext context) {
        DriverBodyContext body = context.driverBody();
        List<Statement.Probe> callbacks = body.probe().stream().map(this::probe).toList();
        Optional<Statement.Fence> fence = Optional.ofNullable(body.fence()).map(this::fence);
        return new Declaration.Driver(identifier(context.name()), callbacks, fence, span(context));
    }

    // Control.

    @Override
    public Statement visitRace(RaceContext context) {
        return new Statement.Race(block(context.block()), span(context));
    }

    @Override
    public Statement visitRepeat(RepeatContext context) {
        return new Statement.Repeat(expressions.visit(context.expression()), block(context.block()), span(context));
    }

    @Override
    public Statement visitIf(IfContext context) {
        List<Statement.Branch> branches = new ArrayList<>();
        List<ExpressionContext> conditions = context.expression();
        List<BlockContext> blocks = context.block();
        for (int i = 0; i < conditions.size(); i++) {
            Expression condition = expressions.visit(conditions.get(i));
            branches.add(new Statement.Branch(condition, block(blocks.get(i)), span(conditions.get(i))));
        }
        boolean otherwise = blocks.size() > branches.size();
        return new Statement.If(branches, otherwise ? block(blocks.getLast()) : List.of(), span(context));
    }

    @Override
    public Statement visitEither(EitherContext context) {
        return new Statement.Either(context.block().stream().map(this::block).toList(), span(context));
    }

    @Override
    public Statement visitProbeStatement(ProbeStatementContext context) {
        return probe(context.probe());
    }

    private Statement.Probe probe(ProbeContext context) {
        List<Identifier> parameters = context.parameters() == null
                ? List.of()
                : context.parameters().name().stream().map(this::identifier).toList();
        return new Statement.Probe(
                identifier(context.name()),
                parameters,
                calls.point(context.point()),
                calls.guard(context.guard()),
                block(context.block()),
                span(context));
    }

    // Plain statements.

    @Override
    public Statement visitLet(LetContext context) {
        Identifier name = identifier(context.name());
        if (context.performed() != null) {
            return new Statement.LetCall(name, calls.perform(context.performed()), span(context));
        }
        if (context.longCall() != null) {
            boolean inFlight = context.AMPERSAND() != null;
            return new Statement.LetCall(name, calls.perform(context.longCall(), inFlight), span(context));
        }
        ParserRuleContext value = context.range() != null ? context.range() : context.list();
        return new Statement.Let(name, expressions.visit(value), span(context));
    }

    @Override
    public Statement visitAssign(AssignContext context) {
        Optional<Operator> operator = context.ASSIGN() != null
                ? Optional.empty()
                : Optional.of(context.ADD_ASSIGN() != null ? Operator.PLUS : Operator.MINUS);
        return new Statement.Assign(identifier(context.word()), operator, expressions.visit(context.expression()), span(context));
    }

    @Override
    public Statement visitPrint(PrintContext context) {
        return new Statement.Print(expressions.visit(context.expression()), span(context));
    }

    @Override
    public Statement visitInclude(IncludeContext context) {
        return new Statement.Include(expressions.visitText(context.text()), span(context));
    }

    @Override
    public Statement visitWhy(WhyContext context) {
        return new Statement.Why(context.NOT() != null, expressions.visit(context.expression()), span(context));
    }

    @Override
    public Statement visitPerform(PerformContext context) {
        return calls.perform(context.performed());
    }

    @Override
    public Statement visitPerformByDefault(PerformByDefaultContext context) {
        return calls.statement(context);
    }

    @Override
    public Statement visitFenceStatement(FenceStatementContext context) {
        return fence(context.fence());
    }

    private Statement.Fence fence(FenceContext context) {
        Token open = context.FENCE().getSymbol();
        StringBuilder code = new StringBuilder();
        context.CODE().forEach(piece -> code.append(piece.getText()));
        boolean ownLine = !code.isEmpty() && code.charAt(0) == '\n';
        String language = open.getText().substring(3).strip();
        return new Statement.Fence(
                language, ownLine ? code.substring(1) : code.toString(), open.getLine() + (ownLine ? 1 : 0), span(context));
    }

    // Conditions.

    @Override
    public Statement visitQuantified(QuantifiedContext context) {
        String word = context.quantifier().getText().toUpperCase(Locale.ROOT);
        return new Condition.Quantified(
                Condition.Quantifier.valueOf(word), expressions.visit(context.expression()), written(context), span(context));
    }

    @Override
    public Statement visitExpectedFailure(ExpectedFailureContext context) {
        List<Identifier> codes = context.CONSTANT().stream()
                .map(TerminalNode::getSymbol)
                .map(token -> new Identifier(token.getText(), source.at(token)))
                .toList();
        return new Condition.ExpectFailure(
                codes, actor(context.actor()), call(context.anyCall(), context.plainCall()), written(context), span(context));
    }

    @Override
    public Statement visitExpectedTrace(ExpectedTraceContext context) {
        List<Condition.Emitted> events = context.traced().emitted().stream().map(this::emitted).toList();
        return new Condition.ExpectTrace(
                actor(context.actor()), call(context.anyCall(), context.plainCall()), events, written(context), span(context));
    }

    private Condition.Emitted emitted(EmittedContext context) {
        return new Condition.Emitted(identifier(context.name()), expressions.arguments(context.argument()), span(context));
    }

    private VerbCall call(AnyCallContext withActor, PlainCallContext without) {
        return withActor != null ? calls.call(withActor) : calls.call(without);
    }

    private Optional<Identifier> actor(ActorContext context) {
        return Optional.ofNullable(context).map(calls::actor);
    }

    private String written(ParserRuleContext context) {
        return written.between(context.getStart(), context.getStop());
    }
}
