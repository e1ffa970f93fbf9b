package dev.shootdown.view;

import dev.shootdown.lang.Place;
import dev.shootdown.trace.Address;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;

/** Events to show: an unmapping that a device's access comes in between. */
final class Samples {
    static final long BUF = 0x7f0000000000L;
    static final long END = BUF + 0x4000;
    static final Names NAMES = new Names(process -> List.of(new Place("buf", BUF, END)));

    private Samples() {}

    static List<Moment> race() {
        return List.of(
                app(1, new Event.Call("app", "munmap", "buf")),
                app(2, new Event.NotifyStart("app", BUF, END, "UNMAP", true)),
                app(3, new Event.Callback("app", "start", "start", BUF, END, null)),
                app(4, new Event.Command("amd0", "INVALIDATE_IOMMU_PAGES", List.of(0x3000000000000001L, 0x7ffffffffff007L), BUF, END, 1, null)),
                new Moment(5, "amd0", new Event.IotlbInvalidate("amd0", BUF, END, 1, null, 2)),
                new Moment(6, "gpu", new Event.Translate("gpu", BUF, "atc", "hit")),
                new Moment(7, "gpu", new Event.Translate("gpu", BUF, "walk", "miss")),
                app(8, new Event.Pte("app", "clear", BUF, BUF + 0x1000, 1, null)),
                app(9, new Event.Pte("app", "clear", BUF + 0x1000, BUF + 0x2000, 1, null)),
                app(10, new Event.Pte("app", "clear", BUF + 0x2000, BUF + 0x4000, 2, null)),
                app(11, new Event.CpuFlush("app", BUF, END, 4L, true, null)),
                app(12, new Event.PageFree("app", 0x21, 0, "app")),
                app(13, new Event.PageFree("app", 0x22, 0, "app")),
                app(14, new Event.PageFree("app", 0x30, 0, "app")),
                new Moment(15, "gpu", new Event.Dma("gpu", 1, BUF, 0x1000, "write", 0x21L, "done", 3)),
                new Moment(15, "gpu", new Event.Violation("use_after_free", BUF, 0x21L, 12)),
                app(16, new Event.Return("app", "munmap", 0L, null)));
    }

    static Moment app(long step, Event event) {
        return new Moment(step, "app.main", event);
    }

    static Moment returned() {
        return app(17, new Event.Return("app", "mmap", new Address(BUF), null));
    }
}
