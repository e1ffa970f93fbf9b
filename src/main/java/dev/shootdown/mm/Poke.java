package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * Bytes are written into an address space through /proc/PID/mem, whatever its permissions: a private page that may not be
 * written to is copied first, as a write would copy it. The result is how many bytes; EIO if none.
 *
 * @param start of all that is written
 * @param text  written once from the start on, one byte for each character; or null
 * @param fill  the byte that the range is filled with where there is no text
 */
@Cites("fs/proc/base.c: mem_rw; mm/memory.c: __access_remote_vm, 3.16-6.18")
public record Poke(int mm, long start, long end, String text, int fill) implements KernelStep {
    /** Fills a range with a byte. */
    public static Poke fill(int mm, long start, long end, int value) {
        return new Poke(mm, start, end, null, value & 0xff);
    }

    /** Writes a text to the start of a range, as much of it as fits. */
    public static Poke text(int mm, long start, long end, String text) {
        return new Poke(mm, start, Math.min(end, start + text.length()), text, 0);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new MmapLock.Read(mm), new Page(this, start, false));
    }

    /** One page: found, or faulted in as for a write, and written to. */
    @Cites("mm/gup.c: check_vma_flags, follow_page_pte, can_follow_write_pte, 3.16-6.18")
    record Page(Poke poke, long at, boolean faulted) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean failed = faulted && Outcome.failed(turn.takeResult());
            Vma vma = at < poke.end ? kernel.vmas().at(poke.mm, at) : null;
            if (vma == null || failed || !vma.has(Vma.WRITE) && !vma.copiesOnWrite()) {
                turn.takeRemark();
                finish(turn);
                return;
            }
            long entry = kernel.pte(poke.mm, at);
            if (Entry.mapped(entry) && (Entry.writable(entry) || own(kernel, vma, entry))) {
                long next = Math.min((at & -Frames.PAGE_SIZE) + Frames.PAGE_SIZE, poke.end);
                store(kernel, Entry.frame(entry), next);
                turn.then(new Page(poke, next, false));
                return;
            }
            turn.takeResult();
            turn.then(new HandleMmFault.Walk(vma, at, Translation.WRITE), new Page(poke, at, true));
        }

        /** Whether a page may be written to although its entry does not say so, since it is this mapping's own. */
        private boolean own(Kernel kernel, Vma vma, long entry) {
            long frame = Entry.frame(entry);
            boolean anonymous = (entry & Entry.SPECIAL) == 0 && Rss.anonymous(kernel.frames().use(frame));
            boolean exclusive = kernel.version().anonExclusive() ? kernel.folios().has(frame, Folios.ANON_EXCLUSIVE) : faulted;
            return anonymous && !vma.has(Vma.WRITE) && exclusive;
        }

        private void store(Kernel kernel, long frame, long next) {
            for (long to = at; to < next; to++) {
                int value = poke.text == null ? poke.fill : poke.text.charAt((int) (to - poke.start)) & 0xff;
                kernel.frames().byteAt(frame, (int) (to & Frames.PAGE_SIZE - 1), value);
            }
            if (!Rss.anonymous(kernel.frames().use(frame))) {
                kernel.folios().mark(frame, Folios.DIRTY);
            }
        }

        private void finish(Turn turn) {
            turn.then(new MmapLock.ReadUnlock(poke.mm));
            turn.result(at == poke.start && poke.end != poke.start ? Outcome.of(Errno.EIO) : at - poke.start);
            if (at == poke.start && poke.end != poke.start) {
                turn.remark("there is nothing there that could be written to");
            }
        }
    }
}
