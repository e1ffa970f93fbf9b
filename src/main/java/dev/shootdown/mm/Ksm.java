package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import java.util.List;

/**
 * The kernel's samepage merging: looks through what was said to be mergeable, page after page, and makes equal pages one
 * that may only be read.
 *
 * @param spaces address spaces that are looked through, in this order
 */
@Cites("mm/ksm.c: ksm_do_scan, 3.16-6.18")
public record Ksm(List<Integer> spaces) implements KernelStep {
    public Ksm {
        spaces = List.copyOf(spaces);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new Scan(spaces, 0, 0));
    }

    /** A page of a mergeable mapping. */
    record Page(int mm, long address, long frame) {}

    /** The next page is compared with those that are merged already, then with those before it. */
    @Cites("mm/ksm.c: scan_get_next_rmap_item, cmp_and_merge_page, stable_tree_search, unstable_tree_search_insert, 3.16-6.18")
    record Scan(List<Integer> spaces, int which, long from) implements KernelStep {
        private static final long END = 1L << 56;

        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.takeResult();
            int space = which;
            Page page = null;
            while (space < spaces.size() && page == null) {
                page = next(kernel, spaces.get(space), space == which ? from : 0);
                space++;
            }
            if (page == null) {
                turn.then(new Result(0, null));
                return;
            }
            turn.then(new Scan(spaces, space - 1, page.address + Frames.PAGE_SIZE));
            if (!kernel.folios().has(page.frame, Folios.KSM)) {
                merge(kernel, turn, page);
            }
        }

        private void merge(Kernel kernel, Turn turn, Page page) {
            Page merged = find(kernel, page, true);
            Page other = merged == null ? find(kernel, page, false) : null;
            if (merged != null) {
                KsmMerge.replace(kernel, turn, page, merged.frame);
            } else if (other != null) {
                KsmMerge.replace(kernel, turn, other, page.frame);
                KsmMerge.stable(turn, page);
            }
        }

        /** A page of the same contents in another frame: a merged one anywhere, or one that comes before. */
        private Page find(Kernel kernel, Page page, boolean merged) {
            for (int mm : spaces) {
                Page at = next(kernel, mm, 0);
                while (at != null && (merged || !at.equals(page))) {
                    if (kernel.folios().has(at.frame, Folios.KSM) == merged && at.frame != page.frame
                            && kernel.frames().same(at.frame, page.frame)) {
                        return at;
                    }
                    at = next(kernel, mm, at.address + Frames.PAGE_SIZE);
                }
                if (!merged && mm == page.mm) {
                    return null;
                }
            }
            return null;
        }

        private static Page next(Kernel kernel, int mm, long from) {
            long at = kernel.alive(mm) ? PageTables.nextMapped(kernel, mm, from, END) : END;
            while (at != END) {
                long entry = kernel.pte(mm, at);
                Vma vma = kernel.vmas().at(mm, at);
                boolean small = Entry.mapped(entry) && !Entry.huge(entry) && (entry & Entry.SPECIAL) == 0;
                if (small && vma != null && vma.has(Vma.MERGEABLE) && kernel.frames().use(Entry.frame(entry)) == Use.ANONYMOUS
                        && !kernel.frames().compound(Entry.frame(entry))) {
                    return new Page(mm, at, Entry.frame(entry));
                }
                at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, END);
            }
            return null;
        }
    }
}
