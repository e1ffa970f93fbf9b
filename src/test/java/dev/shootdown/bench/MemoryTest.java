package dev.shootdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.TestClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What address spaces cost in memory, measured by a JVM of their own behind full collections. */
class MemoryTest {
    private static final long MIB = 1 << 20;
    private static Map<String, Long> bytes;

    @BeforeAll
    static void measure() throws IOException, InterruptedException {
        String classPath = TestClassPath.entries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-Xmx600m", "-cp", classPath, MemoryProgram.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(out).isZero();
        bytes = Arrays.stream(out.split("\\R")).map(line -> line.split(" "))
                .collect(Collectors.toMap(line -> line[0], line -> Long.valueOf(line[1])));
    }

    @Test
    @DisplayName("a terabyte mapped and untouched costs less than 1 KB")
    void terabyte() {
        assertThat(bytes.get("terabytes") / MemoryProgram.TERABYTES).isBetween(1L, 1000L);
    }

    @Test
    @DisplayName("60,000 mappings cost less than 20 MB")
    void mappings() {
        assertThat(bytes.get("mappings")).isBetween(MIB, 20 * MIB);
    }

    @Test
    @DisplayName("a million touched pages without contents cost less than 64 MB")
    void pages() {
        assertThat(bytes.get("pages")).isBetween(8 * MIB, 64 * MIB);
    }
}
