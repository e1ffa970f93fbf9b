package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.notifier.ChangePte;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets a breakpoint on an instruction of a file, or takes it away, wherever the file is mapped private and may be executed.
 * The page is replaced by a copy with the breakpoint in it; from 6.15 on it is copied as by a write, and changed in place.
 * The result is 0.
 *
 * @param address of the instruction in one of the mappings; older kernels hand it on as it is, not as its page's
 */
@Cites("kernel/events/uprobes.c: register_for_each_vma, install_breakpoint, remove_breakpoint, 3.16-6.18")
public record Uprobe(int mm, long address, boolean off) implements KernelStep {
    /** UPROBE_SWBP_INSN: int3. */
    private static final int BREAKPOINT = 0xcc;

    @Override
    public void run(Kernel kernel, Turn turn) {
        Vma vma = kernel.alive(mm) ? kernel.vmas().at(mm, address) : null;
        if (vma == null || !probed(vma)) {
            turn.fail(Errno.EINVAL, "no file is mapped there, private and executable");
            return;
        }
        List<Step> steps = new ArrayList<>();
        long index = vma.index(address);
        for (Vma other : kernel.rmap().mapping(kernel.files().frame(vma.file(), index))) {
            if (probed(other)) {
                long at = Rmap.address(other, index) | address & Frames.PAGE_SIZE - 1;
                steps.add(new MmapLock.Write(other.mm()));
                steps.add(new WriteOpcode(other.mm(), at, off, 0));
                steps.add(new MmapLock.WriteUnlock(other.mm()));
            }
        }
        steps.add(new Result(0, null));
        turn.then(steps);
    }

    /** valid_vma(). */
    private static boolean probed(Vma vma) {
        return vma.file() != 0 && (vma.flags() & (Vma.HUGETLB | Vma.MAYEXEC | Vma.MAYSHARE)) == Vma.MAYEXEC;
    }

    /** Finds the page, faulting it in if it must; where there is no breakpoint, none is taken away. */
    @Cites("kernel/events/uprobes.c: uprobe_write_opcode, 3.16-6.14; uprobe_write, 6.15-6.18")
    record WriteOpcode(int mm, long address, boolean off, int tries) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean failed = tries > 0 && Outcome.failed(turn.takeResult());
            Vma vma = failed ? null : kernel.vmas().at(mm, address);
            long entry = kernel.pte(mm, address);
            if (vma == null || tries > 2) {
                turn.takeRemark();
                return;
            }
            WriteOpcode again = new WriteOpcode(mm, address, off, tries + 1);
            boolean anonymous = Entry.mapped(entry) && Rss.anonymous(kernel.frames().use(Entry.frame(entry)));
            if (!Entry.mapped(entry)) {
                turn.takeResult();
                turn.then(new HandleMmFault.Walk(vma, address, Translation.READ), again);
            } else if (off && !anonymous) {
                turn.takeResult();
            } else if (!kernel.version().uprobeWritesInPlace()) {
                replace(kernel, turn, vma, Entry.frame(entry));
            } else if (!anonymous) {
                turn.takeResult();
                turn.then(new HandleMmFault.Walk(vma, address, Translation.WRITE), again);
            } else {
                inPlace(kernel, turn, vma, entry);
            }
        }

        /** The byte that the page is to hold at the instruction. */
        private int opcode(Kernel kernel, Vma vma) {
            long original = kernel.files().frame(vma.file(), vma.index(address));
            return off && original != 0 ? kernel.frames().byteAt(original, offset()) : BREAKPOINT;
        }

        private int offset() {
            return (int) (address & Frames.PAGE_SIZE - 1);
        }

        private void replace(Kernel kernel, Turn turn, Vma vma, long old) {
            Vma prepared = AnonymousFault.prepare(kernel, vma);
            long frame = AnonymousFault.allocate(kernel, turn, mm);
            if (frame == 0) {
                return;
            }
            turn.perform(new GetPage(old));
            kernel.frames().copy(old, frame);
            kernel.frames().byteAt(frame, offset(), opcode(kernel, vma));
            long original = kernel.files().frame(vma.file(), vma.index(address));
            boolean same = off && kernel.version().uprobeRestoresFilePage() && original != 0 && kernel.frames().same(original, frame);
            replacePage(kernel, turn, prepared, old, same ? 0 : frame);
            turn.then(new MigratePages.Put(mm, same ? frame : 0));
        }

        private void replacePage(Kernel kernel, Turn turn, Vma vma, long old, long frame) {
            turn.then(
                    new NotifyStart(mm, address, address + Frames.PAGE_SIZE, Reason.CLEAR, true),
                    new PageTableLock.Lock(kernel.pteTable(mm, address)),
                    new ClearPte(vma, address, old, frame),
                    new NotifyEnd(mm, address, address + Frames.PAGE_SIZE, Reason.CLEAR, true, false),
                    new MigratePages.Put(mm, old));
        }

        /** The page is this mapping's own by now: its entry goes for a moment, and the byte changes. */
        private void inPlace(Kernel kernel, Turn turn, Vma vma, long entry) {
            long page = address & -Frames.PAGE_SIZE;
            long original = kernel.files().frame(vma.file(), vma.index(page));
            long frame = Entry.frame(entry);
            kernel.frames().byteAt(frame, offset(), opcode(kernel, vma));
            boolean same = off && original != 0 && kernel.frames().same(original, frame);
            turn.takeResult();
            if (off) {
                turn.then(new NotifyEnd(mm, page, page + Frames.PAGE_SIZE, Reason.CLEAR, true, false));
            }
            turn.then(new PageTableLock.Lock(kernel.pteTable(mm, page)), new ClearInPlace(vma, page, frame, same));
            if (off) {
                turn.then(new NotifyStart(mm, page, page + Frames.PAGE_SIZE, Reason.CLEAR, true));
            }
        }
    }

    /** Clears the entry of the old page and flushes it, under the lock, if it still maps it. */
    @Cites("kernel/events/uprobes.c: __replace_page, ptep_clear_flush(_notify), 3.16-6.14")
    record ClearPte(Vma vma, long address, long old, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            long page = address & -Frames.PAGE_SIZE;
            long table = kernel.pteTable(mm, page);
            long entry = kernel.tables().entry(table, page, 1);
            if (!Entry.mapped(entry) || Entry.frame(entry) != old) {
                turn.perform(new PageTableLock.Unlock(table));
                turn.then(new MigratePages.Put(mm, frame));
                return;
            }
            turn.then(new Set(vma, page, table, old, frame));
            if (frame != 0 && kernel.version().hasChangePte()) {
                turn.then(new ChangePte(mm, address));
            }
            if (kernel.version().callersInvalidate()) {
                turn.then(new InvalidateRange(mm, page, page + Frames.PAGE_SIZE));
            }
            turn.then(new CpuFlush.FlushTlbMmRange(mm, address, address + Frames.PAGE_SIZE, false));
            kernel.tables().entry(table, page, 1, 0);
            PageTables.changed(kernel, turn, mm, "clear", address, Frames.PAGE_SIZE, "ptep_clear_flush");
        }
    }

    /** Maps the new page, or none: the next access finds the file's; the old page's mapping goes, and the lock. */
    @Cites("kernel/events/uprobes.c: __replace_page, set_pte_at_notify, 3.16-6.14")
    record Set(Vma vma, long page, long table, long old, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            kernel.frames().mapped(old, -1);
            kernel.count(mm, Rss.of(kernel.frames(), old, kernel.version()), -1);
            kernel.frames().put(old);
            if (frame != 0) {
                AnonymousFault.map(kernel, turn, vma, page, frame);
                kernel.tables().entry(table, page, 1, Entry.of(frame, vma.pageProtection(false) | Entry.ACCESSED));
                PageTables.changed(kernel, turn, mm, "set", page, Frames.PAGE_SIZE, null);
            }
            turn.perform(new PageTableLock.Unlock(table));
        }
    }

    /** The entry is cleared and flushed; then it comes back, or the file's page will be found. */
    @Cites("kernel/events/uprobes.c: __uprobe_write, 6.15-6.18")
    record ClearInPlace(Vma vma, long page, long frame, boolean drop) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            long table = kernel.pteTable(mm, page);
            long entry = kernel.tables().entry(table, page, 1);
            if (drop) {
                kernel.frames().mapped(frame, -1);
                kernel.count(mm, Rss.ANON, -1);
                turn.then(new PageTableLock.Unlock(table), new MigratePages.Put(mm, frame));
            } else {
                turn.then(new Restore(mm, page, table, entry));
            }
            turn.then(new CpuFlush.FlushTlbMmRange(mm, page, page + Frames.PAGE_SIZE, false));
            kernel.tables().entry(table, page, 1, 0);
            PageTables.changed(kernel, turn, mm, "clear", page, Frames.PAGE_SIZE, "ptep_clear_flush");
        }
    }

    /** The entry is as it was. */
    @Cites("kernel/events/uprobes.c: __uprobe_write, set_pte_at, 6.15-6.18")
    record Restore(int mm, long page, long table, long entry) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.tables().entry(table, page, 1, entry);
            PageTables.changed(kernel, turn, mm, "set", page, Frames.PAGE_SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
        }
    }
}
