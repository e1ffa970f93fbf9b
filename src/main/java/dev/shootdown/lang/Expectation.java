package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.lang.grammar.ShootdownParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;

/**
 * Finds how far a text could be read, and what could have stood there, by walking ANTLR's automaton over the
 * tokens with every alternative at once. Rules that have a name for humans answer with that name, not
 * with the tokens that they may begin with.
 */
final class Expectation {
    static final String TEXT_END = "the closing \"";

    private static final Map<Integer, String> RULES = Map.ofEntries(
            Map.entry(ShootdownParser.RULE_statement, "a statement"),
            Map.entry(ShootdownParser.RULE_closed, "a statement"),
            Map.entry(ShootdownParser.RULE_end, "the end of the line"),
            Map.entry(ShootdownParser.RULE_expression, "an expression"),
            Map.entry(ShootdownParser.RULE_argument, "an argument"),
            Map.entry(ShootdownParser.RULE_value, "a value"),
            Map.entry(ShootdownParser.RULE_range, "a range"),
            Map.entry(ShootdownParser.RULE_item, "a value"),
            Map.entry(ShootdownParser.RULE_list, "a list"),
            Map.entry(ShootdownParser.RULE_name, "a name"),
            Map.entry(ShootdownParser.RULE_member, "a name"),
            Map.entry(ShootdownParser.RULE_dotted, "a name"),
            Map.entry(ShootdownParser.RULE_anyCall, "a verb"),
            Map.entry(ShootdownParser.RULE_plainCall, "a verb"),
            Map.entry(ShootdownParser.RULE_longCall, "a call"),
            Map.entry(ShootdownParser.RULE_performed, "a call"),
            Map.entry(ShootdownParser.RULE_actor, "an actor"),
            Map.entry(ShootdownParser.RULE_emitted, "an event"),
            Map.entry(ShootdownParser.RULE_text, "a string in double quotes"),
            Map.entry(ShootdownParser.RULE_suffix, ""),
            Map.entry(ShootdownParser.RULE_stop, ""),
            Map.entry(ShootdownParser.RULE_point, ""),
            Map.entry(ShootdownParser.RULE_guard, ""),
            Map.entry(ShootdownParser.RULE_part, ""));

    private static final Map<Integer, String> TOKENS = Map.ofEntries(
            Map.entry(ShootdownLexer.NEWLINE, "the end of the line"),
            Map.entry(Token.EOF, "the end of the line"),
            Map.entry(ShootdownLexer.AMPERSAND, ""),
            Map.entry(ShootdownLexer.CONSTANT, "a name"),
            Map.entry(ShootdownLexer.ID, "a name"),
            Map.entry(ShootdownLexer.CALL, ""),
            Map.entry(ShootdownLexer.CLOSE_QUOTE, TEXT_END),
            Map.entry(ShootdownLexer.CODE, ""),
            Map.entry(ShootdownLexer.FENCE, "a JavaScript fence"),
            Map.entry(ShootdownLexer.FENCE_END, "the closing ```"),
            Map.entry(ShootdownLexer.SEMICOLON, "the end of the line"),
            Map.entry(ShootdownLexer.EXPRESSION_END, "'}'"),
            Map.entry(ShootdownLexer.DOT, ""),
            Map.entry(ShootdownLexer.BAR, ""),
            Map.entry(ShootdownLexer.OVERLAPS, "an operator"),
            Map.entry(ShootdownLexer.IN, "an operator"),
            Map.entry(ShootdownLexer.RANGE, "an operator"));

    private static final int FARTHEST = 20_000;

    private final List<Token> tokens;
    private final ATN atn;
    private final Map<Long, Frame> frames = new HashMap<>();

    Expectation(List<Token> tokens, ATN atn) {
        this.tokens = tokens;
        this.atn = atn;
    }

    /** The token that could not be read, and what could have stood there. */
    record Outcome(Token token, Set<String> expected) {}

    /** Where a rule goes on when it is done: a stack, shared from the bottom. */
    private record Frame(int number, ATNState follow, Frame below) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    /** A state of the walk; {@code label} is the human name of the rule that it is about to begin, or null. */
    private record Place(ATNState state, Frame stack, String label) {}

    /** From a state, with the rules that are open around it, and from a token on. */
    Outcome walk(ATNState state, RuleContext context, Token start) {
        Set<Place> places = closure(List.of(new Place(state, stack(context), null)));
        for (int index = start.getTokenIndex(); ; index++) {
            Token token = tokens.get(index);
            if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                Set<Place> next = closure(read(places, token));
                boolean end = token.getType() == Token.EOF || index - start.getTokenIndex() > FARTHEST;
                if (next.isEmpty() || end) {
                    return new Outcome(token, expected(places));
                }
                places = next;
            }
        }
    }

    private Frame stack(RuleContext context) {
        Deque<ATNState> follows = new ArrayDeque<>();
        for (RuleContext frame = context; frame != null && frame.invokingState >= 0; frame = frame.parent) {
            follows.push(((RuleTransition) atn.states.get(frame.invokingState).transition(0)).followState);
        }
        Frame stack = null;
        for (ATNState follow : follows) {
            stack = push(follow, stack);
        }
        return stack;
    }

    private Frame push(ATNState follow, Frame below) {
        long key = ((long) follow.stateNumber << 32) | (below == null ? 0 : below.number());
        return frames.computeIfAbsent(key, ignored -> new Frame(frames.size() + 1, follow, below));
    }

    private List<Place> read(Set<Place> places, Token token) {
        return places.stream()
                .flatMap(place -> java.util.Arrays.stream(place.state().getTransitions())
                        .filter(transition -> transition.matches(token.getType(), Token.MIN_USER_TOKEN_TYPE, atn.maxTokenType))
                        .map(transition -> new Place(transition.target, place.stack(), null)))
                .toList();
    }

    private Set<Place> closure(List<Place> from) {
        Set<Place> seen = new LinkedHashSet<>(from);
        Deque<Place> todo = new ArrayDeque<>(from);
        while (!todo.isEmpty()) {
            Place place = todo.pop();
            for (Place next : epsilon(place)) {
                if (seen.add(next)) {
                    todo.push(next);
                }
            }
        }
        return seen;
    }

    private Set<Place> epsilon(Place place) {
        Set<Place> next = new HashSet<>();
        if (place.state() instanceof RuleStopState) {
            if (place.stack() != null) {
                next.add(new Place(place.stack().follow(), place.stack().below(), null));
            }
            return next;
        }
        for (Transition transition : place.state().getTransitions()) {
            if (transition instanceof RuleTransition rule) {
                String label = place.label() == null ? RULES.get(rule.ruleIndex) : place.label();
                next.add(new Place(rule.target, push(rule.followState, place.stack()), label));
            } else if (transition.isEpsilon()) {
                next.add(new Place(transition.target, place.stack(), place.label()));
            }
        }
        return next;
    }

    private Set<String> expected(Set<Place> places) {
        Set<String> expected = new TreeSet<>();
        for (Place place : places) {
            for (Transition transition : place.state().getTransitions()) {
                if (!transition.isEpsilon()) {
                    transition.label().toList().forEach(type -> expected.add(place.label() == null ? human(type) : place.label()));
                }
            }
        }
        expected.remove("");
        return expected;
    }

    private static String human(int type) {
        boolean operator = type >= ShootdownLexer.EQUAL && type <= ShootdownLexer.NEGATION && type != ShootdownLexer.ASSIGN;
        String named = TOKENS.get(type);
        if (named != null) {
            return named;
        }
        String literal = ShootdownLexer.VOCABULARY.getLiteralName(type);
        return operator ? "an operator" : literal == null ? ShootdownLexer.VOCABULARY.getSymbolicName(type) : literal;
    }
}
