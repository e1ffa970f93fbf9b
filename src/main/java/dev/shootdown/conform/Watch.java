package dev.shootdown.conform;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.HandleMmFault;
import dev.shootdown.mm.Kernel;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.List;

/** Notes what happens during one operation, of one process: ranges that its notifier's subscribers are told of, page faults. */
final class Watch implements Listener {
    /** The bits of a page fault's error code: Intel SDM volume 3A, 4.7. */
    private static final long PROTECTION = 1;
    private static final long WRITE = 2;
    private static final long USER = 4;
    private static final long FETCH = 16;

    private final String process;
    private final Header header;
    private final List<List<Long>> ranges = new ArrayList<>();
    private final List<List<Long>> faults = new ArrayList<>();

    Watch(String process, Header header) {
        this.process = process;
        this.header = header;
    }

    void forget() {
        ranges.clear();
        faults.clear();
    }

    List<List<Long>> ranges() {
        return ranges;
    }

    List<List<Long>> faults() {
        return faults;
    }

    @Override
    public long kinds() {
        return Kind.NOTIFY_START.bit();
    }

    @Override
    public void on(Moment moment) {
        if (moment.event() instanceof Event.NotifyStart start && process.equals(start.process()) && Long.compareUnsigned(start.start(), header.top()) < 0) {
            ranges.add(List.of(page(start.start()), page(start.end() + Arena.PAGE - 1)));
        }
    }

    /** A thread's access faults: what the hardware tells is what its walk finds now. */
    void faulting(Kernel kernel, HandleMmFault fault) {
        long code = USER;
        code |= Entry.present(kernel.pte(fault.mm(), fault.address())) ? PROTECTION : 0;
        code |= (fault.access() & Translation.WRITE) != 0 ? WRITE : 0;
        code |= (fault.access() & Translation.EXECUTE) != 0 ? FETCH : 0;
        faults.add(List.of(page(fault.address()), code));
    }

    private long page(long address) {
        return address - header.base() >> Arena.PAGE_SHIFT;
    }
}
