package dev.shootdown.lang.word;

/** The beginnings that the examples of several words share; each is a whole script with what follows. */
final class Examples {
    private static final String THREAD = """
            process app { threads=[main, worker] }
            let buf = app.main: mmap 16K rw
            """;
    private static final String DEVICE = """
            machine { kernel="6.6" }
            iommu amd0
            device gpu behind amd0 { ats pri }
            process app { threads=[main, worker] }
            bind gpu to app pasid=1
            let buf = app.main: mmap 16K rw
            app.main: touch buf write
            """;

    private Examples() {}

    /** With a process {@code app} and its mapping {@code buf} of four pages. */
    static String thread(String... lines) {
        return THREAD + String.join("\n", lines) + "\n";
    }

    /** With a device {@code gpu} besides, bound to it. */
    static String device(String... lines) {
        return DEVICE + String.join("\n", lines) + "\n";
    }
}
