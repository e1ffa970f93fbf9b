package dev.shootdown.conform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.ObjectNode;

/**
 * The model held against the kernel that this runs on: random operations, done by both, with results, errors, access,
 * mappings and pages compared after each. {@code -Dlive.seed} begins elsewhere, {@code -Dlive.operations} does more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveKernelTest {
    private static final long SEED = Long.getLong("live.seed", 1);
    private static final int OPERATIONS = Integer.getInteger("live.operations", 20_000);
    private static final int MAP_NORESERVE = 0x4000;

    private LiveVersion version;
    private LiveKernel kernel;

    @BeforeAll
    void begin() throws IOException {
        Path running = Path.of("/proc/version");
        assumeTrue(Files.isReadable(running) && System.getProperty("os.arch").equals("amd64"), "this machine does not run Linux on x86-64: there is no kernel to compare with");
        version = LiveVersion.of(Files.readString(running));
        assumeTrue(version != null, () -> "the model has no facts about this machine's kernel");
        assumeTrue(noSwap(), "this machine has swap: which pages it holds depends on all that runs");
        kernel = new LiveKernel();
        assumeTrue(kernel.obstacle() == null, () -> "this machine does not permit it: " + kernel.obstacle());
    }

    private static boolean noSwap() throws IOException {
        Path swaps = Path.of("/proc/swaps");
        return Files.isReadable(swaps) && Files.readAllLines(swaps).size() <= 1;
    }

    @AfterAll
    void end() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    @Test
    void agreesAfterEachOperation() {
        LiveRun run = new LiveRun(kernel, version);
        for (long done = 0; done < OPERATIONS; done += LiveRun.ARENA) {
            int count = (int) Math.min(LiveRun.ARENA, OPERATIONS - done);
            String differs = run.differs(SEED + done / LiveRun.ARENA, count);
            assertThat(differs).as("-Dlive.seed=%d -Dlive.operations=%d", SEED + done / LiveRun.ARENA, count).isNull();
        }
    }

    /** A kernel that did something else would be noticed, and what is printed is short and runs. */
    @Test
    void anotherAnswerIsNoticedAndMadeSmall() {
        LiveRun run = new LiveRun(kernel, version, rows -> rows.stream().map(LiveKernelTest::unreserved).toList());
        String differs = null;
        for (long seed = 1; differs == null && seed < 20; seed++) {
            differs = run.differs(seed, LiveRun.ARENA);
        }
        assertThat(differs).isNotNull().contains("enough:", "// the kernel:", "// the model:");
        List<String> operations = differs.lines().filter(line -> line.contains("app.main: ") && !line.contains(" pwrite ") || line.contains("not in the language")).toList();
        assertThat(operations).hasSizeLessThanOrEqualTo(2);
    }

    /** A kernel that forgot MAP_NORESERVE. */
    private static Row unreserved(Row row) {
        ObjectNode answer = (ObjectNode) row.node();
        boolean reserved = answer.get("op").asString().equals("mmap") && (answer.get("flags").asInt() & MAP_NORESERVE) != 0 && answer.has("ret");
        if (reserved) {
            answer.remove("ret");
            answer.put("e", "EINVAL");
        }
        return row;
    }
}
