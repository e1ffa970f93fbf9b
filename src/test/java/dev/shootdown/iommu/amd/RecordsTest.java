package dev.shootdown.iommu.amd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Device-table entries, events and page requests, bit for bit. */
class RecordsTest {
    private static DeviceTableEntry entry(boolean on, int levels, long gcr3, int domain) {
        return new DeviceTableEntry(on, on, on, true, levels, gcr3, domain, on, on);
    }

    private static DeviceTableEntry decoded(DeviceTableEntry entry) {
        return DeviceTableEntry.decode(entry.word(0), entry.word(1), entry.word(2));
    }

    @Test
    void aDeviceTableEntryComesBack() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 10_000; i++) {
            DeviceTableEntry entry = entry(random.nextInt(2) == 0, random.nextInt(1, 4),
                    random.nextLong() & 0x000f_ffff_ffff_f000L, random.nextInt(1 << 16));
            assertThat(decoded(entry)).isEqualTo(entry);
            assertThat(entry.word(3)).isZero();
        }
    }

    @Test
    void theGcr3RootLiesInThreePieces() {
        assertThat(entry(false, 1, 7L << 12, 0).word(0) >>> 58 & 7).isEqualTo(7);
        assertThat(entry(false, 1, 0xffffL << 15, 0).word(1)).isEqualTo(0xffffL << 16);
        assertThat(entry(false, 1, 0x1f_ffffL << 31, 0).word(1)).isEqualTo(0x1f_ffffL << 43);
        assertThat(entry(false, 3, 0, 0).word(0)).isEqualTo(1L << 55 | 2L << 56);
    }

    @Test
    void flagsOfADeviceTableEntry() {
        DeviceTableEntry all = new DeviceTableEntry(true, true, true, false, 1, 0, 0xabcd, true, true);
        assertThat(all.word(0)).isEqualTo(1L | 1L << 1 | 1L << 52 | 1L << 61 | 1L << 62);
        assertThat(all.word(1)).isEqualTo(0xabcdL | 1L << 32);
        assertThat(all.word(2)).isEqualTo(1L << 54);
    }

    @Test
    void anEventComesBack() {
        SplittableRandom random = new SplittableRandom(16);
        for (int i = 0; i < 10_000; i++) {
            AmdEvent event = new AmdEvent(random.nextInt(16), random.nextInt(1 << 16), random.nextInt(1 << 20),
                    random.nextInt(1 << 12), random.nextLong());
            assertThat(AmdEvent.decode(event.word(0), event.word(1))).isEqualTo(event);
        }
    }

    @Test
    void fieldsOfAnEvent() {
        AmdEvent event = new AmdEvent(AmdEvent.IO_PAGE_FAULT, 0x0108, 0x5_0001, 0x027, 0x7f00_0000_1000L);
        assertThat(event.word(0)).isEqualTo(0x2027_0001_0005_0108L);
        assertThat(event.word(1)).isEqualTo(0x7f00_0000_1000L);
    }

    @Test
    void theKernelsLogLines() {
        assertThat(new AmdEvent(AmdEvent.IO_PAGE_FAULT, 8, 1, 0x20, 0x7f00_0000_1000L).log())
                .isEqualTo("AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0001 address=0x7f0000001000 flags=0x0020]");
        assertThat(new AmdEvent(AmdEvent.ILLEGAL_COMMAND_ERROR, 0, 0, 0, 0x1000).log())
                .isEqualTo("AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR address=0x1000]");
        assertThat(new AmdEvent(0xc, 0, 0, 0, 0).log()).startsWith("AMD-Vi: Event logged [UNKNOWN event[0]=0x00000000 event[1]=0xc0000000");
    }

    @Test
    void aPageRequestComesBack() {
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < 10_000; i++) {
            PprEntry entry = new PprEntry(random.nextInt(1 << 16), random.nextInt(1 << 20), random.nextInt(1 << 10),
                    random.nextInt(1 << 12), random.nextLong());
            assertThat(PprEntry.decode(entry.word(0), entry.word(1))).isEqualTo(entry);
            assertThat(entry.word(0) >>> 60).isEqualTo(1);
        }
    }

    @Test
    void fieldsOfAPageRequest() {
        PprEntry entry = new PprEntry(0x0108, 0x5_1234, PprEntry.LAST | 0x1f, PprEntry.flags(2, 1), 0x7f00_0000_1000L);
        assertThat(entry.word(0)).isEqualTo(1L << 60 | 0x160L << 48 | 5L << 42 | 1L << 41 | 0x1fL << 32 | 0x1234L << 16 | 0x0108);
        assertThat(entry.access()).isEqualTo(2);
    }
}
