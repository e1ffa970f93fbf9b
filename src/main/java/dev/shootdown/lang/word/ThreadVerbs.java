package dev.shootdown.lang.word;

import static dev.shootdown.vocabulary.Parameter.flag;
import static dev.shootdown.vocabulary.Parameter.option;
import static dev.shootdown.vocabulary.Parameter.place;

import dev.shootdown.machine.Call;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import java.util.ArrayList;
import java.util.List;

/** What a thread may be asked to do: its system calls, and its accesses to memory. */
final class ThreadVerbs {
    static final String SUBJECT = "thread";

    private static final Parameter RANGE = place("R", Kind.RANGE, "Which addresses.");
    private static final Parameter PROT =
            place("PROT", Kind.WORD, "What it may be used for.").of("none", "r", "rw", "rx", "rwx");
    private static final Parameter ADVICE = place("ADVICE", Kind.WORD, "What the kernel is told.").of(
            "dontneed", "dontneed_locked", "free", "cold", "pageout", "willneed", "remove", "hugepage", "nohugepage", "collapse",
            "dontfork", "dofork", "wipeonfork", "keeponfork", "populate_read", "populate_write", "mergeable", "unmergeable",
            "guard_install", "guard_remove", "normal", "random", "sequential", "dontdump", "dodump");

    private static final Parameter IOMMU =
            option("iommu", Kind.NAME, "", "Behind which IOMMU; by default that of the mapping that the range is of, or the first.");

    private ThreadVerbs() {}

    static List<Verb> all() {
        List<Verb> verbs = new ArrayList<>(mapping());
        verbs.addAll(access());
        verbs.addAll(devices());
        verbs.addAll(places());
        verbs.addAll(processes());
        return verbs;
    }

    private static Verb verb(String name, String help, Parameter... parameters) {
        return Verb.of(SUBJECT, name, help, parameters);
    }

    private static List<Verb> devices() {
        return List.of(
                verb("dma_map", "Has pages pinned and mapped for a device that takes no faults; gives its addresses back.", RANGE,
                        option("device", Kind.NAME, "", "For which device.").required(),
                        flag("to_device", "The device may only read (DMA_TO_DEVICE)."))
                        .does(DmaDeeds::map).returns(Call.Result.ADDRESS)
                        .example(Examples.plainDevice("gpu: dma write io value=7")),
                verb("dma_unmap", "Takes a mapping of dma_map away, and lets its pages go.", RANGE, IOMMU)
                        .does(DmaDeeds::unmap)
                        .example(Examples.plainDevice("app.main: dma_unmap io")));
    }

    private static List<Verb> mapping() {
        return List.of(
                verb("mmap", "Maps memory, or a file.",
                        place("ADDR", Kind.ADDRESS, "A hint; with fixed or noreplace, the place.").optional(),
                        place("SIZE", Kind.SIZE, "How many bytes."), PROT,
                        flag("anon", "Anonymous memory: what holds without file=."),
                        flag("shared", "Writes are seen by whoever maps the same."),
                        flag("fixed", "At ADDR, over whatever is there."),
                        flag("noreplace", "At ADDR, or not at all."),
                        flag("populate", "Pages are brought in at once."),
                        option("file", Kind.NAME, "", "Which file."),
                        option("offset", Kind.SIZE, "0", "Where in the file."),
                        flag("huge", "From the hugetlb pool."),
                        flag("locked", "Its pages are brought in and stay (MAP_LOCKED)."),
                        flag("noreserve", "It is not counted as promised (MAP_NORESERVE)."),
                        flag("growsdown", "It grows down when what lies below is used (MAP_GROWSDOWN)."),
                        flag("readonly", "The file was opened for reading only."))
                        .does(Deeds::mmap).returns(Call.Result.ADDRESS)
                        .example(Examples.thread("let two = app.main: mmap 8K rw", "print two.start")),
                verb("munmap", "Takes mappings away.", RANGE).alias("unmap").does(Deeds::munmap)
                        .example(Examples.thread("app.main: munmap buf[0 +4K]")),
                verb("mprotect", "Changes what mappings may be used for.", RANGE, PROT).does(Deeds::mprotect)
                        .example(Examples.thread("app.main: mprotect buf r", "expect SIGSEGV ACCERR app.main: write buf 1")),
                verb("mremap", "Grows, shrinks or moves a mapping.", RANGE, place("SIZE", Kind.SIZE, "How large it is to be."),
                        flag("maymove", "It may go elsewhere."),
                        option("fixed", Kind.ADDRESS, "", "Where it is to go."),
                        flag("dontunmap", "The old range stays mapped, and empty."))
                        .does(Deeds::mremap).returns(Call.Result.ADDRESS)
                        .example(Examples.thread("app.main: write buf 7", "let far = app.main: mremap buf 16K maymove fixed=0x5000_0000",
                                "app.main: read far[0 +1]")),
                verb("madvise", "Tells the kernel what becomes of a range.", RANGE, ADVICE).does(Deeds::madvise)
                        .example(Examples.thread("app.main: touch buf write", "app.main: madvise buf dontneed", "expect buf.resident == 0")),
                verb("brk", "Sets the size of the heap.", place("SIZE", Kind.SIZE, "How large it is to be."))
                        .does(Deeds::brk).returns(Call.Result.ADDRESS)
                        .example("process app { heap=0x5000_0000 }\napp.main: brk 64K\napp.main: touch 0x5000_0000 +64K write\n"),
                verb("mlock", "Keeps pages in memory.", RANGE, flag("onfault", "Only from when they are used."))
                        .does(MemoryDeeds::mlock)
                        .example(Examples.thread("app.main: mlock buf", "expect EINVAL app.main: madvise buf dontneed")),
                verb("munlock", "Lets pages go again.", RANGE).does(MemoryDeeds::munlock)
                        .example(Examples.thread("app.main: mlock buf", "app.main: munlock buf", "app.main: madvise buf dontneed")),
                verb("mseal", "Keeps mappings as they are for good.", RANGE).does(MemoryDeeds::mseal)
                        .example(Examples.thread("app.main: mseal buf", "expect EPERM app.main: munmap buf")),
                verb("msync", "Writes dirty pages of a file back.", RANGE).does(MemoryDeeds::msync)
                        .example(Examples.file("app.main: write buf 1", "app.main: msync buf")));
    }

    private static List<Verb> access() {
        return List.of(
                verb("touch", "Accesses each page once, without changing it.", RANGE, flag("read", "By a read: what holds without a word."),
                        flag("write", "By a write."), flag("exec", "By fetching an instruction."))
                        .does(Deeds::touch)
                        .example(Examples.thread("app.main: touch buf write", "expect buf.resident == 4")),
                verb("read", "Reads bytes.", RANGE).does(Deeds::read).returns(Call.Result.TEXT)
                        .example(Examples.thread("app.main: write buf \"payload\"", "app.main: read buf[0 +7]")),
                verb("write", "Writes bytes: a string from the start on, or one byte all over.", RANGE,
                        place("VALUE", Kind.VALUE, "A string, or a number that fills the range with that byte."))
                        .does(Deeds::write)
                        .example(Examples.thread("app.main: write buf 0xab")),
                verb("poke", "Writes through /proc/PID/mem, whatever the permission.", RANGE,
                        place("VALUE", Kind.VALUE, "A string, or a number that fills the range with that byte."))
                        .does(MemoryDeeds::poke).returns(Call.Result.NUMBER)
                        .example(Examples.thread("app.main: mprotect buf r", "app.main: poke buf[0 +7] \"payload\"", "app.main: read buf[0 +7]")),
                verb("nop", "Does nothing.").does((arguments, scene) -> List.of())
                        .example(Examples.thread("app.main: nop")));
    }

    private static List<Verb> places() {
        Parameter node = option("node", Kind.NUMBER, "", "Which NUMA node.").required();
        return List.of(
                verb("move_pages", "Moves pages to a NUMA node.", RANGE, node, flag("all", "Those too that others map."))
                        .does(KernelDeeds::movePages)
                        .example(Examples.nodes("app.main: touch buf write", "app.main: move_pages buf node=1")),
                verb("mbind", "Says from which NUMA node a range's pages come.", RANGE, node).does(KernelDeeds::mbind)
                        .example(Examples.nodes("app.main: touch buf write", "app.main: mbind buf node=1")),
                verb("uffd", "Acts on a range through userfaultfd.",
                        place("ACTION", Kind.WORD, "What to do.").of("register", "unregister", "wp", "unwp", "copy", "zeropage"), RANGE,
                        flag("missing", "Registered for missing pages."), flag("wp", "Registered for write-protection."),
                        option("from", Kind.RANGE, "", "Where copy reads."))
                        .does(UffdDeeds::uffd)
                        .example(Examples.thread("app.main: uffd register buf missing", "app.main: uffd zeropage buf", "app.main: read buf")),
                verb("pwrite", "Writes into a file.", place("FILE", Kind.NAME, "Which file."),
                        place("OFFSET", Kind.SIZE, "Where in it."), place("VALUE", Kind.VALUE, "A string, or a byte."))
                        .does(FileDeeds::pwrite).returns(dev.shootdown.machine.Call.Result.NUMBER)
                        .example(Examples.file("app.main: pwrite f 4K \"payload\"", "app.main: read buf[4K +7]")),
                verb("fsync", "Writes a file's dirty pages back.", place("FILE", Kind.NAME, "Which file.")).does(FileDeeds::fsync)
                        .example(Examples.file("app.main: touch buf write", "app.main: fsync f")));
    }

    private static List<Verb> processes() {
        Parameter name = place("NAME", Kind.NAME, "What it is to be called.");
        return List.of(
                verb("fork", "Makes a child process, whose one thread is NAME.main.", name).does(ProcessDeeds::fork)
                        .example(Examples.thread("app.main: write buf 1", "app.main: fork child", "child.main: write buf 2", "child.main: exit")),
                verb("vfork", "Makes a child that borrows the address space until it execs or exits.", name).does(ProcessDeeds::vfork)
                        .example(Examples.thread("app.main: vfork child &", "child.main: write buf 2", "child.main: exit", "wait app.main")),
                verb("exec", "Starts a new program.").does(ProcessDeeds::exec)
                        .example(Examples.thread("app.main: exec", "expect SIGSEGV MAPERR app.main: read buf")),
                verb("kill", "Kills a process.", place("PROCESS", Kind.NAME, "Which one.")).does(ProcessDeeds::kill)
                        .example(Examples.thread("app.main: fork child", "app.main: kill child", "expect child.exited")),
                verb("exit", "Ends the process.", flag("thread", "Ends only this thread.")).does(ProcessDeeds::exit)
                        .example(Examples.thread("app.main: touch buf write", "app.main: exit")));
    }
}
