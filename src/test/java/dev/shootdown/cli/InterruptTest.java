package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shootdown.TestClassPath;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while a process of its own explores more than it ever could. */
class InterruptTest {
    private static final String ENDLESS = """
            machine { kernel="3.19" }
            iommu amd0
            device gpu0 behind amd0 { ats pri }
            device gpu1 behind amd0 { ats pri }
            device gpu2 behind amd0 { ats pri }
            process app
            bind gpu0 to app pasid=1 driver=range
            bind gpu1 to app pasid=2 driver=range
            bind gpu2 to app pasid=3 driver=range
            scenario endless {
              let buf = app.main: mmap 16K rw
              app.main: touch buf write
              race {
                app.main: munmap buf
                gpu0: { dma write any(buf, 4K); dma write any(buf, 4K); dma write any(buf, 4K); dma write any(buf, 4K) }
                gpu1: { dma write any(buf, 4K); dma write any(buf, 4K); dma write any(buf, 4K); dma write any(buf, 4K) }
                gpu2: { dma write any(buf, 4K); dma write any(buf, 4K); dma write any(buf, 4K); dma write any(buf, 4K) }
              }
              forbid use_after_free
            }
            scenario next { race { app.main: nop } forbid use_after_free }
            """;

    @TempDir
    private Path folder;

    @Test
    void whatWasFoundUntilThenIsKeptAndSaidToBeNoProof() throws Exception {
        assumeTrue(canBeInterrupted(), "there is no env that gives a process its signals back, and no way to know that Ctrl-C is not ignored");
        Process process = start(Files.writeString(folder.resolve("endless.mmu"), ENDLESS));
        try {
            String progress = read(process.getErrorStream(), " MB");
            assertThat(progress).matches("(?s).*endless: search, [0-9,]+ states, [0-9,]+ a second, depth [0-9,]+, [0-9,]+ MB");
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(out).matches("""
                    (?s).*endless: [0-9]+ ends?
                      open   forbid use_after_free: Never, stopped at [0-9]+ states, interrupted, not a proof
                    (.*next: 1 end
                      holds  forbid use_after_free: Never, complete
                    )?""");
            assertThat(process.exitValue()).isEqualTo(130);
        } finally {
            process.destroyForcibly();
        }
    }

    /** A process that is started in the background may have been told to ignore Ctrl-C, and so may its children. */
    private static boolean canBeInterrupted() throws InterruptedException {
        try {
            return new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    /** Standard error is said to be a terminal, so that somebody looks on. */
    private static Process start(Path script) throws IOException {
        String classPath = TestClassPath.entries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder("env", "--default-signal=INT", java, "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow", "-XX:TieredStopAtLevel=1", "-Xmx1g", "-Dshootdown.terminals=2", "-cp", classPath,
                "dev.shootdown.cli.Main", "explore", script.toString(), "--color=never").start();
        process.getOutputStream().close();
        return process;
    }

    /** Reads until something has come. */
    private static String read(InputStream stream, String until) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int next = stream.read(); next >= 0; next = stream.read()) {
            read.append((char) next);
            if (read.toString().endsWith(until)) {
                break;
            }
        }
        return read.toString();
    }
}
