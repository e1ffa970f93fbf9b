package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ruled a condition out: the steps that are named are those that were seen. */
class WhyNotTest {
    private static final String MACHINE = """
            machine { kernel="KERNEL" }
            iommu amd0
            device gpu behind amd0 { ats pri }
            process app { threads=[main, worker] }
            bind gpu to app pasid=1 driver=DRIVER
            let buf = app.main: mmap 8K rw
            app.main: touch buf write
            scenario s {
              race {
                app.main: munmap buf
                gpu: dma write buf[0 +4K] value=1
              }
              forbid use_after_free
              forbid device_failed
            }
            """;

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    private void type(String kernel, String driver, String... lines) {
        session.evaluate("repl", MACHINE.replace("KERNEL", kernel).replace("DRIVER", driver));
        for (String line : lines) {
            audience.listings.clear();
            session.evaluate("repl", line);
        }
    }

    /** Why, by its roles, and the sentences below. */
    private String told() {
        return audience.listings.stream().flatMap(listing -> listing.rows().stream()).map(row -> String.join(" | ", row))
                .collect(Collectors.joining("\n"));
    }

    private long step(String role) {
        return told().lines().filter(line -> line.contains(role)).mapToLong(line -> Long.parseLong(line.substring(1, line.indexOf(' ')))).findFirst().orElseThrow();
    }

    @Test
    void theInvalidationThatCameInTime() {
        type("3.19", "range", "gpu: dma write buf[0 +4K] value=1", "app.main: munmap buf", "why not use_after_free");
        assertThat(audience.diagnostics).isEmpty();
        long taken = step("took the translation");
        long cleared = step("nobody could take it again");
        long dropped = step("dropped translations of it, behind that and before the free");
        long freed = step("freed it");
        assertThat(List.of(taken, cleared, dropped, freed)).isSorted();
        assertThat(seen(taken)).isInstanceOf(Event.Translate.class);
        assertThat(seen(cleared)).isInstanceOf(Event.Pte.class);
        assertThat(seen(dropped)).isInstanceOfAny(Event.IotlbInvalidate.class, Event.AtcInvalidate.class);
        assertThat(seen(freed)).isInstanceOf(Event.PageFree.class);
        assertThat(told()).contains("gpu's translation of buf[0] was dropped at #").doesNotContain("but the order");
    }

    private Event seen(long step) {
        return audience.moments.stream().filter(moment -> moment.step() == step).map(Moment::event).findFirst().orElseThrow();
    }

    @Test
    void whatWasDroppedTooEarlyWasLuck() {
        type("3.16", "start", "gpu: dma write buf[0 +4K] value=1", "app.main: munmap buf", "why not use_after_free");
        assertThat(told()).contains("dropped translations of it, too early: the entry still stood")
                .contains("nothing stood in the way but the order: between #").contains("gpu could have taken buf[0] again");
    }

    @Test
    void whatNobodyDroppedWasLuckToo() {
        type("3.16", "none", "gpu: dma write buf[0 +4K] value=1", "app.main: munmap buf", "why not use_after_free");
        assertThat(told()).contains("nothing stood in the way but the order: gpu's translation of buf[0], taken at #").contains("was not used behind that");
    }

    @Test
    void whoeverComesTooLateFindsNothing() {
        type("3.19", "range", "app.main: munmap buf", "gpu: dma write buf[0 +4K] value=1", "why not use_after_free");
        assertThat(told()).contains("found no entry any more").contains("gpu had no translation of buf[0] at #");
    }

    @Test
    void withoutAFreeThereIsNothingToUse() {
        type("3.19", "range", "gpu: dma write buf[0 +4K] value=1", "why not use_after_free");
        assertThat(told()).isEqualTo("nothing stood in the way but the order: no page that an entry pointed to was freed up to here");
    }

    /** Behind an exploration that found nothing a run is told of in which somebody took care. */
    @Test
    void whereExploringFoundNothingARunIsToldOf() {
        type("3.19", "range", "explore s", "why not use_after_free");
        assertThat(audience.listings.getFirst().title()).matches("s: of the run (in order|seed=\\d)");
        assertThat(told()).contains("behind that and before the free");
    }

    @Test
    void aRequestAnsweredIsNoFailure() {
        type("3.19", "range", "app.main: munmap buf", "gpu: dma write buf[0 +4K] value=1", "why not device_failed");
        assertThat(told()).contains("asked for a page").contains("answered it: Invalid").contains("ends an access, not a device");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "why not deadlock ~ nobody waits: all have come to their end", "why not livelock ~ whether any does, explore says",
        "why not leak ~ somebody has a way to every frame that is in use", "why not double_free ~ were, each once or given again before",
        "why not lost_fault ~ no device asked for a page", "why not stale_permission ~ no write permission was taken away",
        "why not stale_read ~ before the end of the call", "why not foreign_access ~ before the free",
        "why not buf.resident == 2 ~ buf.resident 0, which was 1", "why not mapped(buf.start) ~ mapped(buf.start) false, which was true",
        "why not gpu.state == \"failed\" ~ nothing changed gpu.state since the history begins",
        "why not use_after_free || buf.resident == 2 ~ buf.resident is 0", "why not buf.resident == 2 && gpu.requests == 0 ~ buf.resident is 0",
        "why not !(buf.resident == 0) ~ made buf.resident == 0 true, which was false"
    })
    void everyConditionHasAnAnswer(String question, String answer) {
        type("3.19", "range", "gpu: dma write buf[0 +4K] value=1", "app.main: munmap buf", question);
        assertThat(audience.diagnostics).isEmpty();
        assertThat(told()).contains(answer);
    }

    @Test
    void whoCanMoveIsNotDead() {
        type("3.19", "range", "break notify_start", "run s", "why not deadlock");
        assertThat(told()).contains("who can move: gpu, app.main");
    }

    @Test
    void whatHoldsHasNoObstacle() {
        type("3.19", "range", "app.main: munmap buf", "why not buf.resident == 0");
        assertThat(audience.diagnostics).extracting(one -> one.code()).containsExactly("does-hold");
    }

    /** Asking changes nothing. */
    @Test
    void oneStandsWhereOneStood() {
        type("3.19", "range", "break notify_start", "run s");
        long before = session.position();
        session.evaluate("repl", "why not buf.resident == 0");
        session.evaluate("repl", "why not use_after_free");
        assertThat(session.position()).isEqualTo(before);
        assertThat(session.evaluate("repl", "continue")).isEqualTo(Status.HELD);
    }
}
