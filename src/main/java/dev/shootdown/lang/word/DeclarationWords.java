package dev.shootdown.lang.word;

import static dev.shootdown.vocabulary.Parameter.flag;
import static dev.shootdown.vocabulary.Parameter.option;
import static dev.shootdown.vocabulary.Parameter.place;

import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import dev.shootdown.vocabulary.Word;
import java.util.List;

/** What there may be, with its options and what holds where they are not written. */
final class DeclarationWords {
    private DeclarationWords() {}

    static List<Word> all() {
        return List.of(machine(), iommu(), device(), process(), file(), driver(), bind(), unbind(), scenario());
    }

    private static Word word(String name, String help, Parameter... parameters) {
        return Word.of(Word.Sort.DECLARATION, name, help).takes(parameters);
    }

    private static Word machine() {
        return word("machine", "The machine that all else belongs to: at most one, before the rest.",
                option("kernel", Kind.STRING, "6.18", "Which version's memory management.").of("3.16", "3.19", "4.15", "6.1", "6.6", "6.18"),
                option("cpus", Kind.NUMBER, "2", "How many CPUs, up to 64."),
                option("memory", Kind.SIZE, "4G", "How much memory."),
                option("levels", Kind.NUMBER, "4", "Levels of page tables: 4 or 5."),
                option("thp", Kind.WORD, "never", "Transparent huge pages.").of("always", "madvise", "never"),
                option("swap", Kind.SIZE, "0", "How much swap."),
                option("nodes", Kind.NUMBER, "1", "NUMA nodes, the CPUs dealt out to them in turn."),
                option("hugepages", Kind.NUMBER, "0", "How many 2M pages the hugetlb pool has."),
                option("lru", Kind.WORD, "classic", "How pages to be reclaimed are found.").of("classic", "mglru"),
                option("max_map_count", Kind.NUMBER, "65530", "How many mappings a process may have (vm.max_map_count)."),
                option("overcommit", Kind.WORD, "always", "How much may be promised: any (vm.overcommit_memory=1), or what is not obviously too much (0).")
                        .of("always", "heuristic"),
                option("commit_limit", Kind.SIZE, "", "How much memory may be promised (vm.overcommit_memory=2); by default any."))
                .example("machine { kernel=\"3.16\" cpus=4 memory=1G }\nprocess app\napp.main: mmap 4K rw\n");
    }

    private static Word iommu() {
        return word("iommu", "An IOMMU.",
                option("vendor", Kind.WORD, "amd", "Whose.").of("amd", "intel", "arm", "riscv"),
                option("mode", Kind.WORD, "strict", "Whether dma_unmap waits for its invalidation.").of("strict", "lazy"),
                flag("nested", "Processes' tables are a guest's, walked through a second stage."),
                option("flush_queue", Kind.NUMBER, "256", "With mode=lazy: entries of each CPU's flush queue."),
                flag("single", "With mode=lazy: one flush queue for all CPUs, by default of 32768 entries."),
                flag("no_flush_queue", "With mode=lazy: there is no memory for flush queues, or no IOMMU_CAP_DEFERRED_FLUSH: Linux goes on strictly."),
                option("queue", Kind.NUMBER, "512", "Entries of the command queue."),
                option("requests", Kind.NUMBER, "512", "Entries of the page-request log."),
                option("iotlb", Kind.NUMBER, "64", "Entries of its TLB."),
                option("pri", Kind.WORD, "served", "What an SMMU's driver does with page requests by PRI; Linux's denies them all.").of("served", "denied"),
                option("ril", Kind.WORD, "yes", "Whether an SMMU invalidates ranges (IDR3.RIL), or page by page.").of("yes", "no"))
                .example("iommu amd0 { vendor=amd iotlb=16 }\n");
    }

    private static Word device() {
        return word("device", "A device behind an IOMMU.",
                flag("ats", "It asks for translations and keeps them (ATS)."),
                flag("pri", "It asks for pages that are not there (PRI)."),
                option("atc", Kind.NUMBER, "64", "Entries of its translation cache."),
                option("credits", Kind.NUMBER, "32", "How many page requests may be outstanding."),
                option("itags", Kind.NUMBER, "32", "How many invalidations may wait for its completion."),
                option("channels", Kind.NAMES, "", "Each does accesses of its own: gpu.a, gpu.b; by default there is one."),
                option("prg", Kind.NUMBER, "1", "For how many pages of an access it asks at once: requests of a page request group."),
                option("prefetch", Kind.NUMBER, "0", "For how many pages behind the one that it needs it asks for translations (ATS)."),
                option("retries", Kind.NUMBER, "3", "How many refaults one page of one access may make before the device gives up."),
                flag("unlimited", "It never gives up: retries=unlimited."),
                flag("stall", "Not on PCIe: its faulting accesses wait in the SMMU until a CMD_RESUME (dma-can-stall)."),
                flag("untrusted", "Anybody may plug it in, so that it is never served lazily."),
                flag("silent", "It never completes what asks it to invalidate, nor obeys it; a driver of Intel's waits for it for ever."))
                .example("iommu amd0\ndevice gpu behind amd0 { ats pri atc=64 retries=3 }\n");
    }

    private static Word process() {
        return word("process", "A process.",
                option("threads", Kind.NAMES, "[main]", "Its threads, on CPUs 0, 1, ... in that order."),
                option("heap", Kind.ADDRESS, "", "Where brk starts."),
                option("rlimit_as", Kind.SIZE, "", "How much it may map (RLIMIT_AS); by default any."),
                option("rlimit_data", Kind.SIZE, "", "How much it may have that it alone writes to (RLIMIT_DATA); by default any."),
                option("rlimit_memlock", Kind.SIZE, "", "How much it may lock (RLIMIT_MEMLOCK); by default any."))
                .example("process app { threads=[main, worker] }\napp.worker: mmap 4K rw\n");
    }

    private static Word file() {
        return word("file", "A file, all of whose pages are in the page cache, clean.",
                place("SIZE", Kind.SIZE, "How long it is."),
                option("content", Kind.STRING, "", "What is in it, from the beginning; zeroes follow."),
                option("fs", Kind.WORD, "ext4", "On which file system.").of("ext4", "tmpfs"),
                flag("noexec", "The file system is mounted noexec: nobody may execute it."),
                option("seal", Kind.WORD, "", "It is sealed (F_SEAL_WRITE from 3.17 on, F_SEAL_FUTURE_WRITE from 5.1 on).").of("write", "future_write"))
                .example("file data 64K content=\"on disk\"\nprocess app\nlet map = app.main: mmap 64K r shared file=data\napp.main: read map[0 +7]\n");
    }

    private static Word driver() {
        return word("driver", "A driver's mmu_notifier callbacks.")
                .example("driver careful {\n  on range(r) { flush iotlb r; flush atc r; sync }\n  on release  { detach; drain }\n}\n");
    }

    private static Word bind() {
        return word("bind", "Gives a device the page table of a process, and subscribes its driver.",
                option("pasid", Kind.NUMBER, "", "Under which PASID; by default the next free one."),
                option("driver", Kind.NAME, "", "With which driver: a built-in one, which help shows, or one declared; by default the kernel version's own."))
                .example("iommu amd0\ndevice gpu behind amd0 { ats pri }\nprocess app\nbind gpu to app pasid=1\n");
    }

    private static Word unbind() {
        return word("unbind", "Undoes a bind.")
                .example("iommu amd0\ndevice gpu behind amd0 { ats pri }\nprocess app\nbind gpu to app\nunbind gpu from app\n");
    }

    private static Word scenario() {
        return word("scenario", "A setup, one race, and what is claimed of it.")
                .example("""
                        process app
                        scenario twice {
                          let buf = app.main: mmap 4K rw
                          race { app.main: touch buf write }
                          expect buf.resident == 1
                        }
                        run twice
                        """);
    }
}
