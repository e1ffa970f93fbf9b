package dev.shootdown.device;

import static dev.shootdown.device.UnitRig.ATS;
import static dev.shootdown.device.UnitRig.BUFFER;
import static dev.shootdown.device.UnitRig.PAGE;
import static dev.shootdown.device.UnitRig.PASID;
import static dev.shootdown.device.UnitRig.PLAIN;
import static dev.shootdown.device.UnitRig.PRI;
import static dev.shootdown.device.UnitRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.amd.AmdIommu;
import dev.shootdown.iommu.arm.ArmIommu;
import dev.shootdown.iommu.intel.IntelIommu;
import dev.shootdown.iommu.riscv.RiscvIommu;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every vendor's IOMMU is brought to its limits by: nothing is lost that nobody sees, and nothing hangs. */
class LimitsTest {
    enum Vendor {
        AMD {
            @Override
            Iommu make(Iommus iommus, IommuOptions sizes) {
                return new AmdIommu(iommus, "unit0", sizes);
            }
        },
        INTEL {
            @Override
            Iommu make(Iommus iommus, IommuOptions sizes) {
                return new IntelIommu(iommus, "unit0", sizes);
            }
        },
        ARM {
            @Override
            Iommu make(Iommus iommus, IommuOptions sizes) {
                return new ArmIommu(iommus, "unit0", sizes);
            }
        },
        RISCV {
            @Override
            Iommu make(Iommus iommus, IommuOptions sizes) {
                return new RiscvIommu(iommus, "unit0", sizes);
            }
        };

        abstract Iommu make(Iommus iommus, IommuOptions sizes);
    }

    private static final class Any extends UnitRig<Iommu> {
        Any(Vendor vendor, DeviceOptions options, IommuOptions sizes) {
            super(options, iommus -> vendor.make(iommus, sizes));
        }

        String outcome() {
            return last(Event.Dma.class).outcome();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFullCommandRingDelaysItsDriverAndLosesNothing(Vendor vendor) {
        Any rig = new Any(vendor, ATS, IommuOptions.DEFAULT.commands(8));
        List<Step> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.addAll(rig.unit.flushIotlb(PASID, BUFFER + i * PAGE, BUFFER + (i + 1) * PAGE));
        }
        many.addAll(rig.unit.sync());
        rig.assign(rig.app, many);
        rig.exhaust(rig.app);
        assertThat(rig.engine.ready(rig.app) | rig.done(rig.app)).as("the ring is full").isFalse();
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.all(Event.IotlbInvalidate.class)).hasSize(20);
        assertThat(rig.unit.commandCount().get()).isGreaterThanOrEqualTo(21);
    }

    /** A group of requests whose last one finds no room: that is known, whoever answers it or does not. */
    @ParameterizedTest
    @EnumSource
    void aFullPageRequestLogSaysThatItHasLostSome(Vendor vendor) {
        Any rig = new Any(vendor, PRI.group(16), IommuOptions.DEFAULT.requests(8));
        rig.run(rig.gpu.actor(), DmaAccess.write(0, PASID, BUFFER, BUFFER + 16 * PAGE, 1));
        assertThat(rig.all(Event.PageRequest.class)).hasSizeGreaterThanOrEqualTo(16);
        assertThat(rig.unit.requestLog().overflowed()).isTrue();
        assertThat(rig.unit.interrupts().pending()).isTrue();
        int kept = 0;
        while (rig.unit.takeRequest() != null) {
            kept++;
        }
        assertThat(kept).isBetween(7, 8);
    }

    @ParameterizedTest
    @EnumSource
    void aFullFaultLogSaysThatItHasLostSome(Vendor vendor) {
        Any rig = new Any(vendor, PLAIN, IommuOptions.DEFAULT.events(4));
        for (int i = 0; i < 6; i++) {
            rig.run(rig.gpu.actor(), rig.write(BUFFER + i * PAGE));
        }
        assertThat(rig.unit.eventLog().overflowed()).isTrue();
        assertThat(rig.all(Event.Dma.class)).as("no access waits for the log").hasSize(6);
        assertThat(rig.unit.interrupts().pending()).isTrue();
    }

    /** Requests that are answered Success although nothing has come of them: the device gives up, or goes on and on and loses none. */
    @ParameterizedTest
    @EnumSource
    void aDeviceThatRequestsWithoutEnd(Vendor vendor) {
        for (boolean unlimited : new boolean[] {false, true}) {
            Any rig = new Any(vendor, PRI.retries(3).unlimited(unlimited), IommuOptions.DEFAULT.requests(8));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            int answered = 0;
            for (PageRequest asked = rig.unit.takeRequest(); asked != null && answered < 100; asked = rig.unit.takeRequest()) {
                rig.run(rig.app, rig.unit.respond(0, PASID, asked.group(), PageRequest.SUCCESS));
                answered++;
            }
            assertThat(answered).isEqualTo(unlimited ? 100 : 4);
            assertThat(rig.gpu.state()).isEqualTo(unlimited ? "running" : "failed");
            assertThat(rig.unit.requestLog().overflowed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResponseToAGroupThatThereIsNot(Vendor vendor) {
        Any rig = new Any(vendor, PRI, IommuOptions.DEFAULT);
        rig.run(rig.app, rig.unit.respond(0, PASID, 0, PageRequest.FAILURE));
        assertThat(rig.done(rig.app)).isTrue();
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        int group = rig.unit.takeRequest().group();
        rig.run(rig.app, rig.unit.respond(0, PASID, group + 1, PageRequest.FAILURE));
        assertThat(rig.gpu.waiting()).isTrue();
        assertThat(rig.all(Event.PageResponse.class)).isEmpty();
        rig.map(BUFFER, RW);
        rig.run(rig.app, rig.unit.respond(0, PASID, group, PageRequest.SUCCESS));
        assertThat(rig.outcome()).isEqualTo("done");
        assertThat(rig.gpu.state()).isEqualTo("running");
    }
}
