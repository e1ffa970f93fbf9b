package dev.shootdown.lang.word;

/** The beginnings that the examples of several words share; each is a whole script with what follows. */
final class Examples {
    private static final String THREAD = """
            process app { threads=[main, worker] }
            let buf = app.main: mmap 16K rw
            """;
    private static final String BEHIND = """
            machine { kernel="6.6" }
            iommu VENDOR0 { vendor=VENDOR }
            device gpu behind VENDOR0 { ats pri }
            process app { threads=[main, worker] }
            bind gpu to app pasid=1
            let buf = app.main: mmap 16K rw
            app.main: touch buf write
            """;

    private static final String FILE = """
            process app { threads=[main, worker] }
            file f 16K
            let buf = app.main: mmap 16K rw shared file=f
            """;

    private Examples() {}

    /** With a swap area, a process {@code app} and its mapping {@code buf} of four pages. */
    static String swap(String... lines) {
        return "machine { swap=1M }\n" + thread(lines);
    }

    /** With transparent huge pages for whoever wants them, and {@code buf} as large as one and aligned, that wants them. */
    static String huge(String... lines) {
        return "machine { thp=madvise }\nprocess app { threads=[main, worker] }\nlet buf = app.main: mmap 0x4000_0000 2M rw fixed\n"
                + "app.main: madvise buf hugepage\n" + String.join("\n", lines) + "\n";
    }

    /** With two NUMA nodes, a process {@code app} and its mapping {@code buf} of four pages. */
    static String nodes(String... lines) {
        return "machine { nodes=2 }\n" + thread(lines);
    }

    /** With a file {@code f} of four pages, and {@code buf} its shared mapping in the process {@code app}. */
    static String file(String... lines) {
        return FILE + String.join("\n", lines) + "\n";
    }

    /** With a process {@code app} and its mapping {@code buf} of four pages. */
    static String thread(String... lines) {
        return THREAD + String.join("\n", lines) + "\n";
    }

    /** In the middle of a call that unmaps {@code buf}. */
    static String stopped(String... lines) {
        return thread("app.main: touch buf write", "break vma", "app.main: munmap buf") + String.join("\n", lines) + "\n";
    }

    /** With a device {@code gpu} besides, bound to it. */
    static String device(String... lines) {
        return behind("amd", lines).replace(" { vendor=amd }", "");
    }

    /** With a device {@code gpu} that is bound to nobody, and {@code io}, its addresses of {@code buf}. */
    static String plainDevice(String... lines) {
        return "iommu amd0 { mode=lazy }\ndevice gpu behind amd0\n" + thread("let io = app.main: dma_map buf device=gpu") + String.join("\n", lines) + "\n";
    }

    /** With a device that walks the process's table through a second stage. */
    static String nested(String... lines) {
        return device(lines).replace("iommu amd0\n", "iommu amd0 { nested }\n");
    }

    /** {@link #device} behind a vendor's IOMMU, which is called by it: {@code intel0}. */
    static String behind(String vendor, String... lines) {
        return BEHIND.replace("VENDOR", vendor) + String.join("\n", lines) + "\n";
    }
}
