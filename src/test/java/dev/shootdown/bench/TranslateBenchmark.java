package dev.shootdown.bench;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Vendor;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Translations a second, each at once as a reference model's translate function does it: of pages that are remembered, and of
 * pages of which none is, with the tables on the way remembered or not, and through a second stage.
 */
public class TranslateBenchmark extends ThroughputBenchmark {
    private static final int PAGES = 8192;
    private static final int HITS = 1024;
    /** Pages that both caches have room for. */
    private static final int HOT = 32;
    private static final int PASID = 1;
    private static final long FIRST = 0x1000_0000L;
    /** Far enough apart that no two share a table, but the top one. */
    private static final int FAR = 64;
    private static final long STRIDE = 1L << 39 - Frames.PAGE_SHIFT;
    private static final long BITS = Entry.PRESENT | Entry.USER | Entry.WRITE | Entry.ACCESSED | Entry.DIRTY;

    @Param({"AMD", "INTEL"})
    public Vendor vendor;

    private Mapped plain;
    private Mapped nested;

    /** A device with pages next to each other, and pages far from each other. */
    private static final class Mapped {
        final Iommu iommu;
        final Device gpu;
        private final Frames frames;
        private final Tables tables;
        private final long root;

        Mapped(Vendor vendor, boolean nested) {
            Machine machine = new Machine(Configuration.standard());
            iommu = machine.iommu("iommu0", vendor, IommuOptions.DEFAULT.nested(nested));
            gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(true));
            frames = machine.frames();
            tables = new Tables(frames);
            root = frames.allocate(Use.KERNEL, 0);
            iommu.table(gpu, PASID, root);
            for (int i = 0; i < PAGES; i++) {
                map(FIRST + i);
            }
            for (int i = 1; i <= FAR; i++) {
                map(i * STRIDE);
            }
            for (int i = 0; i < HOT; i++) {
                gpu.atc().fill(PASID, FIRST + i, iommu.walker().translate(gpu, PASID, FIRST + i, false), 0);
            }
        }

        private void map(long page) {
            long table = root;
            long address = page << Frames.PAGE_SHIFT;
            for (int level = 4; level > 1; level--) {
                long entry = tables.entry(table, address, level);
                if (!Entry.present(entry)) {
                    entry = Entry.of(frames.allocate(Use.KERNEL, 0), BITS);
                    tables.entry(table, address, level, entry);
                }
                table = Entry.frame(entry);
            }
            tables.entry(table, address, 1, Entry.of(frames.allocate(Use.KERNEL, 0), BITS));
        }

        long next(long step, int count, long from, int mask) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                long found = iommu.walker().translate(gpu, PASID, from + (i & mask) * step, false);
                if (found == 0) {
                    throw new IllegalStateException("a page does not translate");
                }
                sum += found;
            }
            return sum;
        }
    }

    @Setup
    public void map() {
        plain = new Mapped(vendor, false);
        nested = new Mapped(vendor, true);
    }

    /** What a device with ATS does first. */
    @Benchmark
    @OperationsPerInvocation(HITS)
    public long atcHit() {
        long sum = 0;
        for (int i = 0; i < HITS; i++) {
            long found = plain.gpu.atc().lookup(PASID, FIRST + (i & HOT - 1));
            if (!Translation.allows(found, Translation.READ)) {
                throw new IllegalStateException("a page is not cached");
            }
            sum += found;
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(HITS)
    public long iotlbHit() {
        return plain.next(1, HITS, FIRST, HOT - 1);
    }

    /** One entry is read: the table that it is in is remembered. */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public long walkCacheHit() {
        return plain.next(1, PAGES, FIRST, -1);
    }

    /** Four are. */
    @Benchmark
    @OperationsPerInvocation(FAR)
    public long fullWalk() {
        return plain.next(STRIDE, FAR, STRIDE, -1);
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public long nestedWalk() {
        return nested.next(1, PAGES, FIRST, -1);
    }

    @Benchmark
    @OperationsPerInvocation(FAR)
    public long nestedFullWalk() {
        return nested.next(STRIDE, FAR, STRIDE, -1);
    }
}
