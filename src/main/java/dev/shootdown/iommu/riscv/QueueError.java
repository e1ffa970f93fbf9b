package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Log;
import java.util.Locale;

/** What the kernel prints of a queue that has overflowed, or is in no memory: riscv_iommu_fltq_process. The number is its bit in ipsr. */
enum QueueError {
    FAULTS(1),
    REQUESTS(3);

    private final int queue;

    QueueError(int queue) {
        this.queue = queue;
    }

    String log(Log log) {
        return String.format(Locale.ROOT, "Queue #%d error; memory fault:%d overflow:%d", queue, log.aborted() ? 1 : 0, log.overflowed() ? 1 : 0);
    }
}
