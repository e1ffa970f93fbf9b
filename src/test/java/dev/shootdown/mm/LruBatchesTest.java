package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Step;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages that wait to be moved between the lists of reclaim: a write copies them though nobody else maps them. */
class LruBatchesTest {
    private static final long A = 0x1000_0000_0000L;
    private static final long PAGE = 4096;

    private Bench bench;
    private int mm;
    private int child;

    @BeforeEach
    void begin() {
        begin(true, 0);
    }

    private void begin(boolean follow, int waiting) {
        bench = new Bench(KernelVersion.V6_18);
        if (follow) {
            bench.kernel.lru().follow(waiting);
        }
        mm = bench.process("app");
        child = bench.kernel.reserve("child");
        bench.thread("child.main", child, 1);
        run(new Mmap(mm, A, 64 * PAGE, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.FIXED, 0, 0));
    }

    private void run(Step step) {
        bench.run("app.main", step);
    }

    private void touch(int page) {
        run(new Touch(mm, A + page * PAGE, A + page * PAGE + 1, Translation.WRITE));
    }

    private long frame(int page) {
        return Entry.frame(bench.kernel.pte(mm, A + page * PAGE));
    }

    private void used(int page) {
        bench.kernel.lru().accessed(0, frame(page));
    }

    /** Whether a write behind a fork whose child is gone copies the page. */
    private boolean copies(int page) {
        run(new Fork(mm, child));
        bench.run("child.main", new Exit(child));
        long before = frame(page);
        touch(page);
        return frame(page) != before;
    }

    @Test
    void aNewPageIsMovedBeforeItIsLookedAt() {
        touch(0);
        assertThat(copies(0)).isFalse();
    }

    @Test
    void whatIsUsedTwiceWaitsToBecomeActive() {
        touch(0);
        bench.kernel.lru().drain(0);
        used(0);
        used(0);
        assertThat(copies(0)).isTrue();
    }

    @Test
    void aNewPageThatIsUsedTwiceIsAddedAsActive() {
        touch(0);
        used(0);
        used(0);
        bench.kernel.lru().drain(0);
        used(0);
        used(0);
        assertThat(copies(0)).isFalse();
    }

    @Test
    void whatIsFreedLazilyWaits() {
        touch(0);
        run(new Madvise(mm, A, PAGE, Advice.FREE));
        assertThat(copies(0)).isTrue();
    }

    @Test
    void whatWasMadePresentWasUsedOnce() {
        run(new Madvise(mm, A, PAGE, Advice.POPULATE_WRITE));
        used(0);
        assertThat(copies(0)).isTrue();
    }

    @Test
    void aFullBatchIsMoved() {
        for (int i = 0; i < 31; i++) {
            touch(i);
        }
        for (int i = 0; i < 31; i++) {
            used(i);
            used(i);
        }
        assertThat(copies(0)).isFalse();
    }

    /** What a page waits for depends on the pages of others: they fill the same batch. */
    @ParameterizedTest
    @CsvSource({"28, false", "29, true", "30, false"})
    void theBatchIsTheProcessors(int waiting, boolean copies) {
        begin(true, waiting);
        touch(0);
        used(0);
        touch(1);
        used(1);
        used(1);
        used(0);
        assertThat(copies(1)).isEqualTo(copies);
    }

    @Test
    void otherAdviceDrains() {
        touch(0);
        run(new Madvise(mm, A, PAGE, Advice.FREE));
        run(new Madvise(mm, A + PAGE, PAGE, Advice.COLD));
        assertThat(copies(0)).isFalse();
    }

    @Test
    void aFreedPageLeavesNothingToTheNextOne() {
        touch(0);
        run(new Madvise(mm, A, PAGE, Advice.FREE));
        run(new Madvise(mm, A, PAGE, Advice.DONTNEED));
        touch(0);
        assertThat(copies(0)).isFalse();
        bench.settle();
        bench.check(mm);
    }

    @Test
    void nothingWaitsWhereNobodyAskedForIt() {
        begin(false, 0);
        touch(0);
        run(new Madvise(mm, A, PAGE, Advice.FREE));
        assertThat(copies(0)).isFalse();
    }
}
