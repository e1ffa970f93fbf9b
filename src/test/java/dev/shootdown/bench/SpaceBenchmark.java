package dev.shootdown.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** mmap and munmap of a page in a space that has many mappings already: in the model, and on the live kernel, in one run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpaceBenchmark {
    static final long BASE = 0x2000_0000_0000L;
    /** mmap_base without randomisation. */
    private static final long TOP = 0x7fff_f7ff_f000L;
    private static final long PAGE = 4096;

    @Param({"10", "1000", "60000"})
    public int mappings;

    private final Space space = new Space(4L << 30);
    /** One whose mappings lie end to end, where the kernel looks for room. */
    private final Space packed = new Space(4L << 30);
    private final LiveKernel live = new LiveKernel();
    /** The page behind the mapping in the middle: nothing is mapped there. */
    private long hole;

    /** Every second page, far from where the kernel looks for room first. */
    @Setup(Level.Trial)
    public void begin() {
        for (int i = 0; i < mappings; i++) {
            space.mapAt(BASE + i * 2 * PAGE, PAGE, Space.READ_WRITE);
            live.mapAt(BASE + i * 2 * PAGE, PAGE, Space.READ_WRITE);
            packed.mapAt(TOP - (i + 1) * PAGE, PAGE, i % 2 == 0 ? Space.READ : Space.READ_WRITE);
        }
        hole = BASE + (mappings / 2 * 2 + 1) * PAGE;
    }

    /** In a hole, with other rules than its neighbours have. */
    @Benchmark
    public void fixedModel() {
        space.mapAt(hole, PAGE, Space.READ);
        space.unmap(hole, PAGE);
    }

    @Benchmark
    public void fixedKernel() {
        live.mapAt(hole, PAGE, Space.READ);
        live.munmap(hole, PAGE);
    }

    /** Where the kernel chooses. */
    @Benchmark
    public void anywhereModel() {
        space.unmap(space.map(PAGE), PAGE);
    }

    /** Where the kernel chooses, behind mappings without room between them; two pages do not merge with the last one. */
    @Benchmark
    public void packedModel() {
        packed.unmap(packed.map(2 * PAGE), 2 * PAGE);
    }

    @Benchmark
    public void anywhereKernel() {
        live.munmap(live.mmap(PAGE), PAGE);
    }
}
