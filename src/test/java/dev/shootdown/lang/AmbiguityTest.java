package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.grammar.ShootdownParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser decides by SLL alone; so no script may need more, and none may be read in two ways. */
class AmbiguityTest {
    static List<Path> scripts() {
        return Corpus.scripts();
    }

    @Test
    void theCorpusIsThere() {
        assertThat(scripts()).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void isReadInOneWayOnly(Path script) {
        assertThat(complaints(script.toString(), Corpus.read(script))).isEmpty();
    }

    private static List<String> complaints(String name, String text) {
        ShootdownParser parser = Parser.parser(Tokens.of(new Source(name, text)));
        Complaints complaints = new Complaints();
        parser.addErrorListener(complaints);
        parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
        parser.script();
        return complaints.seen;
    }

    /** Notes what ANTLR reports; a plain syntax error too, since these scripts have none. */
    private static final class Complaints extends BaseErrorListener {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer, Object symbol, int line, int column, String message, RecognitionException failure) {
            seen.add("syntax " + line + ":" + column + " " + message);
        }

        @Override
        public void reportAmbiguity(
                org.antlr.v4.runtime.Parser parser, DFA dfa, int start, int stop, boolean exact, BitSet alternatives, ATNConfigSet configurations) {
            seen.add("ambiguity " + place(parser, dfa, start, stop));
        }

        @Override
        public void reportAttemptingFullContext(
                org.antlr.v4.runtime.Parser parser, DFA dfa, int start, int stop, BitSet conflicting, ATNConfigSet configurations) {
            seen.add("full context " + place(parser, dfa, start, stop));
        }

        private static String place(org.antlr.v4.runtime.Parser parser, DFA dfa, int start, int stop) {
            String rule = parser.getRuleNames()[dfa.atnStartState.ruleIndex];
            return rule + ": " + parser.getTokenStream().get(start) + " to " + parser.getTokenStream().get(stop);
        }
    }
}
