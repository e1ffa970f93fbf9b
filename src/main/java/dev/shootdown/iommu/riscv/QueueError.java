package dev.shootdown.iommu.riscv;

import java.util.Locale;

/** What the kernel prints of a queue that has overflowed: riscv_iommu_fltq_process. The number is its bit in ipsr. */
enum QueueError {
    FAULTS(1),
    REQUESTS(3);

    private final int queue;

    QueueError(int queue) {
        this.queue = queue;
    }

    String log() {
        return String.format(Locale.ROOT, "Queue #%d error; memory fault:%d overflow:%d", queue, 0, 1);
    }
}
