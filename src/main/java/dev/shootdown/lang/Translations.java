package dev.shootdown.lang;

import dev.shootdown.device.Device;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of the translations of pages whose entries were taken away: which device had one, what dropped it, and whether
 * that was behind the change of the entry and before it mattered.
 */
final class Translations {
    /** From when on an access through a translation that was kept would be what is asked about. */
    enum Until {
        FREED("freed it", "before the free"), ENDED("the call ended", "before the end of the call"), PROTECTED("the call ended", "before the end of the call");

        private final String role;
        private final String when;

        Until(String role, String when) {
            this.role = role;
            this.when = when;
        }
    }

    /** Entries that were changed, and the step from which on it matters. */
    private record Change(long step, String actor, long start, long end, long limit) {}

    private final WhyNot chain;
    private final Past past;
    private final Play play;
    private final Until until;

    Translations(WhyNot chain, Until until) {
        this.chain = chain;
        this.past = chain.past();
        this.play = past.recorder().play();
        this.until = until;
    }

    void explain() {
        List<Change> changes = changes();
        boolean asked = false;
        for (Change change : changes) {
            asked |= tell(change);
        }
        if (!changes.isEmpty() && !asked) {
            Change first = changes.getFirst();
            chain.put(first.step(), "took the entry away");
            chain.put(first.limit(), until.role);
            chain.order("no device asked for a translation of " + name(first.start()));
        } else if (changes.isEmpty()) {
            chain.order(switch (until) {
                case FREED -> "no page that an entry pointed to was freed up to here";
                case ENDED -> "no entry was taken away up to here";
                case PROTECTED -> "no write permission was taken away up to here";
            });
        }
    }

    // ---------------------------------------------------------------- what was changed

    private List<Change> changes() {
        List<Change> found = new ArrayList<>();
        for (Past.Seen seen : past.of(Event.Pte.class)) {
            Event.Pte pte = (Event.Pte) seen.event();
            boolean asked = until == Until.PROTECTED ? pte.change().equals("wrprotect") : Past.takesAway(pte);
            long limit = until == Until.FREED ? freed(seen) : past.endAt(seen.step(), seen.actor());
            if (asked && limit >= 0) {
                found.add(new Change(seen.step(), seen.actor(), pte.start(), pte.end(), limit));
            }
        }
        return found;
    }

    /** The step of the first page that went back behind a change: its own actor's, or else anybody's; -1 where none did. */
    private long freed(Past.Seen change) {
        long end = past.endAt(change.step(), change.actor());
        List<Past.Seen> all = new ArrayList<>(past.between(change.step(), Long.MAX_VALUE, Event.PageFree.class, free -> true));
        all.addAll(past.between(change.step(), Long.MAX_VALUE, Event.TableFree.class, free -> true));
        return all.stream().filter(free -> free.actor().equals(change.actor()) && free.step() < end).mapToLong(Past.Seen::step).min()
                .orElseGet(() -> all.stream().filter(free -> free.step() > end).mapToLong(Past.Seen::step).min().orElse(-1));
    }

    // ---------------------------------------------------------------- who had a translation

    /** Returns whether any device ever asked for a translation of it. */
    private boolean tell(Change change) {
        List<String> devices = past.devices().stream().filter(device -> !asked(change, device, 0, Long.MAX_VALUE).isEmpty()).toList();
        devices.forEach(device -> tell(change, device));
        past.between(change.step(), change.limit(), Event.CpuFlush.class, flush -> true).stream()
                .filter(flush -> flush.actor().equals(change.actor())).findFirst()
                .ifPresent(flush -> chain.put(flush.step(), "CPUs dropped their translations, " + until.when));
        return !devices.isEmpty();
    }

    private void tell(Change change, String device) {
        Set<Long> pages = new TreeSet<>(Long::compareUnsigned);
        asked(change, device, 0, change.limit()).forEach(seen -> pages.add(Past.page(((Event.Translate) seen.event()).addr())));
        boolean had = false;
        for (long page : pages) {
            had |= page(change, device, page);
        }
        if (!had) {
            without(change, device);
        }
    }

    private List<Past.Seen> asked(Change change, String device, long after, long before) {
        return past.between(after, before, Event.Translate.class, translate -> translate.device().equals(device)
                && Past.inside(translate.addr(), change.start(), change.end()));
    }

    /** What became of a device's translation of one page; false where it never had one. */
    private boolean page(Change change, String device, long page) {
        List<Past.Seen> had = asked(change, device, 0, change.limit()).stream()
                .filter(seen -> Past.page(((Event.Translate) seen.event()).addr()) == page && ((Event.Translate) seen.event()).outcome().equals("hit"))
                .toList();
        if (had.isEmpty()) {
            return false;
        }
        Past.Seen last = had.getLast();
        Event.Translate translate = (Event.Translate) last.event();
        chain.put(past.callAt(change.step(), change.actor()), "in this call");
        chain.put(last.step(), translate.via().equals("walk") ? "took the translation" : "used its translation");
        chain.put(change.limit(), until.role);
        dropped(change, device, last, Event.IotlbInvalidate.class);
        Device known = play.machine().device(device.split("\\.")[0]);
        if (known != null && known.ats()) {
            dropped(change, device, last, Event.AtcInvalidate.class);
        }
        return true;
    }

    /** What dropped a translation from one of the caches that held it. */
    private <E extends Event> void dropped(Change change, String device, Past.Seen had, Class<E> cache) {
        long address = ((Event.Translate) had.event()).addr();
        List<Past.Seen> drops = past.between(had.step(), change.limit(), cache, drop -> Past.drops(drop, address) && isOf(drop, device));
        String what = device + "'s translation of " + name(address);
        if (drops.isEmpty()) {
            chain.put(change.step(), "took the entry away");
            chain.order(what + ", taken at #" + had.step() + ", still stood at #" + change.limit() + ", and was not used behind that");
        } else if (drops.getLast().step() > change.step()) {
            long dropped = drops.stream().mapToLong(Past.Seen::step).filter(step -> step > change.step()).min().getAsLong();
            chain.put(change.step(), "took the entry away: nobody could take it again");
            chain.put(dropped, "dropped translations of it, behind that and " + until.when);
            chain.strongly(what + " was dropped at #" + dropped + ", when its entry was gone, and " + until.when + " at #" + change.limit());
        } else {
            chain.put(drops.getLast().step(), "dropped translations of it, too early: the entry still stood");
            chain.put(change.step(), "took the entry away; no invalidation behind that");
            chain.order("between #" + drops.getLast().step() + " and #" + change.step() + " " + device + " could have taken " + name(address) + " again");
        }
    }

    private static boolean isOf(Event drop, String device) {
        return !(drop instanceof Event.AtcInvalidate invalidate) || invalidate.device() == null || device.startsWith(invalidate.device());
    }

    /** A device that had none: it asked in vain, or not at all. */
    private void without(Change change, String device) {
        List<Past.Seen> later = asked(change, device, change.step(), Long.MAX_VALUE).stream()
                .filter(seen -> ((Event.Translate) seen.event()).outcome().equals("fault")).toList();
        chain.put(change.step(), "took the entry away");
        chain.put(change.limit(), until.role);
        if (later.isEmpty()) {
            chain.order(device + " took no translation of " + name(change.start()) + " up to #" + change.limit());
        } else {
            chain.put(later.getFirst().step(), "found no entry any more");
            chain.ruledOut(device + " had no translation of " + name(change.start()) + " at #" + change.limit() + ", and found none at #"
                    + later.getFirst().step());
        }
    }

    private String name(long address) {
        return Obstacles.name(play, address);
    }
}
