package dev.shootdown.lang;

/** Whom a statement is for. */
sealed interface Who {
    /** The actor's name on the machine. */
    String actor();

    /** The process, device or IOMMU that it belongs to; empty for the kernel. */
    String owner();

    /** The subject of the verbs that it knows. */
    String subject();

    record Thread(String process, String thread) implements Who {
        @Override
        public String actor() {
            return process + "." + thread;
        }

        @Override
        public String owner() {
            return process;
        }

        @Override
        public String subject() {
            return "thread";
        }
    }

    /** One of a device's channels; of one that has only one, without a name. */
    record Device(String device, String channel) implements Who {
        @Override
        public String actor() {
            return channel.isEmpty() ? device : device + "." + channel;
        }

        @Override
        public String owner() {
            return device;
        }

        @Override
        public String subject() {
            return "device";
        }
    }

    record Iommu(String actor) implements Who {
        @Override
        public String owner() {
            return actor;
        }

        @Override
        public String subject() {
            return "iommu";
        }
    }

    record Kernel() implements Who {
        @Override
        public String actor() {
            return "kernel";
        }

        @Override
        public String owner() {
            return "";
        }

        @Override
        public String subject() {
            return "kernel";
        }
    }
}
