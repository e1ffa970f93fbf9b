package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mappings of the DMA API, strict and lazy: iommu.md 6.4, kernel.md case 31. */
class DmaApiTest {
    private static final String SETUP = """
            iommu unit0 { OPTIONS }
            device nic behind unit0 DEVICE
            process app { threads=[main, worker] }
            let buf = app.main: mmap 16K rw
            """;
    private static final String RACE = """
            scenario unmapping {
              let io = app.main: dma_map buf[0 +4K] device=nic
              nic: dma read io
              race {
                app.main: dma_unmap io
                app.main: munmap buf
                nic:      dma write io value=0xab
              }
              forbid use_after_free
            }
            explore unmapping
            """;

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    private Status run(String options, String device, String lines) {
        return session.execute("dma.mmu", SETUP.replace("OPTIONS", options).replace("DEVICE", device) + lines);
    }

    private void runs(String options, String device, String lines) {
        assertThat(run(options, device, lines)).as(audience.diagnostics.toString()).isEqualTo(Status.HELD);
    }

    private List<Event> events(Class<? extends Event> kind) {
        return audience.moments.stream().map(Moment::event).filter(kind::isInstance).toList();
    }

    @ParameterizedTest
    @CsvSource({"amd, strict, Never", "intel, strict, Never", "arm, strict, Never", "riscv, strict, Never",
            "amd, lazy, Sometimes", "intel, lazy, Sometimes", "arm, lazy, Sometimes", "riscv, lazy, Sometimes"})
    void onlyLazilyADeviceReachesWhatWasFreed(String vendor, String mode, String verdict) {
        run("vendor=" + vendor + " mode=" + mode, "", RACE);
        assertThat(audience.verdicts().getLast().complete()).isTrue();
        assertThat(audience.verdicts().getLast().verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd", "intel", "arm", "riscv"})
    void aDeviceThatCachesIsAskedToForgetToo(String vendor) {
        run("vendor=" + vendor, "{ ats }", RACE);
        assertThat(audience.verdicts().getLast().complete()).isTrue();
        assertThat(audience.verdicts().getLast().verdict()).isEqualTo("Never");
    }

    @Test
    void aDeviceThatIsNotTrustedIsServedStrictly() {
        run("mode=lazy", "{ untrusted }", RACE);
        assertThat(audience.verdicts().getLast().verdict()).isEqualTo("Never");
    }

    /** iommu_dma_init_domain(): where there can be no flush queue, the domain is a strict one. */
    @Test
    void withoutAFlushQueueUnmappingIsStrict() {
        run("mode=lazy no_flush_queue", "", RACE);
        assertThat(audience.verdicts().getLast().verdict()).isEqualTo("Never");
    }

    @Test
    void anAddressIsHandedOutAgainOnlyBehindAFlush() {
        runs("mode=lazy", "", """
                let a = app.main: dma_map buf[0 +4K] device=nic
                app.main: dma_unmap a
                let b = app.main: dma_map buf[0 +4K] device=nic
                expect b.start != a.start
                app.main: dma_unmap b
                kernel: fq_flush_timeout unit0
                let c = app.main: dma_map buf[0 +4K] device=nic
                expect c.start == a.start
                kernel: fq_flush_timeout unit0
                """);
        assertThat(events(Event.Completion.class)).as("where no timer runs, nothing is flushed").hasSize(1);
    }

    @Test
    void strictlyItIsHandedOutAtOnce() {
        runs("mode=strict", "", """
                let a = app.main: dma_map buf[0 +4K] device=nic
                app.main: dma_unmap a
                let b = app.main: dma_map buf[0 +8K] device=nic
                expect b.end == 0x1_0000_0000
                app.main: dma_unmap b
                let c = app.main: dma_map buf[0 +4K] device=nic
                expect c.start == a.start
                """);
    }

    /** A queue of 3 entries holds 2: the third unmapping flushes before it is queued. */
    @Test
    void aFullQueueIsFlushed() {
        runs("mode=lazy flush_queue=3", "", """
                let a = app.main: dma_map buf[0 +4K] device=nic
                let b = app.main: dma_map buf[4K +4K] device=nic
                let c = app.main: dma_map buf[8K +4K] device=nic
                app.main: dma_unmap a
                app.main: dma_unmap b
                expect count(completion) == 0
                app.main: dma_unmap c
                expect count(completion) == 1
                let d = app.main: dma_map buf[0 +4K] device=nic
                expect d.start == a.start
                """);
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "single, 1"})
    void eachCpuHasAQueueUnlessThereIsOneForAll(String single, int flushes) {
        runs("mode=lazy flush_queue=2 " + single, "", """
                let a = app.main: dma_map buf[0 +4K] device=nic
                let b = app.main: dma_map buf[4K +4K] device=nic
                app.main: dma_unmap a
                app.worker: dma_unmap b
                expect count(completion) == FLUSHES
                """.replace("FLUSHES", Integer.toString(flushes)));
    }

    @Test
    void aPinnedPageOutlivesItsMapping() {
        runs("mode=strict", "", """
                let io = app.main: dma_map buf[0 +4K] device=nic
                app.main: munmap buf
                expect count(page_free) == 0
                nic: dma write io value=1
                app.main: dma_unmap io
                expect count(page_free) == 1
                expect !use_after_free
                """);
    }

    @Test
    void whatADeviceMayOnlyReadItCannotWrite() {
        runs("", "", "let io = app.main: dma_map buf[0 +4K] device=nic to_device\nnic: dma read io\nnic: dma write io\n");
        assertThat(events(Event.Dma.class)).extracting(event -> ((Event.Dma) event).outcome()).containsExactly("done", "aborted");
        assertThat(events(Event.IoPageFault.class)).hasSize(1);
    }

    @Test
    void offsetsInAPageStay() {
        runs("", "", """
                app.main: write buf "payload"
                let io = app.main: dma_map buf[3 +4] device=nic
                expect io.start == 0xffff_f003
                nic: dma write io value=0x78
                print app.main: read buf[0 +8]
                """.replace("print ", ""));
        assertThat(events(Event.Return.class)).extracting(event -> ((Event.Return) event).result()).anyMatch(result -> String.valueOf(result).startsWith("payxxxx"));
    }

    @Test
    void whatCannotBePinnedIsNotMapped() {
        runs("", "", """
                expect EFAULT app.main: dma_map 0x1000 +4K device=nic
                let io = app.main: dma_map buf[0 +4K] device=nic
                app.main: dma_unmap io
                expect EINVAL app.main: dma_unmap io
                """);
    }

    /** A driver of a process's own tables may put its invalidations off too; nothing holds the pages back then. */
    @ParameterizedTest
    @CsvSource({"lazy, 3.16, Sometimes", "lazy, 3.19, Sometimes", "lazy, 6.1, Sometimes", "lazy, 6.18, Sometimes", "sva, 6.18, Never"})
    void theLazyDriver(String driver, String kernel, String verdict) {
        session.execute("lazy.mmu", """
                machine { kernel="KERNEL" }
                iommu amd0
                device gpu behind amd0 { ats pri }
                process app
                bind gpu to app driver=DRIVER
                scenario deferred {
                  let buf = app.main: mmap 4K rw
                  gpu: dma write buf
                  race {
                    app.main: munmap buf
                    gpu:      dma write buf
                    kernel:   fq_flush_timeout amd0
                  }
                  forbid use_after_free
                }
                explore deferred
                """.replace("KERNEL", kernel).replace("DRIVER", driver));
        assertThat(audience.verdicts().getLast().complete()).isTrue();
        assertThat(audience.verdicts().getLast().verdict()).isEqualTo(verdict);
    }
}
