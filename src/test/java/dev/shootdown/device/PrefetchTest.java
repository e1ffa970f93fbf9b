package dev.shootdown.device;

import static dev.shootdown.device.Rig.ATS;
import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.PRI;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import org.junit.jupiter.api.Test;

/** Translations that a device asks for ahead: what it has of them, and what an invalidation does to them. */
class PrefetchTest {
    private static Rig mapped(DeviceOptions options, int pages) {
        Rig rig = new Rig(options);
        for (int i = 0; i < pages; i++) {
            rig.map(BUFFER + i * PAGE, RW);
        }
        return rig;
    }

    @Test
    void asManyPagesAsItIsTold() {
        Rig rig = mapped(ATS.prefetch(4), 8);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(5);
        assertThat(rig.all(Event.Dma.class)).hasSize(1);
        int asked = rig.all(Event.Translate.class).size();
        rig.run(rig.gpu.actor(), rig.read(BUFFER + PAGE));
        assertThat(rig.all(Event.Translate.class)).as("a hit, and nothing asked for").hasSize(asked + 1);
    }

    /** What is there already is not asked for again. */
    @Test
    void onlyWhatItDoesNotHave() {
        Rig rig = mapped(ATS.prefetch(2), 8);
        rig.run(rig.gpu.actor(), rig.read(BUFFER + PAGE));
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.all(Event.Translate.class).stream().filter(event -> event.outcome().equals("miss"))).hasSize(4);
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(4);
    }

    /** A page that is not there is not asked for, nor is it the device's fault. */
    @Test
    void aPageThatIsNotThereIsLeftAlone() {
        Rig rig = mapped(PRI.prefetch(4), 2);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(2);
        assertThat(rig.all(Event.PageRequest.class)).isEmpty();
        assertThat(rig.gpu.faults().get()).isZero();
        assertThat(rig.gpu.state()).isEqualTo("running");
    }

    /** It is read ahead: a page that has not been written to yet is there for reading, and asked for anew for a write. */
    @Test
    void translationsAheadAreForReading() {
        Rig rig = mapped(ATS.prefetch(1), 2);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.run(rig.gpu.actor(), rig.write(BUFFER + PAGE));
        assertThat(rig.all(Event.Translate.class).stream().filter(event -> event.via().equals("atc"))).isEmpty();
        assertThat(rig.all(Event.Dma.class)).extracting(Event.Dma::outcome).containsOnly("done");
    }

    @Test
    void anInvalidationDropsThem() {
        Rig rig = mapped(ATS.prefetch(3), 4);
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        rig.run(rig.app, rig.flush(BUFFER, BUFFER + 4 * PAGE));
        assertThat(rig.last(Event.AtcInvalidate.class).dropped()).isEqualTo(4);
        assertThat(rig.gpu.atc().size(PASID)).isZero();
    }

    /** An invalidation of the page ahead overtakes its answer, which is discarded; the access is waited for if its page is covered. */
    @Test
    void anAnswerThatIsOvertakenIsDiscarded() {
        Rig rig = mapped(ATS.prefetch(1), 2);
        rig.assign(rig.gpu.actor(), rig.read(BUFFER));
        while (!rig.gpu.answer().busy() || rig.gpu.answer().page() == BUFFER >>> 12) {
            rig.step(rig.gpu.actor());
        }
        rig.assign(rig.app, rig.flush(BUFFER + PAGE, BUFFER + 2 * PAGE));
        rig.exhaust(rig.app);
        rig.exhaust(rig.amd0.hardware());
        rig.exhaust(rig.app);
        rig.exhaust(rig.amd0.hardware());
        assertThat(rig.gpu.answer().stale()).isTrue();
        rig.run();
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
        assertThat(rig.done(rig.app)).isTrue();
    }
}
