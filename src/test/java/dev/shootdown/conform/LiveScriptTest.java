package dev.shootdown.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Listing;
import dev.shootdown.lang.Session;
import dev.shootdown.lang.Status;
import dev.shootdown.mm.KernelVersion;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The scripts that random operations become run, and do in the model what the operations did. */
class LiveScriptTest {
    private static final LiveVersion NEWEST = new LiveVersion(KernelVersion.V6_18, true, true);
    private static final int COUNT = 60;

    /** Keeps only what is wrong. */
    private record Complaints(List<Diagnostic> all) implements Front {
        @Override
        public long kinds() {
            return 0;
        }

        @Override
        public void event(Moment moment) {}

        @Override
        public void diagnostic(Diagnostic diagnostic) {
            all.add(diagnostic);
        }

        @Override
        public void witness(String title, List<Moment> events) {}

        @Override
        public void listing(Listing listing) {}

        @Override
        public void progress(String line) {}

        @Override
        public void news(String line) {}

        @Override
        public boolean interrupted() {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void runs(long seed) {
        ObjectNode header = new LiveRun(null, NEWEST).header(seed);
        List<Row> rows = new ArrayList<>();
        for (ObjectNode operation : LiveOperations.of(seed, COUNT, NEWEST, header)) {
            rows.add(new Row("live", 0, operation));
        }
        ObjectNode last = JsonNodeFactory.instance.objectNode().put("i", COUNT).put("op", "munmap").put("a", "+0x0").put("len", "0x1000").put("ret", 0);
        rows.add(new Row("live", 0, last));
        String script = LiveScript.of(header, rows, List.of());
        Complaints complaints = new Complaints(new ArrayList<>());
        assertThat(new Session(complaints).execute("live.mmu", script)).as("%s%n%s", complaints, script).isEqualTo(Status.HELD);
        assertThat(complaints.all()).isEmpty();
        long missing = script.lines().filter(line -> line.startsWith("// not in the language")).count();
        assertThat(missing).isLessThan(COUNT / 3);
    }
}
