package dev.shootdown.conform;

import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Madvise;
import dev.shootdown.mm.Mincore;
import dev.shootdown.mm.Mlock;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mprotect;
import dev.shootdown.mm.Mremap;
import dev.shootdown.mm.Mseal;
import dev.shootdown.mm.Msync;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Punch;
import dev.shootdown.mm.Pwrite;
import dev.shootdown.mm.Touch;
import dev.shootdown.mm.Truncate;
import dev.shootdown.mm.Vma;
import dev.shootdown.mm.Write;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;
import java.util.List;

/** Does what a record says was done, in one of the arena's two processes, and tells how it ended. */
final class Operations {
    private static final int WORD = Long.BYTES;
    /** MLOCK_ONFAULT of mlock2's flags. */
    private static final long ONFAULT = 1;

    private final Arena arena;
    private final Look look;

    Operations(Arena arena, Look look) {
        this.arena = arena;
        this.look = look;
    }

    /** Does it. @throws dev.shootdown.vocabulary.Refusal if it is none that is known, or lacks something */
    Result apply(Row row, int mm) {
        arena.watch().forget();
        String op = row.text("op");
        return switch (op) {
            case "r", "w" -> access(row, mm, op.equals("w"));
            case "pread" -> pread(row);
            case "madvise" -> madvise(row, mm);
            case "mmap" -> mmap(row, mm);
            case "mremap" -> placed(mm, call(mm, step(row, op, mm)), row.hexadecimal("new"));
            case "mincore" -> mincore(row, mm);
            default -> call(mm, step(row, op, mm));
        };
    }

    private Step step(Row row, String op, int mm) {
        return switch (op) {
            case "munmap" -> new Munmap(mm, address(row), row.hexadecimal("len"));
            case "mprotect" -> new Mprotect(mm, address(row), row.hexadecimal("len"), row.number("prot"));
            case "mremap" -> new Mremap(mm, address(row), row.hexadecimal("old"), row.hexadecimal("new"), row.number("flags"), row.address("na", base()));
            case "mlock2" -> new Mlock(mm, address(row), row.hexadecimal("len"), Vma.LOCKED | (row.number("flags") == ONFAULT ? Vma.LOCKONFAULT : 0));
            case "munlock" -> new Mlock(mm, address(row), row.hexadecimal("len"), 0);
            case "msync" -> new Msync(mm, address(row), row.hexadecimal("len"), row.number("flags"));
            case "mseal" -> new Mseal(mm, address(row), row.hexadecimal("len"));
            case "ftruncate" -> new Truncate(arena.file(), row.hexadecimal("size"));
            case "punch" -> new Punch(arena.file(), row.hexadecimal("off"), row.hexadecimal("len"));
            case "pwrite" -> new Pwrite(mm, arena.file(), row.number("fp") << Arena.PAGE_SHIFT, Numbers.bytes(row.number("val")));
            default -> throw row.refusal("unknown-operation", "'" + op + "' is no operation of these recordings");
        };
    }

    private long base() {
        return arena.header().base();
    }

    private long address(Row row) {
        return row.address("a", base());
    }

    private Result mmap(Row row, int mm) {
        long flags = row.number("flags");
        String descriptor = row.text("fd");
        int open = switch (descriptor) {
            case "m", "mro" -> arena.file();
            case "-" -> Mmap.NO_FILE;
            default -> throw row.refusal("wrong-field", "'fd' is m, mro or -");
        };
        int file = (flags & Mmap.ANONYMOUS) != 0 ? 0 : open;
        long opened = descriptor.equals("mro") && file != 0 ? Mmap.OPENED_READ_ONLY : 0;
        long length = row.hexadecimal("len");
        Result result = placed(mm, call(mm, new Mmap(mm, address(row), length, row.number("prot"), flags | opened, file, row.hexadecimal("off"))), length);
        if (result.value() != null && file == 0 && (flags & Mmap.SHARED) != 0) {
            look.created(mm, result.value());
        }
        return result;
    }

    /** Where only the arena is looked at, what is placed outside goes at once; where it was is not compared. */
    private Result placed(int mm, Result result, long length) {
        if (arena.header().filled() || result.value() == null || arena.header().holds(result.value())) {
            return result;
        }
        call(mm, new Munmap(mm, result.value(), length));
        return new Result(null, null, null, null, null, null, null, List.of(), result.invalidations());
    }

    private Result madvise(Row row, int mm) {
        Advice advice = Advice.of(row.number("adv"));
        if (advice == null) {
            // madvise_behavior_valid() comes before all else.
            return new Result(null, Errno.EINVAL.name(), null, null, null, null, null, List.of(), List.of());
        }
        return call(mm, new Madvise(mm, address(row), row.hexadecimal("len"), advice));
    }

    private Result mincore(Row row, int mm) {
        Result called = call(mm, new Mincore(mm, address(row), row.hexadecimal("len")));
        String vector = called.errno() == null ? arena.remark(mm) : null;
        return new Result(called.value(), called.errno(), null, null, null, vector, null, List.of(), called.invalidations());
    }

    /** Reading a file changes nothing that is looked at: what lies behind its end is not there, what is not in memory is 0. */
    private Result pread(Row row) {
        long offset = row.number("fp") << Arena.PAGE_SHIFT;
        long inside = Math.clamp(arena.kernel().files().size(arena.file()) - offset, 0, WORD);
        look.used(row.number("fp"));
        Long got = inside == 0 ? null : Long.valueOf(look.fileWord(row.number("fp")));
        return new Result(inside, null, null, null, got, null, null, List.of(), List.of());
    }

    private Result call(int mm, Step step) {
        long outcome = arena.run(mm, List.of(step));
        Errno errno = Outcome.errno(outcome);
        Signal signal = Outcome.signal(outcome);
        String failed = errno != null ? errno.name() : signal != null ? signal.signal() : null;
        return new Result(failed == null ? Long.valueOf(outcome) : null, failed, null, null, null, null, null, List.of(), List.copyOf(arena.watch().ranges()));
    }

    private Result access(Row row, int mm, boolean write) {
        long at = arena.address(row.number("p"));
        Step step = write ? Write.text(mm, at, at + WORD, Numbers.bytes(row.number("val"))) : new Touch(mm, at, at + WORD, Translation.READ);
        long outcome = arena.run(mm, List.of(step));
        List<List<Long>> faults = List.copyOf(arena.watch().faults());
        List<List<Long>> ranges = List.copyOf(arena.watch().ranges());
        Signal signal = Outcome.signal(outcome);
        if (signal != null && row.has("via")) {
            // The kernel accesses it for a system call, which fails with this instead: copy_to_user(), copy_from_user().
            return new Result(null, Errno.EFAULT.name(), null, null, null, null, null, faults, ranges);
        }
        if (signal != null) {
            boolean access = signal == Signal.SEGV_ACCERR || signal == Signal.BUS_ADRERR;
            return new Result(null, null, Arena.signal(outcome), access ? 2L : 1L, null, null, null, faults, ranges);
        }
        Errno errno = Outcome.errno(outcome);
        return new Result(null, errno == null ? null : errno.name(), null, null, write ? null : Long.valueOf(look.word(mm, at)), null,
                (long) faults.size(), faults, ranges);
    }
}
