package dev.shootdown.lang;

import java.util.List;

/** What a name has been declared to be. */
sealed interface Thing {
    /** As a diagnostic speaks of it: {@code a process}. */
    String phrase();

    /** {@code forked} ones come and go by calls, so that what may be asked of them is seen only then. */
    record Process(List<String> threads, boolean forked) implements Thing {
        public Process {
            threads = List.copyOf(threads);
        }

        @Override
        public String phrase() {
            return "a process";
        }
    }

    record Iommu(String vendor) implements Thing {
        @Override
        public String phrase() {
            return "an IOMMU";
        }
    }

    record Device(String iommu, boolean ats, boolean pri, List<String> channels) implements Thing {
        public Device {
            channels = List.copyOf(channels);
        }

        @Override
        public String phrase() {
            return "a device";
        }
    }

    record File() implements Thing {
        @Override
        public String phrase() {
            return "a file";
        }
    }

    record Driver() implements Thing {
        @Override
        public String phrase() {
            return "a driver";
        }
    }

    record Scenario() implements Thing {
        @Override
        public String phrase() {
            return "a scenario";
        }
    }

    /**
     * A value.
     *
     * @param length of a range, in bytes; -1 where it is not known before the script runs
     * @param owner  the actor whose rows of a race know it; empty where everybody does
     */
    record Let(Type type, long length, String owner) implements Thing {
        Let(Type type, long length) {
            this(type, length, "");
        }

        @Override
        public String phrase() {
            return type.phrase();
        }
    }
}
