package dev.shootdown.lang;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A race of a whole machine by lot: a kernel, a vendor, drivers, and who does what at the same time. */
final class RandomRace {
    private static final List<String> KERNELS = List.of("3.16", "3.19", "4.15", "6.1", "6.6", "6.18");
    private static final List<String> DRIVERS = List.of("start", "ends", "empty_table", "range", "sva", "lazy", "observer", "none");
    private static final List<String> VENDORS = List.of("amd", "intel", "arm", "riscv");
    private static final List<String> CLAIMS = List.of("use_after_free", "stale_read", "device_failed", "leak", "deadlock");
    private static final List<String> DEEDS = List.of("munmap P", "munmap buf", "madvise P dontneed", "madvise P free", "madvise P cold", "madvise P pageout",
            "mprotect P r", "mprotect P none", "mprotect P rw", "mremap buf 16K maymove", "mremap buf 4K", "touch P write", "touch P read", "write P 3",
            "read P", "fork child", "mlock P", "munlock P", "madvise P mergeable", "exit", "madvise P dontfork", "madvise P wipeonfork",
            "madvise P populate_write", "mmap 4K rw", "madvise P hugepage", "madvise P collapse", "msync P");
    private static final List<String> SERVICES = List.of("reclaim P", "migrate P", "ksm app", "age P", "swapin P");
    private static final List<String> ACCESSES = List.of("dma write P", "dma read P", "dma write any(buf, 4K)", "dma read any(buf, 4K)");

    private final SplittableRandom random;

    RandomRace(long seed) {
        this.random = new SplittableRandom(seed);
    }

    private String one(List<String> of) {
        String drawn = of.get(random.nextInt(of.size()));
        int pages = random.nextInt(3);
        String place = switch (pages) {
            case 0 -> "buf";
            case 1 -> "buf[0 +4K]";
            default -> "buf[4K +4K]";
        };
        return drawn.replace("P", place);
    }

    String script() {
        int devices = 1 + random.nextInt(2);
        StringBuilder script = new StringBuilder("machine { kernel=\"" + one(KERNELS) + "\" cpus=" + (1 + random.nextInt(3)) + " swap=1M }\n");
        script.append("iommu mmu { vendor=").append(one(VENDORS)).append(" }\nprocess app { threads=[main, worker] }\n");
        for (int i = 0; i < devices; i++) {
            String ats = random.nextInt(4) == 0 ? "" : random.nextInt(4) == 0 ? "ats" : "ats pri";
            script.append("device gpu").append(i).append(" behind mmu { ").append(ats).append(" }\nbind gpu").append(i).append(" to app pasid=").append(i + 1)
                    .append(" driver=").append(one(DRIVERS)).append('\n');
        }
        script.append("scenario race {\n  let buf = app.main: mmap 8K ").append(random.nextInt(4) == 0 ? "rw shared" : "rw").append('\n');
        for (int i = random.nextInt(3); i > 0; i--) {
            script.append("  app.main: ").append(one(List.of("touch buf write", "touch P write", "touch P read", "write P 1", "madvise buf mergeable")))
                    .append('\n');
        }
        script.append("  race {\n").append(rows(devices)).append("  }\n");
        CLAIMS.forEach(claim -> script.append("  forbid ").append(claim).append('\n'));
        return script.append("}\n").toString();
    }

    private String rows(int devices) {
        List<String> rows = new ArrayList<>();
        rows.add("    app.main: " + block(DEEDS));
        if (random.nextInt(3) == 0) {
            rows.add("    app.worker: " + block(DEEDS));
        }
        for (int i = 0; i < devices; i++) {
            rows.add("    gpu" + i + ": " + block(ACCESSES));
        }
        if (random.nextInt(4) == 0) {
            rows.add("    kernel: " + one(SERVICES));
        }
        return String.join("\n", rows) + "\n";
    }

    private String block(List<String> of) {
        return random.nextInt(3) == 0 ? "{ " + one(of) + "; " + one(of) + " }" : one(of);
    }
}
