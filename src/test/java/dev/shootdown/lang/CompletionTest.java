package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What could stand at the cursor, and in which colour what stands there is shown. */
class CompletionTest {
    private final Session session = new Session(new Audience());

    @BeforeEach
    void declare() {
        session.evaluate("repl", "iommu amd0\ndevice gpu behind amd0 { ats pri }\nprocess app { threads=[main, worker] }\n"
                + "let buf = app.main: mmap 16K rw\nbind gpu to app");
    }

    private List<String> at(String text) {
        return session.complete(text, text.length()).stream().map(Candidate::text).toList();
    }

    @Test
    void aStatementBeginsWithAWordOrAnActor() {
        assertThat(at("")).contains("machine", "let", "expect", "app.main", "gpu", "amd0");
        assertThat(at("app.")).containsExactly("app.main", "app.worker");
        assertThat(at("print 1; ex")).containsExactly("exists", "expect", "explore");
    }

    @Test
    void behindAnActorComeItsVerbs() {
        assertThat(at("app.main: mu")).containsExactly("munlock", "munmap");
        assertThat(at("gpu: ")).containsExactly("dma", "reset", "stop", "translate");
        assertThat(at("gpu: dma ")).containsExactly("read", "write");
        assertThat(at("nobody: ")).isEmpty();
    }

    @Test
    void behindAVerbComeItsArguments() {
        assertThat(at("app.main: mmap 4K ")).contains("rw", "shared", "fixed", "file=", "buf");
        assertThat(at("app.main: madvise buf dontn")).containsExactly("dontneed", "dontneed_locked");
        assertThat(at("app.main: munmap b")).contains("buf", "buf.start");
    }

    @Test
    void conditionsAndCommands() {
        assertThat(at("expect gpu.")).containsExactly("gpu.ats", "gpu.faults", "gpu.requests", "gpu.state", "gpu.uprgi");
        assertThat(at("expect use_")).containsExactly("use_after_free");
        assertThat(at("info vm")).containsExactly("vmas");
        assertThat(at("on notify_")).containsExactly("notify_end", "notify_start");
    }

    @Test
    void everyCandidateOfTheLanguageSaysWhatItIs() {
        assertThat(session.complete("app.main: ", 10)).allMatch(candidate -> !candidate.help().isEmpty());
    }

    @Test
    void lexemesCoverWhatHasAColour() {
        String text = "app: mmap 4K rw // \uD83D\uDE00\nprint \"x\" '";
        assertThat(session.lexemes(text)).extracting(one -> text.substring(one.start(), one.end()) + " " + one.sort())
                .containsExactly("app ACTOR", "mmap VERB", "4K NUMBER", "// \uD83D\uDE00 COMMENT", "print KEYWORD", "\" STRING", "x STRING", "\" STRING",
                        "' WRONG");
    }
}
