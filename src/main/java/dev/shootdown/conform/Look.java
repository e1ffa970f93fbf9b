package dev.shootdown.conform;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.mm.Folios;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.Vma;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at an address space of the arena as the recording program looked at its own: through /proc/PID/smaps and pagemap. */
final class Look {
    /** The words of VmFlags: fs/proc/task_mmu.c, show_smap_vma_flags. */
    private static final Map<Long, String> FLAGS = flags();

    /** All of the recording program runs there. */
    private static final int CPU = 0;

    private final Arena arena;
    private final Kernel kernel;
    private final Frames frames;
    private final Map<Integer, Integer> shared = new HashMap<>();
    private final long tablesBefore;
    private int created;

    Look(Arena arena) {
        this.arena = arena;
        this.kernel = arena.kernel();
        this.frames = arena.frames();
        this.tablesBefore = tables(arena.mm());
    }

    private static Map<Long, String> flags() {
        Map<Long, String> flags = new HashMap<>();
        flags.put(Vma.READ, "rd");
        flags.put(Vma.WRITE, "wr");
        flags.put(Vma.EXEC, "ex");
        flags.put(Vma.SHARED, "sh");
        flags.put(Vma.MAYREAD, "mr");
        flags.put(Vma.MAYWRITE, "mw");
        flags.put(Vma.MAYEXEC, "me");
        flags.put(Vma.MAYSHARE, "ms");
        flags.put(Vma.GROWSDOWN, "gd");
        flags.put(Vma.LOCKED, "lo");
        flags.put(Vma.SEQUENTIAL, "sr");
        flags.put(Vma.RANDOM, "rr");
        flags.put(Vma.DONTCOPY, "dc");
        flags.put(Vma.LOCKONFAULT, "lf");
        flags.put(Vma.ACCOUNT, "ac");
        flags.put(Vma.NORESERVE, "nr");
        flags.put(Vma.WIPEONFORK, "wf");
        flags.put(Vma.DONTDUMP, "dd");
        flags.put(Vma.HUGEPAGE, "hg");
        flags.put(Vma.NOHUGEPAGE, "nh");
        flags.put(Vma.DROPPABLE, "dp");
        flags.put(Vma.MAYBE_GUARD, "gu");
        flags.put(Vma.SEALED, "sl");
        return Map.copyOf(flags);
    }

    /** A mapping of new shared anonymous memory was made: the next one in the recording's count. */
    void created(int mm, long address) {
        shared.put(kernel.vmas().at(mm, address).file(), created++);
    }

    /**
     * What is to be seen of an address space.
     *
     * @param reads whether the pages' contents are read, through /proc/PID/mem, which the kernel takes for a use of them
     */
    Snapshot of(int mm, boolean reads) {
        for (Vma vma : kernel.vmas().all(mm)) {
            for (long at = vma.start(); reads && at < vma.end() && vma.end() <= arena.header().top(); at += Arena.PAGE) {
                read(kernel.pte(mm, at));
            }
        }
        return of(mm);
    }

    private void read(long entry) {
        if (Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0 && !kernel.thp().isZero(entry)) {
            kernel.lru().accessed(CPU, Entry.frame(entry));
        }
    }

    private Snapshot of(int mm) {
        List<Snapshot.Mapping> mappings = new ArrayList<>();
        SortedMap<Long, Snapshot.Page> pages = new TreeMap<>();
        Map<Long, TreeSet<Long>> places = new HashMap<>();
        for (Vma vma : kernel.vmas().all(mm)) {
            if (vma.end() <= arena.header().top()) {
                mappings.add(mapping(mm, vma, pages, places));
            }
        }
        List<List<Long>> aliases = places.values().stream().filter(group -> group.size() > 1).map(group -> List.copyOf(group)).toList();
        return new Snapshot(mappings, pages, tables(mm) - tablesBefore, Snapshot.aliases(aliases));
    }

    private Snapshot.Mapping mapping(int mm, Vma vma, SortedMap<Long, Snapshot.Page> pages, Map<Long, TreeSet<Long>> places) {
        Counts counts = new Counts();
        for (long at = vma.start(); at < vma.end(); at += Arena.PAGE) {
            long entry = kernel.pte(mm, at);
            if (entry == 0) {
                continue;
            }
            boolean mapped = Entry.mapped(entry);
            boolean special = (entry & Entry.SPECIAL) != 0 || kernel.thp().isZero(entry);
            long frame = mapped ? Entry.frame(entry) : 0;
            pages.put(arena.page(at), new Snapshot.Page(letters(entry, frame), mapped ? frames.word(frame, 0) : 0));
            if (mapped && !special) {
                places.computeIfAbsent(frame, f -> new TreeSet<>()).add(arena.page(at));
                counts.add(entry, frame, vma.has(Vma.LOCKED));
            }
        }
        return new Snapshot.Mapping(arena.page(vma.start()), arena.page(vma.end()), perms(vma), vma.file() == 0 ? 0 : vma.pgoff(), object(vma),
                words(vma), counts.pages());
    }

    /** What smaps counts of one mapping. */
    private final class Counts {
        private long resident;
        private long anonymous;
        private long dirty;
        private long huge;
        private long lockedShare;

        void add(long entry, long frame, boolean locked) {
            resident++;
            anonymous += frames.use(frame) == Use.ANONYMOUS ? 1 : 0;
            dirty += Entry.dirty(entry) || kernel.folios().has(frame, Folios.DIRTY) ? 1 : 0;
            huge += Entry.huge(entry) ? 1 : 0;
            lockedShare += locked ? (Arena.PAGE << Arena.PAGE_SHIFT) / frames.mappings(frame) : 0;
        }

        List<Long> pages() {
            long locked = (lockedShare >>> Arena.PAGE_SHIFT + 10) / (Arena.PAGE >>> 10);
            return List.of(resident, anonymous, dirty, locked, huge);
        }
    }

    private String letters(long entry, long frame) {
        if (!Entry.mapped(entry)) {
            return Kernel.guard(entry) ? "g" : "s";
        }
        if (frame == kernel.zeroFrame()) {
            return Snapshot.letters("pz");
        }
        if (kernel.thp().isZero(entry)) {
            return Snapshot.letters("pfzh");
        }
        boolean file = frames.use(frame) != Use.ANONYMOUS;
        return Snapshot.letters("p" + (file ? "f" : "") + (exclusive(entry, frame) ? "x" : "") + (Entry.huge(entry) ? "h" : ""));
    }

    /** PM_MMAP_EXCLUSIVE: for all pages of an entry that maps a huge page the kernel looks at the first: fs/proc/task_mmu.c, 6.15 and later. */
    private boolean exclusive(long entry, long frame) {
        return frames.mappings(Entry.huge(entry) ? frames.head(frame) : frame) == 1;
    }

    private static String perms(Vma vma) {
        return (vma.has(Vma.READ) ? "r" : "-") + (vma.has(Vma.WRITE) ? "w" : "-") + (vma.has(Vma.EXEC) ? "x" : "-") + (vma.has(Vma.MAYSHARE) ? "s" : "p");
    }

    private String object(Vma vma) {
        return vma.file() == 0 ? "a" : vma.file() == arena.file() ? "m" : "s" + shared.get(vma.file());
    }

    private static String words(Vma vma) {
        List<String> words = new ArrayList<>();
        FLAGS.forEach((flag, word) -> {
            if (vma.has(flag)) {
                words.add(word);
            }
        });
        return Snapshot.sorted(String.join(" ", words));
    }

    /** The number at a place that is mapped. */
    long word(int mm, long address) {
        return frames.word(Entry.frame(kernel.pte(mm, address)), 0);
    }

    /** A read of the start of a page of the file uses it: mm/shmem.c, shmem_file_read_iter. */
    void used(long index) {
        long frame = kernel.files().frame(arena.file(), index);
        if (frame != 0) {
            kernel.lru().accessed(CPU, frame);
        }
    }

    /** The number at the start of a page of the file. */
    long fileWord(long index) {
        long frame = kernel.files().frame(arena.file(), index);
        return frame == 0 ? 0 : frames.word(frame, 0);
    }

    private long tables(int mm) {
        return tables(kernel.root(mm), kernel.levels());
    }

    /** Page-table pages below one, with those that are kept for huge pages. */
    private long tables(long table, int level) {
        long count = 0;
        for (int i = 0; level > 1 && i < Frames.WORDS; i++) {
            long entry = frames.word(table, i);
            if (Entry.huge(entry)) {
                count++;
            } else if (Entry.present(entry)) {
                count += 1 + tables(Entry.frame(entry), level - 1);
            }
        }
        return count;
    }
}
