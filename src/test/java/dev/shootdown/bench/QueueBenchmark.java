package dev.shootdown.bench;

import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Madvise;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What goes through an IOMMU's queues, step by step: commands from their encoding to the completion that covers them, and page
 * requests of a device from the fault to the response, a million of them and the time that takes.
 */
public class QueueBenchmark extends ThroughputBenchmark {
    private static final int COMMANDS = 64;
    private static final int PAGES = 512;
    private static final int MILLION = 1_000_000;
    private static final long LENGTH = PAGES * 4096L;

    private final Rig rig = new Rig(true);
    private final List<Step> commands = new ArrayList<>();

    @Setup
    public void map() {
        rig.map(PAGES);
        Iommu iommu = rig.machine.iommu("amd0");
        for (int i = 0; i < COMMANDS / 4; i++) {
            commands.addAll(iommu.flushIotlb(Rig.PASID, Rig.ARENA, Rig.ARENA + LENGTH));
            commands.addAll(iommu.sync());
            commands.addAll(iommu.flushAtc(rig.gpu.number(), Rig.PASID, Rig.ARENA, Rig.ARENA + LENGTH));
            commands.addAll(iommu.sync());
        }
    }

    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public void commands() {
        commands.forEach(rig::call);
    }

    /** As many as fit the mapping, which is emptied before. */
    private void requests(int count) {
        rig.call(new Madvise(rig.mm, Rig.ARENA, LENGTH, Advice.DONTNEED));
        rig.dma(DmaAccess.write(rig.gpu.number(), Rig.PASID, Rig.ARENA, Rig.ARENA + count * 4096L, 1));
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void pageRequests() {
        requests(PAGES);
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 1)
    @Measurement(iterations = 3)
    public long aMillionPageRequests() {
        long before = rig.gpu.requests().get();
        for (int left = MILLION; left > 0; left -= PAGES) {
            requests(Math.min(left, PAGES));
        }
        return rig.gpu.requests().get() - before;
    }
}
