package dev.shootdown.conform;

import dev.shootdown.memory.Entry;
import dev.shootdown.mm.Khugepaged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The kernel's thread that makes huge pages of small ones: it looks at a process when it pleases. Where a recording shows a huge
 * page that the model has not, it has been there; the model's looks at that place too, and makes a huge page if its rules let it.
 */
record HugePageScan(Arena arena, Look look) {
    private static final long PAGES = 512;
    private static final int HUGE = 4;

    /** What is to be seen of an address space when the thread was wherever the recording's snapshot shows that it was. */
    Snapshot look(Snapshot expected, int mm) {
        boolean reads = expected.pages() != null;
        List<Long> places = arena.header().hugePages() && reads ? places(expected, mm) : List.of();
        places.stream().filter(page -> counted(expected, page)).forEach(page -> scan(mm, page));
        List<Long> late = places.stream().filter(page -> !counted(expected, page)).toList();
        if (late.isEmpty()) {
            return look.of(mm, reads);
        }
        Snapshot before = look.of(mm, false);
        late.forEach(page -> scan(mm, page));
        Snapshot behind = look.of(mm, reads);
        return new Snapshot(before.mappings(), behind.pages(), behind.tables(), behind.aliases());
    }

    private List<Long> places(Snapshot expected, int mm) {
        List<Long> places = new ArrayList<>();
        for (Map.Entry<Long, Snapshot.Page> page : expected.pages().entrySet()) {
            boolean first = arena.address(page.getKey()) % (PAGES * Arena.PAGE) == 0;
            if (first && page.getValue().huge() && !Entry.huge(arena.kernel().pte(mm, arena.address(page.getKey())))) {
                places.add(page.getKey());
            }
        }
        return places;
    }

    /** Whether the recording counts a huge page in its mapping too: the mappings were looked at before the pages. */
    private static boolean counted(Snapshot expected, long page) {
        for (Snapshot.Mapping mapping : expected.mappings() == null ? List.<Snapshot.Mapping>of() : expected.mappings()) {
            if (mapping.start() <= page && page < mapping.end()) {
                return mapping.counts().get(HUGE) >= expected.pages().subMap(mapping.start(), mapping.end()).values().stream()
                        .filter(Snapshot.Page::huge).count();
            }
        }
        return true;
    }

    /** What waits in batches is moved first: khugepaged_do_scan(). */
    private void scan(int mm, long page) {
        arena.kernel().lru().drain(0);
        arena.run(mm, List.of(new Khugepaged(mm, arena.address(page), arena.address(page + PAGES))));
        arena.watch().forget();
    }
}
