package dev.shootdown.js;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Exploration;
import dev.shootdown.lang.Session;
import dev.shootdown.lang.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** JavaScript between the fences of a script in the language. */
class FenceTest {
    private static final String HEAD = """
            machine { kernel="3.19" }
            iommu amd0
            device gpu behind amd0 { ats pri }
            process app { threads=[main, worker] }
            """;

    private final Watched front = new Watched();

    private Status run(String text) {
        try (Scripts scripts = new Scripts(front, Session::new)) {
            return scripts.execute("a.mmu", text);
        }
    }

    @Test
    void aFenceSeesWhatWasDeclaredAboveIt() {
        assertThat(run(HEAD + """
                let buf = app.main: mmap 16K rw
                ```js
                app.worker.touch(buf, { write: true })
                print(buf.resident, gpu.state, m.count('cpu_fault'))
                ```
                print buf.resident
                """)).isEqualTo(Status.HELD);
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("4 running 4", "4");
    }

    @Test
    void aDriverBetweenFencesIsExplored() {
        assertThat(run(HEAD + """
                driver mine {
                  ```js
                  range(r) { this.flushIotlb(r); this.sync(); this.flushAtc(r); this.sync() },
                  ```
                }
                bind gpu to app driver=mine
                scenario s {
                  let buf = app.main: mmap 4K rw
                  app.main: touch buf write
                  race { app.main: munmap buf
                    gpu: dma write buf }
                  forbid use_after_free
                }
                explore s
                """)).isEqualTo(Status.HELD);
        assertThat(front.diagnostics).isEmpty();
    }

    private static final String GUEST = HEAD + """
            driver mine {
              ```js
              range(r) { this.flushIotlb(r); this.sync(); this.flushAtc(r); this.sync() },
              ```
            }
            bind gpu to app driver=mine
            scenario s {
              let buf = app.main: mmap 4K rw
              app.main: touch buf write
              race { app.main: munmap buf
                app.worker: touch buf
                gpu: dma write buf }
              forbid use_after_free
            }
            """;

    private static Watched explore(int threads, List<String> kernels, boolean plain) {
        Watched front = new Watched();
        Exploration request = new Exploration(null, null, null, null, null, null, null, threads, kernels, List.of(), List.of(), plain, false, false, null);
        try (Scripts scripts = new Scripts(front, Session::new)) {
            scripts.explore("a.mmu", GUEST, request);
        }
        assertThat(front.diagnostics).isEmpty();
        return front;
    }

    /** One engine of JavaScript serves all: several threads would have to be in it at once. */
    @Test
    void threadsMakeNoDifferenceToADriverBetweenFences() {
        Watched alone = explore(1, List.of("3.19"), true);
        assertThat(explore(4, List.of("3.19"), true).told()).isEqualTo(alone.told());
        List<String> kernels = List.of("3.16", "3.19", "4.15", "6.1", "6.6", "6.18");
        assertThat(explore(4, kernels, false).told()).isEqualTo(explore(1, kernels, false).told());
    }

    /** What a callback wants is asked for; a list of actions that it returns would be silently lost. */
    @Test
    void aDriverThatReturnsItsActionsIsRefused() {
        run(GUEST.replace("this.flushIotlb(r); this.sync(); this.flushAtc(r); this.sync()", "return ['sync']") + "run s\n");
        assertThat(front.diagnostic().cause()).isEqualTo("the callback range returns something, which nobody asks for");
    }

    @Test
    void aMistakeHasItsLineInTheScript() {
        assertThat(run(HEAD + "```js\napp.main.nop()\napp.main.nob()\n```\nprint 1\n")).isEqualTo(Status.REFUSED);
        assertThat(front.diagnostic().span().source()).isEqualTo("a.mmu");
        assertThat(front.diagnostic().span().line()).isEqualTo(7);
        assertThat(front.diagnostic().didYouMean()).contains("nop");
        assertThat(front.printed()).isEmpty();
    }

    @Test
    void whatIsNoJavaScriptIsRefusedBeforeAnythingRuns() {
        assertThat(run(HEAD + "print 1\n```js\nlet = ;\n```\n")).isEqualTo(Status.REFUSED);
        assertThat(front.diagnostic().code()).isEqualTo("syntax");
        assertThat(front.diagnostic().span().line()).isEqualTo(7);
        assertThat(front.printed()).isEmpty();
    }

    @Test
    void aFenceThatFailsEndsTheScript() {
        assertThat(run(HEAD + "```js\napp.main.mmap(0, 'rw')\n```\nprint 1\n")).isEqualTo(Status.FAILED);
        assertThat(front.diagnostic().code()).isEqualTo("EINVAL");
        assertThat(front.printed()).isEmpty();
    }
}
