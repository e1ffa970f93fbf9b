package dev.shootdown.mm;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.HashSet;
import java.util.Set;

/** Which page tables there are, by what was told of them. One that is freed twice, or made twice, is an error at once. */
final class TableLedger implements Listener {
    private final Set<Long> live = new HashSet<>();
    private final int levels;
    private boolean off;

    /** @param levels of page tables; the highest, which a process is born with, is not told of */
    TableLedger(int levels) {
        this.levels = levels;
    }

    /** No longer asked: what is undone is not told. */
    void stop() {
        off = true;
    }

    boolean live(long frame) {
        return off || live.contains(frame);
    }

    @Override
    public long kinds() {
        return Kind.TABLE_ALLOC.bit() | Kind.TABLE_FREE.bit();
    }

    @Override
    public void on(Moment moment) {
        boolean right = switch (moment.event()) {
            case Event.TableAlloc alloc -> alloc.level() == levels || live.add(alloc.frame());
            case Event.TableFree free -> free.level() == levels || live.remove(free.frame());
            default -> true;
        };
        if (!right && !off) {
            throw new AssertionError("made twice or freed twice: " + moment);
        }
    }
}
