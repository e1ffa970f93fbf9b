package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes come, change their program and go. */
class ProcessTest {
    private static final String APP = "process app { threads=[main, worker] }\nlet buf = app.main: mmap 16K rw\napp.main: touch buf write\n";

    private final Audience audience = new Audience();

    private Status run(String script) {
        return new Session(audience).execute("test.mmu", script);
    }

    private void holds(String script) {
        assertThat(run(script)).as(() -> audience.diagnostics.toString()).isEqualTo(Status.HELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.16", "3.19", "4.15", "6.1", "6.6", "6.18"})
    void aNewProgramHasNothingOfTheOldOne(String kernel) {
        holds("machine { kernel=\"" + kernel + "\" }\n" + APP + "app.main: exec\nexpect app.rss == 0\nexpect SIGSEGV MAPERR app.main: read buf\n"
                + "let other = app.main: mmap 8K rw\napp.main: touch other write\nexpect app.rss == 2\napp.main: exec\nexpect app.rss == 0\napp.main: exit");
    }

    @Test
    void theOtherThreadsEndWithTheOldProgram() {
        assertThat(run(APP + "app.main: exec\napp.worker: nop")).isEqualTo(Status.FAILED);
        assertThat(audience.diagnostics).extracting(one -> one.code()).containsExactly("process-exited");
    }

    /** A driver of 3.16 that holds on to the memory keeps the old address space; the process has another one. */
    @Test
    void whoHoldsOnToTheMemoryKeepsTheOldOne() {
        holds("machine { kernel=\"3.16\" }\niommu amd0\ndevice gpu behind amd0 { ats pri }\n" + APP
                + "bind gpu to app pasid=1\napp.main: exec\nexpect app.rss == 0\ngpu: dma write buf\nexpect gpu.state == \"running\"");
    }

    @Test
    void aVforkedChildWritesIntoItsParentsMemory() {
        holds(APP + "app.main: vfork child &\nchild.main: write buf 7\nchild.main: exit\nwait app.main\nexpect app.main.done\napp.main: read buf[0 +1]\n"
                + "app.main: munmap buf\nexpect app.rss == 0\napp.main: exit");
    }

    @Test
    void aVforkedChildThatStartsAProgramLeavesItsParentsMemory() {
        holds(APP + "app.main: vfork child &\nchild.main: exec\nwait app.main\nexpect SIGSEGV MAPERR child.main: read buf\nexpect app.rss == 4\nchild.main: exit");
    }

    @Test
    void aParentWaitsForItsVforkedChild() {
        assertThat(run(APP + "app.main: vfork child")).isEqualTo(Status.FAILED);
        assertThat(audience.diagnostics).extracting(one -> one.code()).containsExactly("deadlock");
    }

    @Test
    void whoIsKilledIsGone() {
        holds(APP + "app.main: fork child\nchild.main: write buf 1\napp.main: kill child\nexpect child.exited\nexpect app.rss == 4");
        assertThat(run(APP + "app.main: kill app\napp.main: nop")).isEqualTo(Status.FAILED);
    }

    @Test
    void aThreadEndsAloneUnlessItIsTheLast() {
        holds(APP + "app.worker: exit thread\nexpect app.alive\napp.main: munmap buf\napp.main: exit thread\nexpect app.exited");
    }

    /** What is taken off userfaultfd becomes one with its neighbours again, which are not gone through once more. */
    @Test
    @Timeout(10)
    void aRangeInAMappingIsTakenOffUserfaultfd() {
        assertThat(run("""
                process app
                let buf = app.main: mmap 16K rw
                app.main: touch buf write
                app.main: { uffd register buf[4K +4K] missing wp; uffd wp buf[4K +4K]; uffd unregister buf[4K +4K]; touch buf write }
                expect buf.resident == 4
                """)).isEqualTo(Status.HELD);
    }

    /** Idle page tracking takes accessed bits away without a flush, and says so where the kernel has it. */
    @Test
    void idlePageTrackingTellsSubscribers() {
        String script = """
                machine { kernel="VERSION" }
                iommu amd0
                device gpu behind amd0 { ats pri }
                process app
                bind gpu to app driver=observer
                let buf = app.main: mmap 8K rw
                app.main: touch buf write
                """;
        assertThat(run(script.replace("VERSION", "4.15") + """
                expect trace kernel: age buf idle { pte change=young helper="ptep_test_and_clear_young"; clear_young; callback name=clear_young }
                expect buf.pte[0] & 0x20 == 0 && count(clear_young) == 2 && count(cpu_flush) == 0
                """)).isEqualTo(Status.HELD);
        assertThat(run(script.replace("VERSION", "3.19") + "expect ENOENT kernel: age buf idle")).isEqualTo(Status.HELD);
    }

    /** {@code ksm [P..]}: of the processes that are named, of all where none is. */
    @Test
    void ksmMergesPagesOfTheProcessesThatAreNamed() {
        assertThat(run("""
                process a
                process b
                process c
                let x = a.main: mmap 4K rw
                let y = b.main: mmap 4K rw
                let z = c.main: mmap 4K rw
                a.main: { write x 7; madvise x mergeable }
                b.main: { write y 7; madvise y mergeable }
                c.main: { write z 7; madvise z mergeable }
                kernel: ksm a b
                expect x.pte[0] >> 12 == y.pte[0] >> 12 && y.pte[0] >> 12 != z.pte[0] >> 12
                kernel: ksm
                """)).isEqualTo(Status.HELD);
    }
}
