package dev.shootdown.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations recorded on a real Linux 6.18, done again: results, pages, faults, mappings, notified ranges. Those with
 * numbers below 1000 or above 7000 are of other recorders, and are kept because the model once differed from them.
 */
class OperationsTest {
    private static final Path FOLDER = Path.of("src/test/resources/recordings/linux-6.18/operations");

    @TempDir
    private Path folder;

    static List<String> recordings() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".gz")).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void agrees(String name) {
        List<String> differences = Conformance.check(FOLDER.resolve(name)).stream().map(Difference::toString).toList();
        assertThat(differences).isEmpty();
    }

    /** A comparison that notices nothing would agree with everything. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "ret":"+0x2d000"                             | "ret":"+0x2e000"        | 0 level 1
            [45,48,"r--p",0,"a","rd mr mw me",0,0,0,0,0] | [45,48,"rw-p",0,"a","rd mr mw me",0,0,0,0,0] | 0 level 2
            "got":0,"mf":1                               | "got":0,"mf":0          | 6 level 3
            "rd wr mr mw me ac nh"                       | "rd wr mr mw me ac"     | 1 level 4
            "inv":[[70,72]]                              | "inv":[[70,73]]         | 9 level 5
            "e":"ENOMEM"                                 | "e":"EINVAL"            | 7 level 1
            "pt":1                                       | "pt":2                  | 6 level 4
            [11,1,"pz",0]                                | [11,1,"px",0]           | 6 level 3
            """)
    void aSpoiltRecordingIsNoticed(String recorded, String spoilt, String found) throws IOException {
        List<String> lines = new ArrayList<>(TextFile.lines(FOLDER.resolve("anon-s1001-n300.jsonl.gz")).subList(0, 12));
        int at = 0;
        while (!lines.get(at).contains(recorded)) {
            at++;
        }
        lines.set(at, lines.get(at).replace(recorded, spoilt));
        Path file = Files.write(folder.resolve("spoilt.jsonl"), lines);
        assertThat(Conformance.check(file)).isNotEmpty().anyMatch(difference -> difference.toString().contains("spoilt.jsonl:" + found));
    }

    /** The kernel's own thread makes huge pages when it pleases, but not where it is not asked for them. */
    @Test
    void aHugePageThatMayNotBeIsNoticed() throws IOException {
        List<String> lines = new ArrayList<>(TextFile.lines(FOLDER.resolve("thp-s7013-n300.jsonl.gz")).subList(0, 70));
        assertThat(lines.get(69)).contains("[2048,512,\"px\",0]");
        lines.set(69, lines.get(69).replace("[2048,512,\"px\",0]", "[2048,512,\"pxh\",0]"));
        Path file = Files.write(folder.resolve("x.jsonl"), lines);
        assertThat(Conformance.check(file)).singleElement().asString().contains("x.jsonl:68 level 3: expected g page 2048 hpx=0 found g page 2048 px=0");
    }

    @Test
    void whatIsUnstableIsNotCompared() throws IOException {
        List<String> lines = new ArrayList<>(TextFile.lines(FOLDER.resolve("anon-s1001-n300.jsonl.gz")).subList(0, 11));
        lines.set(10, lines.get(10).replace("\"inv\":[[70,72]]", "\"inv\":[[70,73]]"));
        Path file = Files.write(folder.resolve("x.jsonl"), lines);
        assertThat(Conformance.check(file)).hasSize(1);
        Files.writeString(folder.resolve("unstable.json"), "{\"x.jsonl\":[[9,[\"inv\",\"tlb\"]]]}");
        assertThat(Conformance.check(file)).isEmpty();
    }
}
