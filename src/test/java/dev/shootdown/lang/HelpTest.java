package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Word;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Help knows every word, and fits into a terminal. */
class HelpTest {
    @Test
    void everyWordHasAPageThatSaysWhatItDoes() {
        assertThat(Words.all()).allSatisfy(word -> assertThat(text(Help.of(word.name()))).contains(word.help()));
    }

    @Test
    void theBeginningOfAVerbOfTwoWordsIsEnough() {
        assertThat(text(Help.of("dma"))).contains("device: dma read", "device: dma write");
    }

    @Test
    void theOverviewNamesEveryWord() {
        assertThat(text(Help.of(""))).contains(Words.all().stream()
                .filter(word -> !word.sort().equals(Word.Sort.PROPERTY))
                .map(Word::name)
                .filter(name -> !name.equals("count") && !name.equals("mapped"))
                .toList());
    }

    /** The scripts of built-in drivers are where a user can read them. */
    @Test
    void aBuiltInDriverIsShownAsItsScript() {
        assertThat(text(Help.of("sva"))).contains("; 6.6 behind amd", "on range(r)", "flush atc r");
        for (String driver : BuiltInDrivers.NAMES) {
            assertThat(text(Help.of(driver))).contains("driver=" + driver + " on ", "driver " + driver + " {");
        }
    }

    @Test
    void anActorsHelpIsWhatItDoes() {
        assertThat(text(Help.of("kernel"))).contains("kernel: ksm [P..]\n  Merges equal pages.");
        assertThat(text(Help.of("thread"))).contains("thread: munmap R\n");
    }

    @Test
    void theOverviewFitsIntoATerminal() {
        assertThat(Help.of("").rows()).allSatisfy(row -> assertThat(row.get(0).length() + row.get(1).length()).isLessThan(100));
    }

    private static String text(Listing listing) {
        return listing.rows().stream().map(row -> String.join(" ", row)).collect(Collectors.joining("\n"));
    }
}
