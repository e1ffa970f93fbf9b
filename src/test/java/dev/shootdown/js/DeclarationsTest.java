package dev.shootdown.js;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Word;
import org.junit.jupiter.api.Test;

class DeclarationsTest {
    @Test
    void everyWordIsThere() {
        String text = Declarations.text();
        for (Verb verb : Words.verbs()) {
            String[] parts = verb.name().split(" ");
            assertThat(text).as(verb.name()).contains(Spelling.member(parts[parts.length - 1]) + "(");
        }
        for (Word action : Words.actions()) {
            assertThat(text).as(action.name()).contains("  " + Spelling.member(action.name()) + "(");
        }
        for (Word callback : Words.callbacks()) {
            assertThat(text).as(callback.name()).contains("  " + Spelling.member(callback.name()) + "?(");
        }
        for (Kind kind : Kind.alphabet()) {
            assertThat(text).as(kind.word()).contains("  " + kind.word() + ": ");
        }
    }

    @Test
    void bracesPair() {
        String text = Declarations.text();
        assertThat(text.chars().filter(letter -> letter == '{').count()).isEqualTo(text.chars().filter(letter -> letter == '}').count());
        assertThat(text).contains("mmap(size: Size, prot:").contains("mmap(addr: Address, size: Size, prot:");
    }

    @Test
    void spellingsAreOfOneWordEach() {
        for (Verb verb : Words.verbs()) {
            String member = Spelling.member(verb.name());
            assertThat(Words.verbs(verb.word().subject()).stream().filter(other -> Spelling.member(other.name()).equals(member))).as(member).hasSize(1);
        }
        assertThat(Spelling.member("move_pages")).isEqualTo("movePages");
        assertThat(Spelling.word("movePages")).isEqualTo("move_pages");
    }
}
