package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.lang.grammar.ShootdownParser.*;
import dev.shootdown.lang.grammar.ShootdownParserBaseVisitor;
import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Builds the tree's values and arguments from ANTLR's. */
final class ExpressionBuilder extends ShootdownParserBaseVisitor<Expression> {
    private final Source source;

    ExpressionBuilder(Source source) {
        this.source = source;
    }

    Span span(ParserRuleContext context) {
        return source.at(context.getStart(), context.getStop());
    }

    Identifier identifier(ParserRuleContext context) {
        return new Identifier(context.getText(), span(context));
    }

    List<Argument> arguments(List<ArgumentContext> contexts) {
        return contexts.stream().map(this::argument).toList();
    }

    Argument argument(ArgumentContext context) {
        return switch (context) {
            case OptionContext option ->
                new Argument.Option(identifier(option.member()), visit(option.value()), span(option));
            default -> new Argument.Positional(visit(context));
        };
    }

    @Override
    public Expression visitConstants(ConstantsContext context) {
        return new Expression.Constants(context.name().stream().map(this::identifier).toList(), span(context));
    }

    @Override
    public Expression visitList(ListContext context) {
        return new Expression.ListOf(context.value().stream().map(this::visit).toList(), span(context));
    }

    @Override
    public Expression visitBetween(BetweenContext context) {
        return new Expression.Between(visit(context.item(0)), visit(context.item(1)), span(context));
    }

    @Override
    public Expression visitLength(LengthContext context) {
        return new Expression.Extent(Optional.of(visit(context.item(0))), visit(context.item(1)), span(context));
    }

    @Override
    public Expression visitSingle(SingleContext context) {
        return visit(context.item());
    }

    @Override
    public Expression visitItem(ItemContext context) {
        Expression value = visit(context.atom());
        for (SuffixContext suffix : context.suffix()) {
            value = suffixed(value, suffix, source.at(context.getStart(), suffix.getStop()));
        }
        return value;
    }

    private Expression suffixed(Expression value, SuffixContext context, Span at) {
        return switch (context) {
            case SelectContext select -> new Expression.Member(value, identifier(select.member()), at);
            case IndexContext index -> new Expression.Index(value, inside(index), at);
            case CallSuffixContext call -> call(value, call, at);
            default -> throw new IllegalStateException("no suffix: " + context.getText());
        };
    }

    private Expression inside(IndexContext context) {
        return context.range() != null
                ? visit(context.range())
                : new Expression.Extent(Optional.empty(), visit(context.item()), source.at(context.PLUS().getSymbol(), context.item().getStop()));
    }

    private Expression call(Expression function, CallSuffixContext context, Span at) {
        List<Expression> arguments = context.expression().stream().map(this::visit).toList();
        boolean choice = function instanceof Expression.Name name && name.text().equals("any");
        return choice ? new Expression.Any(arguments, at) : new Expression.Call(function, arguments, at);
    }

    @Override
    public Expression visitNumber(NumberContext context) {
        Span at = span(context);
        Numbers.Literal literal = Numbers.require(context.getText(), at);
        return new Expression.Number(literal.value(), literal.unit(), context.getText(), at);
    }

    @Override
    public Expression visitPosition(PositionContext context) {
        Span at = span(context);
        long number = Numbers.require(context.getText().substring(1), at).value();
        return new Expression.Position(number, at);
    }

    @Override
    public Expression visitNameAtom(NameAtomContext context) {
        return new Expression.Name(context.getText(), span(context));
    }

    @Override
    public Expression visitParenthesised(ParenthesisedContext context) {
        return visit(context.expression());
    }

    @Override
    public Expression visitUnary(UnaryContext context) {
        Operator operator = Operator.of(context.getStart().getText());
        return new Expression.Unary(operator, visit(context.expression()), span(context));
    }

    @Override
    public Expression visitBinary(BinaryContext context) {
        String written = context.getChild(1).getText();
        Expression left = visit(context.expression(0));
        Expression right = visit(context.expression(1));
        return written.equals("..")
                ? new Expression.Between(left, right, span(context))
                : new Expression.Binary(Operator.of(written), left, right, span(context));
    }

    @Override
    public Expression.Text visitText(TextContext context) {
        List<Expression.Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (PartContext part : context.part()) {
            if (part.expression() == null) {
                literal.append(characters((TerminalNode) part.getChild(0)));
            } else {
                close(parts, literal);
                parts.add(new Expression.Interpolation(visit(part.expression())));
            }
        }
        close(parts, literal);
        return new Expression.Text(parts, span(context));
    }

    private static void close(List<Expression.Part> parts, StringBuilder literal) {
        if (!literal.isEmpty()) {
            parts.add(new Expression.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private static String characters(TerminalNode node) {
        Token token = node.getSymbol();
        return token.getType() == ShootdownLexer.ESCAPE ? unescaped(token.getText()) : token.getText();
    }

    private static String unescaped(String escape) {
        return switch (escape.charAt(1)) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'x' -> String.valueOf((char) Integer.parseInt(escape.substring(2), 16));
            default -> escape.substring(1);
        };
    }

    /** A dotted name as it stands where an actor or a scenario is wanted; refused if it is anything else. */
    Identifier nameOf(Argument argument, String wanted) {
        if (argument instanceof Argument.Positional positional) {
            Optional<String> dotted = dotted(positional.value());
            if (dotted.isPresent()) {
                return new Identifier(dotted.get(), argument.at());
            }
        }
        throw new Refusal(Diagnostic.error("syntax", argument.at(), "this is not " + wanted));
    }

    private static Optional<String> dotted(Expression expression) {
        return switch (expression) {
            case Expression.Name name -> Optional.of(name.text());
            case Expression.Member member -> dotted(member.of()).map(of -> of + "." + member.name().text());
            default -> Optional.empty();
        };
    }
}
