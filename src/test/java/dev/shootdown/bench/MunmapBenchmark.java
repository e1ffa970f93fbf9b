package dev.shootdown.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** mmap, a write to each page, munmap: in the model with a bound device, and on the live kernel, in one run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MunmapBenchmark {
    @Param({"1", "16", "512"})
    public int pages;

    private final Rig rig = new Rig(true);
    private final LiveKernel live = new LiveKernel();

    /** The model's side. */
    @Benchmark
    public long model() {
        rig.map(pages);
        rig.touch(pages);
        rig.unmap(pages);
        return rig.machine.engine().steps();
    }

    /** The live kernel's side. */
    @Benchmark
    public long kernel() {
        long address = live.mmap(pages * 4096L);
        live.touch(address, pages);
        live.munmap(address, pages * 4096L);
        return address;
    }
}
