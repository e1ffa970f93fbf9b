package dev.shootdown.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * mprotect that splits a mapping and merges it again among 1,000 others, 16 pages dropped and touched again, and a fork
 * with 1,000 touched pages: in the model without devices, and on the live kernel, in one run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallBenchmark {
    private static final int MAPPINGS = 1000;
    private static final int RETOUCHED = 16;
    private static final long PAGE = 4096;
    /** Three pages of one mapping, the middle one of which changes. */
    private static final long SPLIT = SpaceBenchmark.BASE + MAPPINGS / 2 * 2 * PAGE;
    private static final long RETOUCH = 0x2100_0000_0000L;
    private static final long FORKED = 0x2200_0000_0000L;

    private final Space space = new Space(4L << 30);
    private final Space parent = new Space(4L << 30);
    private final LiveKernel live = new LiveKernel();
    private LiveFork child;

    /** The same on both sides. */
    @Setup(Level.Trial)
    public void begin() {
        for (int i = 0; i < MAPPINGS; i++) {
            long at = SpaceBenchmark.BASE + i * 2 * PAGE;
            long length = at == SPLIT ? 3 * PAGE : PAGE;
            if (at != SPLIT + 2 * PAGE) {
                space.mapAt(at, length, Space.READ_WRITE);
                live.mapAt(at, length, Space.READ_WRITE);
            }
        }
        space.mapAt(RETOUCH, RETOUCHED * PAGE, Space.READ_WRITE);
        live.mapAt(RETOUCH, RETOUCHED * PAGE, Space.READ_WRITE);
        parent.mapAt(FORKED, LiveFork.PAGES * PAGE, Space.READ_WRITE);
        parent.touch(FORKED, LiveFork.PAGES * PAGE);
        child = new LiveFork();
    }

    @TearDown(Level.Trial)
    public void end() {
        child.close();
    }

    @Benchmark
    public void protectModel() {
        space.protect(SPLIT + PAGE, PAGE, Space.READ);
        space.protect(SPLIT + PAGE, PAGE, Space.READ_WRITE);
    }

    @Benchmark
    public void protectKernel() {
        live.protect(SPLIT + PAGE, PAGE, Space.READ);
        live.protect(SPLIT + PAGE, PAGE, Space.READ_WRITE);
    }

    @Benchmark
    public void retouchModel() {
        space.dontneed(RETOUCH, RETOUCHED * PAGE);
        space.touch(RETOUCH, RETOUCHED * PAGE);
    }

    @Benchmark
    public void retouchKernel() {
        live.dontneed(RETOUCH, RETOUCHED * PAGE);
        live.touch(RETOUCH, RETOUCHED);
    }

    @Benchmark
    public void forkModel() {
        parent.fork();
    }

    @Benchmark
    @OperationsPerInvocation(LiveFork.FORKS)
    public void forkKernel() {
        child.forks();
    }
}
