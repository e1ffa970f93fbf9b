package dev.shootdown.lang;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.lang.value.Value;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import dev.shootdown.trace.Event;
import java.util.List;
import java.util.Objects;

/** What stood in the way of what a checker reports, in the steps up to where one stands. */
final class Obstacles {
    private final WhyNot chain;
    private final Past past;
    private final Machine machine;

    Obstacles(WhyNot chain) {
        this.chain = chain;
        this.past = chain.past();
        this.machine = past.recorder().play().machine();
    }

    void explain(Check check) {
        switch (check) {
            case USE_AFTER_FREE -> new Translations(chain, Translations.Until.FREED).explain();
            case FOREIGN_ACCESS -> foreign();
            case STALE_READ, LOST_WRITE -> new Translations(chain, Translations.Until.ENDED).explain();
            case STALE_PERMISSION -> new Translations(chain, Translations.Until.PROTECTED).explain();
            case DEVICE_FAILED -> failed();
            case LOST_FAULT -> requests();
            case DEADLOCK -> deadlock();
            case LIVELOCK -> chain.order("one run does not come back to where it was; whether any does, explore says");
            case DOUBLE_FREE -> freedTwice();
            case LEAK -> leak();
        }
    }

    /** A freed frame was reached, or would have been, but was it anybody's? */
    private void foreign() {
        if (!machine.world().part(Checkers.class).happened(Check.USE_AFTER_FREE)) {
            new Translations(chain, Translations.Until.FREED).explain();
            return;
        }
        for (Past.Seen seen : past.of(Event.Violation.class)) {
            Event.Violation found = (Event.Violation) seen.event();
            if (found.check().equals(Check.USE_AFTER_FREE.word())) {
                chain.put(found.because(), "freed the frame");
                chain.put(seen.step(), "reached it, when it was nobody else's");
            }
        }
        chain.order("nobody was given the frame before it was reached");
    }

    // ---------------------------------------------------------------- page requests

    private void failed() {
        List<Past.Seen> asked = past.of(Event.PageRequest.class);
        requests();
        long devices = asked.stream().map(seen -> ((Event.PageRequest) seen.event()).device()).distinct().count();
        boolean refused = past.of(Event.PageResponse.class).stream().anyMatch(seen -> ((Event.PageResponse) seen.event()).code() != 0);
        if (!asked.isEmpty()) {
            chain.ruledOut(devices + (devices == 1 ? " device" : " devices") + " asked " + asked.size() + (asked.size() == 1 ? " time" : " times")
                    + (refused ? "; what was answered Invalid ends an access, not a device"
                            : "; every answer was Success, and no access ran out of its retries"));
        }
    }

    /** Each request with its answer. */
    private void requests() {
        List<Past.Seen> asked = past.of(Event.PageRequest.class);
        if (asked.isEmpty()) {
            chain.ruledOut("no device asked for a page");
        }
        for (Past.Seen seen : asked) {
            Event.PageRequest request = (Event.PageRequest) seen.event();
            chain.put(seen.step(), "asked for a page");
            List<Past.Seen> answers = past.between(seen.step(), Long.MAX_VALUE, Event.PageResponse.class, answer ->
                    answer.device().equals(request.device()) && answer.pasid() == request.pasid() && answer.group() == request.group());
            if (answers.isEmpty()) {
                chain.order("the request of #" + seen.step() + " is still to be answered");
            } else {
                int code = ((Event.PageResponse) answers.getFirst().event()).code();
                chain.put(answers.getFirst().step(), "answered it: " + (code == 0 ? "Success" : code == 1 ? "Invalid" : "code " + code));
                chain.ruledOut("the request of #" + seen.step() + " was answered at #" + answers.getFirst().step());
            }
        }
    }

    // ---------------------------------------------------------------- who can move

    private void deadlock() {
        Engine engine = machine.engine();
        List<String> ready = Where.ready(engine);
        if (!ready.isEmpty()) {
            chain.ruledOut("who can move: " + String.join(", ", ready));
        }
        for (Actor actor : engine.actors()) {
            if (!engine.idle(actor) && !engine.ready(actor)) {
                chain.order(actor.name() + " waits at " + actor.agenda().head().name());
            }
        }
        if (ready.isEmpty() && engine.actors().stream().allMatch(engine::idle)) {
            past.of(Event.Return.class).forEach(seen -> chain.put(seen.step(), "came to its end"));
            chain.ruledOut("nobody waits: all have come to their end");
        }
    }

    // ---------------------------------------------------------------- frames

    private void freedTwice() {
        List<Past.Seen> freed = past.of(Event.PageFree.class);
        for (Past.Seen seen : freed) {
            long frame = ((Event.PageFree) seen.event()).frame();
            past.between(seen.step(), Long.MAX_VALUE, Event.PageAlloc.class, page -> page.frame() == frame).stream().findFirst()
                    .ifPresent(again -> chain.put(again.step(), "was given the frame again that was freed"));
            chain.put(seen.step(), "freed it once");
        }
        chain.ruledOut(freed.isEmpty() ? "no page was freed" : "no frame was freed that was free: " + freed.size() + " were, each once or given again before");
    }

    private void leak() {
        if (past.recorder().task() != null) {
            chain.order("it is told at the end, and the run goes on");
            return;
        }
        past.of(Event.PageFree.class).forEach(seen -> chain.put(seen.step(), "gave a page back"));
        past.of(Event.TableFree.class).forEach(seen -> chain.put(seen.step(), "gave a page-table page back"));
        chain.ruledOut("somebody has a way to every frame that is in use");
    }

    /** An address as a user names it, where he has a name for it. */
    static String name(Play play, long address) {
        return play.values().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Value.Range range && range.contains(address))
                .map(entry -> entry.getKey() + "[" + offset((Value.Range) entry.getValue(), address) + "]")
                .filter(Objects::nonNull)
                .min(java.util.Comparator.comparingInt(String::length).thenComparing(text -> text))
                .orElse("0x" + Long.toHexString(address));
    }

    private static String offset(Value.Range range, long address) {
        long offset = address - range.start();
        return offset % 1024 == 0 && offset > 0 ? (offset >> 10) + "K" : Long.toString(offset);
    }
}
