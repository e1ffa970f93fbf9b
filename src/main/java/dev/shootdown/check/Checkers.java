package dev.shootdown.check;

import dev.shootdown.machine.Machine;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.Collection;
import java.util.EnumSet;

/**
 * The checkers of one machine. They listen, look at cells, and remember what they have to in cells of their own,
 * which go back when time is turned back. What they see in the footprint of a step is the step's own doing.
 */
public final class Checkers implements Listener {
    private static final long FREES = Kind.PAGE_FREE.bit() | Kind.TABLE_FREE.bit();

    private final Engine engine;
    private final Frames frames;
    private final Spaces spaces;
    private final Cells latches;
    private final Freed freed;
    private final Underway underway;
    private final Requests requests;
    private final Cell watched;
    private final Cell kinds;
    private final Cell told;

    /** To be made once the machine is composed, before anything runs; it watches everything, and explains. */
    public Checkers(Engine engine, Frames frames, Spaces spaces) {
        this.engine = engine;
        this.frames = frames;
        this.spaces = spaces;
        this.latches = engine.world().cells("check.latches", Role.STATE, 0);
        this.watched = engine.world().cell("check.watched", Role.REMARK);
        this.kinds = engine.world().cell("check.kinds", Role.REMARK);
        this.told = engine.world().cell("check.told", Role.REMARK);
        this.freed = new Freed(engine.world());
        this.underway = new Underway(engine);
        this.requests = new Requests(engine.world());
        engine.world().install(this);
        engine.trace().add(this);
        watch(EnumSet.allOf(Check.class), true);
    }

    /** Those of a machine. */
    public static Checkers of(Machine machine) {
        return new Checkers(machine.engine(), machine.frames(), new MachineSpaces(machine));
    }

    /**
     * Chooses what to watch; between two steps, before anything happened that matters.
     *
     * @param which which checkers are on; what the others would remember does not tell states apart
     * @param tell  whether to emit violations, with the steps that made them so
     */
    public void watch(Collection<Check> which, boolean tell) {
        long set = 0;
        long needed = tell && !which.isEmpty() ? FREES | Kind.PTE.bit() : 0;
        for (Check check : which) {
            set |= check.bit();
            needed |= check.kinds();
        }
        watched.set(set);
        kinds.set(needed);
        told.set(tell ? 1 : 0);
        engine.trace().count();
    }

    /** Whether it was violated, in this run, up to now. */
    public boolean happened(Check check) {
        return latches.get(check.ordinal()) != 0;
    }

    /** Whether it is looked for. */
    public boolean watches(Check check) {
        return on(check);
    }

    private boolean on(Check check) {
        return (watched.get() & check.bit()) != 0;
    }

    private boolean explained() {
        return told.get() != 0;
    }

    // ---------------------------------------------------------------- events

    @Override
    public long kinds() {
        return kinds.get();
    }

    @Override
    public void on(Moment moment) {
        Event event = moment.event();
        if (event instanceof Event.Dma dma) {
            if (dma.frame() != null && dma.outcome().equals("done")) {
                int mm = spaces.behind(dma.device(), dma.pasid());
                access(moment, new Access(mm, dma.addr(), dma.len(), dma.frame(), dma.access().equals("write"), dma.born()));
            }
        } else if (event instanceof Event.CpuAccess cpu) {
            access(moment, new Access(spaces.of(cpu.process()), cpu.addr(), 1, cpu.frame(), cpu.write(), cpu.born()));
        } else if (event instanceof Event.TableRead read) {
            table(moment, read);
        } else if (event instanceof Event.DeviceFailed) {
            violated(moment, Check.DEVICE_FAILED, null, null, moment.step());
        } else {
            remember(moment, event);
        }
    }

    private void remember(Moment moment, Event event) {
        if (event instanceof Event.Pte pte) {
            entries(moment, pte);
        } else if (event instanceof Event.Return) {
            underway.end(moment.actor());
        } else if (event instanceof Event.PageFree free) {
            freed(moment, free.frame(), free.order());
        } else if (event instanceof Event.TableFree free) {
            freed(moment, free.frame(), 0);
        } else if (event instanceof Event.PageAlloc page) {
            allocated(page.frame(), page.order());
        } else if (event instanceof Event.TableAlloc table) {
            allocated(table.frame(), 0);
        } else if (event instanceof Event.PageRequest request && !request.access().equals("stop")) {
            requested(moment, request);
        } else if (event instanceof Event.PageResponse response) {
            requests.answered(new Requests.Group(response.device(), response.pasid(), response.group()));
        }
    }

    // ---------------------------------------------------------------- accesses

    private void access(Moment moment, Access access) {
        if (frames.generation(access.frame()) != access.born()) {
            long because = freed.because(access.frame());
            violated(moment, Check.USE_AFTER_FREE, access.addr(), access.frame(), because);
            if (foreign(access)) {
                violated(moment, Check.FOREIGN_ACCESS, access.addr(), access.frame(), because);
            }
        }
        if (on(Check.STALE_READ) || on(Check.LOST_WRITE) || on(Check.STALE_PERMISSION)) {
            mapping(moment, access);
        }
    }

    /** A page-table page is nobody's to reach, whosever pages it maps. */
    private boolean foreign(Access access) {
        return !frames.isFree(access.frame())
                && (frames.owner(access.frame()) != access.mm() || frames.use(access.frame()) == Use.TABLE);
    }

    private void table(Moment moment, Event.TableRead read) {
        if (frames.generation(read.frame()) != read.born()) {
            Long addr = read.device().isEmpty() ? null : (Long) read.addr();
            violated(moment, Check.USE_AFTER_FREE, addr, read.frame(), freed.because(read.frame()));
        }
    }

    /** Holds an access against what its address maps to by now. */
    private void mapping(Moment moment, Access access) {
        long entry = spaces.entry(access.mm(), access.addr());
        boolean elsewhere = !Entry.mapped(entry) || Entry.frame(entry) != access.frame();
        boolean wrong = Entry.mapped(entry) ? elsewhere : !underway.covers(access.addr());
        long because = underway.because(access.mm(), access.addr());
        if (elsewhere && wrong && access.write()) {
            violated(moment, Check.LOST_WRITE, access.addr(), access.frame(), because);
        } else if (elsewhere && wrong && !(Entry.mapped(entry) && same(access, Entry.frame(entry)))) {
            violated(moment, Check.STALE_READ, access.addr(), access.frame(), because);
        } else if (!elsewhere && access.write() && !writable(entry) && !underway.covers(access.addr())) {
            violated(moment, Check.STALE_PERMISSION, access.addr(), access.frame(), because);
        }
    }

    private static boolean writable(long entry) {
        return Entry.present(entry) && Entry.writable(entry);
    }

    /** Whether the access finds in its frame what it would find in another. */
    private boolean same(Access access, long other) {
        int start = (int) (access.addr() & Frames.PAGE_SIZE - 1);
        for (int at = start; at < start + access.len(); at++) {
            if (frames.byteAt(access.frame(), at) != frames.byteAt(other, at)) {
                return false;
            }
        }
        return true;
    }

    // ---------------------------------------------------------------- what has to be remembered

    private void entries(Moment moment, Event.Pte pte) {
        boolean taken = switch (pte.change()) {
            case "clear", "wrprotect", "migrate", "swap" -> true;
            default -> false;
        };
        if (taken && (on(Check.STALE_READ) || on(Check.LOST_WRITE) || on(Check.STALE_PERMISSION))) {
            underway.begin(moment.actor(), pte.start(), pte.end());
        }
        if (explained()) {
            underway.note(spaces.of(pte.process()), pte.start(), pte.end(), moment.step());
        }
    }

    private void freed(Moment moment, long frame, int order) {
        if (on(Check.DOUBLE_FREE) && freed.freed(frame)) {
            violated(moment, Check.DOUBLE_FREE, null, frame, freed.because(frame));
        }
        if (explained()) {
            freed.note(frame, order, moment.step());
        }
    }

    private void allocated(long frame, int order) {
        if (on(Check.DOUBLE_FREE)) {
            freed.allocated(frame, order);
        }
    }

    private void requested(Moment moment, Event.PageRequest request) {
        Requests.Group group = new Requests.Group(request.device(), request.pasid(), request.group());
        requests.asked(group, request.addr(), moment.step());
    }

    // ---------------------------------------------------------------- ends

    /** To be called where nobody can move any more: what can only be told at the end of a scenario. */
    public void end() {
        Moment now = new Moment(engine.steps(), "kernel", null);
        if (on(Check.DEADLOCK) && engine.deadlocked()) {
            violated(now, Check.DEADLOCK, null, null, now.step());
        }
        if (on(Check.LOST_FAULT)) {
            for (Requests.Asked asked : requests.open()) {
                violated(now, Check.LOST_FAULT, asked.addr(), null, requests.because(asked.group()));
            }
        }
        if (on(Check.LEAK)) {
            for (long frame : new Leaks(frames, spaces).find()) {
                violated(now, Check.LEAK, null, frame, now.step());
            }
        }
    }

    /** To be called where a run is back where it was. */
    public void cycle() {
        violated(new Moment(engine.steps(), "kernel", null), Check.LIVELOCK, null, null, engine.steps());
    }

    private void violated(Moment moment, Check check, Long addr, Long frame, long because) {
        if (on(check)) {
            latches.set(check.ordinal(), 1);
            if (explained() && engine.trace().wants(Kind.VIOLATION)) {
                engine.trace().emit(moment.step(), moment.actor(), new Event.Violation(check.word(), addr, frame, because));
            }
        }
    }
}
