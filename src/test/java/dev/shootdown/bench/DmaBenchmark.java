package dev.shootdown.bench;

import dev.shootdown.device.DmaAccess;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** A device's accesses of a page each: with an ATC hit, with an IOTLB hit, with a full walk. */
public class DmaBenchmark extends ThroughputBenchmark {
    private static final int PAGES = 32;
    private static final long END = Rig.ARENA + PAGES * 4096L;

    private final Rig ats = new Rig(true);
    private final Rig plain = new Rig(false);

    @Setup
    public void touched() {
        ats.map(PAGES);
        ats.touch(PAGES);
        plain.map(PAGES);
        plain.touch(PAGES);
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void atcHit() {
        ats.dma(DmaAccess.read(ats.gpu.number(), Rig.PASID, Rig.ARENA, END));
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void iotlbHit() {
        plain.dma(DmaAccess.read(plain.gpu.number(), Rig.PASID, Rig.ARENA, END));
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void fullWalk() {
        for (long page = Rig.ARENA; page < END; page += 4096) {
            plain.machine.iommu("amd0").iotlb().dropAll();
            plain.machine.iommu("amd0").caches().walkCache().dropAll();
            plain.dma(DmaAccess.read(plain.gpu.number(), Rig.PASID, page, page + 4096));
        }
    }
}
