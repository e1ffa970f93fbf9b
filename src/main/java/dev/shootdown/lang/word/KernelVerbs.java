package dev.shootdown.lang.word;

import static dev.shootdown.vocabulary.Parameter.flag;
import static dev.shootdown.vocabulary.Parameter.place;

import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import java.util.List;

/** What the kernel does although no thread asks for it. */
final class KernelVerbs {
    static final String SUBJECT = "kernel";

    private static final Parameter RANGE = place("R", Kind.RANGE, "Which addresses.");
    private static final Parameter FILE = place("FILE", Kind.NAME, "Which file.");
    private static final Parameter PROCESS = place("PROCESS", Kind.NAME, "Which process.");

    private KernelVerbs() {}

    static List<Verb> all() {
        return List.of(
                verb("reclaim", "Takes pages back: of a range, or as many bytes of a process.",
                        place("R", Kind.VALUE, "A range, or a process."), place("SIZE", Kind.SIZE, "How many bytes.").optional())
                        .does(KernelDeeds::reclaim)
                        .example(Examples.swap("app.main: write buf \"payload\"", "kernel: reclaim buf", "expect buf.resident == 0",
                                "app.main: read buf[0 +7]")),
                verb("swapin", "Brings pages in from swap.", RANGE).does(KernelDeeds::swapin)
                        .example(Examples.swap("app.main: touch buf write", "kernel: reclaim buf", "kernel: swapin buf", "expect buf.resident == 4")),
                verb("age", "Looks which pages were used, as reclaim does, or idle page tracking.", RANGE,
                        flag("idle", "Idle page tracking: nobody's TLB is flushed, and nothing is counted as a use."))
                        .does(KernelDeeds::age)
                        .example(Examples.thread("app.main: touch buf write", "kernel: age buf", "kernel: age buf[0 +8K] idle")),
                verb("migrate", "Moves pages to other frames.", RANGE).does(KernelDeeds::migrate)
                        .example(Examples.thread("app.main: write buf \"payload\"", "kernel: migrate buf", "app.main: read buf[0 +7]")),
                verb("ksm", "Merges equal pages.", place("P", Kind.NAMES, "Of which processes.").optional())
                        .does(KernelDeeds::ksm)
                        .example(Examples.thread("app.main: write buf 0x5a", "app.main: madvise buf mergeable", "kernel: ksm app")),
                verb("khugepaged", "Collapses small pages into huge ones.", RANGE).does(PageDeeds::khugepaged)
                        .example(Examples.huge("app.main: touch buf[0 +4K] write", "kernel: split buf", "kernel: khugepaged buf")),
                verb("split", "Splits huge pages.", RANGE).does(PageDeeds::split)
                        .example(Examples.huge("app.main: touch buf[0 +4K] write", "expect buf.resident == 512", "kernel: split buf")),
                verb("truncate", "Sets the length of a file.", FILE, place("SIZE", Kind.SIZE, "How long it is to be."))
                        .does(FileDeeds::truncate)
                        .example(Examples.file("kernel: truncate f 8K", "expect SIGBUS app.main: read buf[8K +1]")),
                verb("punch", "Punches a hole into a file.", FILE, RANGE).does(FileDeeds::punch)
                        .example(Examples.file("app.main: write buf 1", "kernel: punch f 4K +4K", "expect buf.resident == 3")),
                verb("clear_refs", "Writes a number into /proc/PID/clear_refs.", PROCESS, place("N", Kind.NUMBER, "1 to 5."))
                        .does(MemoryDeeds::clearRefs)
                        .example(Examples.thread("app.main: touch buf write", "kernel: clear_refs app 4")),
                verb("uprobe", "Sets a probe on an instruction, or takes it away.", place("ADDR", Kind.ADDRESS, "Where."),
                        flag("off", "Takes it away."))
                        .does(PageDeeds::uprobe)
                        .example("process app\nfile prog 4K\nlet text = app.main: mmap 4K rx file=prog\napp.main: touch text exec\n"
                                + "kernel: uprobe (text.start + 0x10)\nkernel: uprobe (text.start + 0x10) off\n"),
                verb("fq_flush_timeout", "The timer of an IOMMU's flush queue runs out: 10 ms after it was started.",
                        place("IOMMU", Kind.NAME, "Which IOMMU."))
                        .does(DmaDeeds::timeout)
                        .example(Examples.plainDevice("app.main: dma_unmap io", "kernel: fq_flush_timeout amd0")),
                verb("oom_reap", "Takes the memory of a process that was killed.", PROCESS).does(PageDeeds::oomReap)
                        .example(Examples.thread("app.main: touch buf write", "kernel: oom_reap app", "expect buf.resident == 0")));
    }

    private static Verb verb(String name, String help, Parameter... parameters) {
        return Verb.of(SUBJECT, name, help, parameters);
    }
}
