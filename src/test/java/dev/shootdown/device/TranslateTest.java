package dev.shootdown.device;

import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.trace.Event;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A translation at once leaves what its steps leave. */
class TranslateTest {
    private static final int PAGES = 40;
    private static final long[] BASES = {BUFFER, BUFFER + (1L << 21), BUFFER + (1L << 30), BUFFER + (1L << 39), 0xffff_8000_0000_0000L};

    private static Rig rig(boolean nested) {
        return new Rig(DeviceOptions.DEFAULT, IommuOptions.DEFAULT.iotlb(8).nested(nested));
    }

    private static long address(SplittableRandom random) {
        return BASES[random.nextInt(BASES.length)] + random.nextInt(PAGES) * PAGE;
    }

    /** Two machines, one of which goes by steps; random pages come, go, and are read and written. */
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, true", "4, true"})
    void itAgreesWithTheSteps(long seed, boolean nested) {
        SplittableRandom random = new SplittableRandom(seed);
        Rig stepped = rig(nested);
        Rig atOnce = rig(nested);
        for (int i = 0; i < 3000; i++) {
            long address = address(random);
            int what = random.nextInt(10);
            long bits = random.nextBoolean() ? RW : RW & ~(random.nextBoolean() ? Entry.WRITE : Entry.USER);
            boolean write = random.nextBoolean();
            if (what == 0 && address > 0) {
                stepped.map(address, bits);
                atOnce.map(address, bits);
            } else if (what == 1 && address > 0) {
                stepped.unmap(address);
                atOnce.unmap(address);
            } else if (what == 2) {
                stepped.run(stepped.app, stepped.amd0.flushIotlb(PASID, address, address + PAGE));
                atOnce.run(atOnce.app, atOnce.amd0.flushIotlb(PASID, address, address + PAGE));
            } else {
                stepped.run(stepped.gpu.actor(), DmaAccess.translate(stepped.gpu.number(), PASID, address, address + PAGE, write));
                boolean came = !stepped.last(Event.Translate.class).outcome().equals("fault");
                stepped.amd0.takeEvents();
                stepped.events.clear();
                long found = atOnce.amd0.walker().translate(atOnce.gpu, PASID, address >>> 12, write);
                assertThat(found != 0).isEqualTo(came);
                assertThat(came && !Translation.allows(found, write ? Translation.WRITE : Translation.READ)).isFalse();
            }
            same(stepped, atOnce);
        }
    }

    private static void same(Rig one, Rig other) {
        for (int i = 0; i < 8; i++) {
            assertThat(one.amd0.iotlb().tagAt(i)).isEqualTo(other.amd0.iotlb().tagAt(i));
            assertThat(one.amd0.iotlb().translationAt(i)).isEqualTo(other.amd0.iotlb().translationAt(i));
        }
        assertThat(one.amd0.caches().walkCache().size(-1)).isEqualTo(other.amd0.caches().walkCache().size(-1));
        for (long base : BASES) {
            for (int i = 0; i < PAGES && base > 0; i++) {
                assertThat(one.pte(base + i * PAGE)).isEqualTo(other.pte(base + i * PAGE));
            }
        }
    }
}
