package dev.shootdown.conform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.vocabulary.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a recording is said, with its line; nothing else comes of it. */
class BadRecordingTest {
    private static final String HEADER = "{\"hdr\":1,\"seed\":1,\"class\":\"anon\",\"n\":1,\"k\":1,\"W\":192,\"base\":\"0x7ffff7d40000\","
            + "\"thp\":0,\"filepages\":4,\"memlock_pages\":-1,\"notifier\":1}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"i":0,"op":"mmap"                                                         | bad-json
            nonsense                                                                   | bad-json
            [1,2]                                                                      | not-a-record
            {"op":"munmap"}                                                            | missing-field
            {"i":"0","op":"munmap"}                                                    | wrong-field
            {"i":0,"op":7}                                                             | wrong-field
            {"i":0,"op":"fly"}                                                         | unknown-operation
            {"i":0,"op":"munmap","len":"0x1000"}                                       | missing-field
            {"i":0,"op":"munmap","a":"0x1000","len":"0x1000"}                          | wrong-field
            {"i":0,"op":"munmap","a":"+0x1000","len":4096}                             | wrong-field
            {"i":0,"op":"munmap","a":"+0xg","len":"0x1000"}                            | wrong-field
            {"i":0,"op":"munmap","a":"+0x0","len":"0x1000","ret":0,"v":[[1,2]]}        | wrong-field
            {"i":0,"op":"munmap","a":"+0x0","len":"0x1000","ret":0,"g":7}              | wrong-field
            {"i":0,"op":"munmap","a":"+0x0","len":"0x1000","ret":0,"g":[[0,-1,"p",0]]} | wrong-field
            {"i":0,"op":"munmap","a":"+0x0","len":"0x1000","inv":[["a"]]}              | wrong-field
            {"i":0,"op":"mmap","a":"+0x0","len":"0x1000","prot":1,"flags":34,"fd":"x","off":"0x0"} | wrong-field
            {"i":0,"op":"fork","c0":7}                                                 | wrong-field
            {"i":0,"op":"seq","ops":[7]}                                               | wrong-field
            """)
    void aBrokenLineIsSaid(String line, String code) throws IOException {
        refused(Files.write(folder.resolve("x.jsonl"), List.of(HEADER, line)), code, 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"i":0,"op":"munmap"}                                                    | no-header
            {"hdr":1,"class":"anon"}                                                 | missing-field
            {"hdr":1,"class":"anon","W":-1,"base":"0x7ffff7d40000","thp":0,"filepages":4,"memlock_pages":-1}                   | wrong-field
            {"hdr":1,"class":"anon","W":192,"base":"0x7ffff7d40001","thp":0,"filepages":4,"memlock_pages":-1}                  | wrong-field
            {"hdr":1,"class":"anon","W":192,"base":"0xffffffffffff0000","thp":0,"filepages":4,"memlock_pages":-1}              | wrong-field
            {"hdr":1,"class":"anon","W":192,"base":"0x7ffff7d40000","thp":0,"filepages":99999999999,"memlock_pages":-1}        | wrong-field
            """)
    void aBrokenHeaderIsSaid(String line, String code) throws IOException {
        refused(Files.write(folder.resolve("x.jsonl"), List.of(line)), code, 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hello                                                   | not-strace
            12 1.5 mmap(NULL, 4096                                  | not-strace
            12 1.5 <... mmap resumed>) = 0x1000                     | not-strace
            12 1.5 munmap(x, 4096) = 0                              | wrong-argument
            12 1.5 mmap(NULL, 1e3, PROT_READ, MAP_PRIVATE, 3</f>, 0) = 0x10000 | wrong-argument
            """)
    void aBrokenCallIsSaid(String line, String code) throws IOException {
        Path file = Files.write(folder.resolve("x.strace"), List.of(line));
        assertThatThrownBy(() -> new ProgramRun(file.toString()).run(() -> false)).isInstanceOfSatisfying(Refusal.class,
                refusal -> assertThat(refusal.diagnostic().code()).isEqualTo(code));
    }

    @Test
    void brokenFilesAreSaid() throws IOException {
        refused(folder.resolve("none.jsonl"), "no-file", 0);
        refused(Files.write(folder.resolve("empty.jsonl"), new byte[0]), "empty-file", 0);
        refused(Files.write(folder.resolve("plain.jsonl.gz"), HEADER.getBytes()), "broken-gzip", 0);
        byte[] packed = Files.readAllBytes(Path.of("src/test/resources/recordings/linux-6.18/operations/anon-s1001-n300.jsonl.gz"));
        refused(Files.write(folder.resolve("cut.jsonl.gz"), java.util.Arrays.copyOf(packed, packed.length / 2)), "broken-gzip", 0);
        refused(Files.write(folder.resolve("bytes.jsonl"), new byte[] {(byte) 0xff, (byte) 0xfe}), "not-utf-8", 0);
        refused(Files.write(folder.resolve("alone.strace"), List.of("1 1.5 brk(NULL) = 0x1000")), "no-layouts", 0);
        Files.write(folder.resolve("bad.maps.jsonl"), List.of("{\"pid\":1,\"ev\":\"exec\",\"maps\":[[\"zz\",\"1\",\"r--p\",\"0\",0,\"\"]]}"));
        refused(Files.write(folder.resolve("bad.strace"), List.of("1 1.5 brk(NULL) = 0x1000")), "wrong-field", 1);
    }

    @Test
    void pathsThatAreNoRecordingsAreSaid() throws IOException {
        Files.writeString(folder.resolve("x.txt"), "x");
        for (String name : List.of(folder.toString(), folder.resolve("x.txt").toString(), folder.resolve("y.jsonl/z").toString())) {
            assertThatThrownBy(() -> Conformance.in(name)).isInstanceOf(Refusal.class);
        }
    }

    private static void refused(Path file, String code, int line) {
        assertThatThrownBy(() -> Conformance.check(file)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.diagnostic().code()).isEqualTo(code);
            assertThat(refusal.diagnostic().span().line()).isEqualTo(line);
        });
    }
}
