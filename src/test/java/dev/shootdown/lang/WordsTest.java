package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.mm.Advice;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Word;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every word: that it says what it is, and that its example does what an example should. */
class WordsTest {
    static List<Word> withExample() {
        return Words.all().stream().filter(word -> !word.example().isEmpty()).toList();
    }

    @ParameterizedTest
    @MethodSource("withExample")
    void anExampleRunsByItself(Word word) {
        Audience audience = new Audience();
        Status status = new Session(audience).execute(word.name() + ".mmu", word.example());
        assertThat(audience.diagnostics).isEmpty();
        assertThat(status).isEqualTo(Status.HELD);
    }

    @ParameterizedTest
    @MethodSource("withExample")
    void anExampleShowsItsWord(Word word) {
        assertThat(word.example()).contains(word.name().split(" ")[0]);
    }

    @Test
    void whatIsCarriedOutHasAnExample() {
        assertThat(Words.verbs()).allMatch(verb -> !verb.word().example().isEmpty());
    }

    @Test
    void everyWordHasASentence() {
        assertThat(Words.all()).allSatisfy(word -> assertThat(word.help()).endsWith("."));
    }

    @Test
    void noActorHasTwoVerbsOfOneName() {
        for (String subject : List.of("thread", "device", "iommu", "kernel")) {
            assertThat(Words.verbs(subject).stream().map(Verb::name)).as(subject).doesNotHaveDuplicates();
        }
    }

    /** Nothing is declared that nothing is behind. */
    @Test
    void everyVerbIsCarriedOut() {
        assertThat(Words.verbs()).allMatch(verb -> verb.deed() != null);
        List<String> advice = Words.verb("thread", "madvise").orElseThrow().parameter("ADVICE").values();
        assertThat(advice).containsExactlyInAnyOrderElementsOf(Arrays.stream(Advice.values()).map(Advice::word).toList());
    }

    @Test
    void anOptionHasAPresetOrNeedsNone() {
        for (Word word : Words.declarations()) {
            assertThat(word.parameters()).filteredOn(parameter -> parameter.shape() == Parameter.Shape.FLAG)
                    .allMatch(parameter -> parameter.preset().isEmpty());
        }
    }
}
