package dev.shootdown.iommu.intel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.Ring;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptors of the invalidation queue, bit by bit. */
class QiDescriptorTest {
    private static final PageSpan NOWHERE = new PageSpan(0, false);
    private static final QiPages NONE = QiPages.NONE;

    private record Words(long low, long high, long third, long fourth) implements Ring.Slot {
        @Override
        public long word(int index) {
            return switch (index) {
                case 0 -> low;
                case 1 -> high;
                case 2 -> third;
                default -> fourth;
            };
        }
    }

    private static QiDescriptor decode(long low, long high) {
        return QiDescriptor.decode(new Words(low, high, 0, 0));
    }

    // ---------------------------------------------------------------- every field's place

    private static Arguments field(String what, QiDescriptor descriptor, long low, long high) {
        return Arguments.of(what, descriptor, low, high);
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                field("context G", new QiDescriptor.ContextCache(3, 0, 0, 0), 0x31, 0),
                field("context DID", new QiDescriptor.ContextCache(1, 0xffff, 0, 0), 0xffff_0011L, 0),
                field("context SID", new QiDescriptor.ContextCache(1, 0, 0xffff, 0), 0xffff_0000_0011L, 0),
                field("context FM", new QiDescriptor.ContextCache(1, 0, 0, 3), 0x3_0000_0000_0011L, 0),
                field("iotlb G", new QiDescriptor.Iotlb(3, false, false, 0, NONE), 0x32, 0),
                field("iotlb DW", new QiDescriptor.Iotlb(1, true, false, 0, NONE), 0x52, 0),
                field("iotlb DR", new QiDescriptor.Iotlb(1, false, true, 0, NONE), 0x92, 0),
                field("iotlb DID", new QiDescriptor.Iotlb(1, false, false, 0xffff, NONE), 0xffff_0012L, 0),
                field("iotlb AM", new QiDescriptor.Iotlb(3, false, false, 0, new QiPages(0, 0x3f, false)), 0x32, 0x3f),
                field("iotlb IH", new QiDescriptor.Iotlb(3, false, false, 0, new QiPages(0, 0, true)), 0x32, 0x40),
                field("iotlb address", new QiDescriptor.Iotlb(3, false, false, 0, new QiPages(-4096, 0, false)), 0x32, -4096),
                field("device-TLB PFSID low", new QiDescriptor.DeviceTlb(0, 0xf, 0, NOWHERE), 0xf003, 0),
                field("device-TLB PFSID high", new QiDescriptor.DeviceTlb(0, 0xfff0, 0, NOWHERE), 0xfff0_0000_0000_0003L, 0),
                field("device-TLB MaxInvsPend", new QiDescriptor.DeviceTlb(0, 0, 0x1f, NOWHERE), 0x1f_0003L, 0),
                field("device-TLB SID", new QiDescriptor.DeviceTlb(0xffff, 0, 0, NOWHERE), 0xffff_0000_0003L, 0),
                field("device-TLB S", new QiDescriptor.DeviceTlb(0, 0, 0, new PageSpan(0, true)), 3, 1),
                field("device-TLB address", new QiDescriptor.DeviceTlb(0, 0, 0, new PageSpan(-4096, false)), 3, -4096),
                field("interrupt G", new QiDescriptor.InterruptEntryCache(true, 0, 0), 0x14, 0),
                field("interrupt IM", new QiDescriptor.InterruptEntryCache(false, 0x1f, 0), 0xf800_0004L, 0),
                field("interrupt IIDX", new QiDescriptor.InterruptEntryCache(false, 0, 0xffff), 0xffff_0000_0004L, 0),
                field("wait IF", new QiDescriptor.Wait(true, false, false, false, 0, 0), 0x15, 0),
                field("wait SW", new QiDescriptor.Wait(false, true, false, false, 0, 0), 0x25, 0),
                field("wait FN", new QiDescriptor.Wait(false, false, true, false, 0, 0), 0x45, 0),
                field("wait PD", new QiDescriptor.Wait(false, false, false, true, 0, 0), 0x85, 0),
                field("wait data", new QiDescriptor.Wait(false, false, false, false, -1, 0), 0xffff_ffff_0000_0005L, 0),
                field("wait address", new QiDescriptor.Wait(false, false, false, false, 0, -4), 5, -4),
                field("PASID iotlb G", new QiDescriptor.PasidIotlb(2, 0, 0, NONE), 0x26, 0),
                field("PASID iotlb DID", new QiDescriptor.PasidIotlb(3, 0xffff, 0, NONE), 0xffff_0036L, 0),
                field("PASID iotlb PASID", new QiDescriptor.PasidIotlb(3, 0, 0xf_ffff, NONE), 0xf_ffff_0000_0036L, 0),
                field("PASID iotlb AM", new QiDescriptor.PasidIotlb(3, 0, 0, new QiPages(0, 0x3f, false)), 0x36, 0x3f),
                field("PASID iotlb IH", new QiDescriptor.PasidIotlb(3, 0, 0, new QiPages(0, 0, true)), 0x36, 0x40),
                field("PASID cache G", new QiDescriptor.PasidCache(3, 0, 0), 0x37, 0),
                field("PASID cache DID", new QiDescriptor.PasidCache(0, 0xffff, 0), 0xffff_0007L, 0),
                field("PASID cache PASID", new QiDescriptor.PasidCache(1, 0, 0xf_ffff), 0xf_ffff_0000_0017L, 0),
                field("PASID device-TLB MaxInvsPend", new QiDescriptor.PasidDeviceTlb(0, 0, 0x1f, 0, false, NOWHERE), 0x1f8, 0),
                field("PASID device-TLB PFSID", new QiDescriptor.PasidDeviceTlb(0, 0xffff, 0, 0, false, NOWHERE), 0xfff0_0000_0000_f008L, 0),
                field("PASID device-TLB SID", new QiDescriptor.PasidDeviceTlb(0xffff, 0, 0, 0, false, NOWHERE), 0xffff_0008L, 0),
                field("PASID device-TLB PASID", new QiDescriptor.PasidDeviceTlb(0, 0, 0, 0xf_ffff, false, NOWHERE), 0xf_ffff_0000_0008L, 0),
                field("PASID device-TLB GI", new QiDescriptor.PasidDeviceTlb(0, 0, 0, 0, true, NOWHERE), 8, 1),
                field("PASID device-TLB S", new QiDescriptor.PasidDeviceTlb(0, 0, 0, 0, false, new PageSpan(0, true)), 8, 0x800),
                field("PASID device-TLB address", new QiDescriptor.PasidDeviceTlb(0, 0, 0, 0, false, new PageSpan(-4096, false)), 8, -4096),
                field("response PP", new QiDescriptor.PageGroupResponse(true, 0, 0, 0, false, 0), 0x19, 0),
                field("response RC", new QiDescriptor.PageGroupResponse(false, 0xf, 0, 0, false, 0), 0xf009, 0),
                field("response RID", new QiDescriptor.PageGroupResponse(false, 0, 0xffff, 0, false, 0), 0xffff_0009L, 0),
                field("response PASID", new QiDescriptor.PageGroupResponse(false, 0, 0, 0xf_ffff, false, 0), 0xf_ffff_0000_0009L, 0),
                field("response LPIG", new QiDescriptor.PageGroupResponse(false, 0, 0, 0, true, 0), 9, 4),
                field("response index", new QiDescriptor.PageGroupResponse(false, 0, 0, 0, false, 0x1ff), 9, 0xff8),
                field("HPT G", new QiDescriptor.HptCache(3, 0, 0, 0, 0), 0x3a, 0),
                field("HPT DID", new QiDescriptor.HptCache(1, 0xffff, 0, 0, 0), 0xffff_001aL, 0),
                field("HPT AM", new QiDescriptor.HptCache(1, 0, 0x3f, 0, 0), 0x1a, 0x3f),
                field("HPT IH", new QiDescriptor.HptCache(1, 0, 0, 3, 0), 0x1a, 0xc0),
                field("HPT address", new QiDescriptor.HptCache(1, 0, 0, 0, -4096), 0x1a, -4096));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void aFieldIsWhereTheManualHasIt(String what, QiDescriptor descriptor, long low, long high) {
        assertThat(descriptor.low()).isEqualTo(low);
        assertThat(descriptor.high()).isEqualTo(high);
        assertThat(descriptor.words()).containsExactly(low, high, 0L, 0L);
        assertThat(decode(low, high)).isEqualTo(descriptor);
    }

    // ---------------------------------------------------------------- round trips

    private static QiDescriptor random(SplittableRandom random) {
        QiPages pages = new QiPages(random.nextLong() & -4096, random.nextInt(64), random.nextBoolean());
        PageSpan span = new PageSpan(random.nextLong() & -4096, random.nextBoolean());
        int sid = random.nextInt(1 << 16);
        int pasid = random.nextInt(1 << 20);
        int did = random.nextInt(1 << 16);
        int deep = random.nextInt(32);
        List<Function<SplittableRandom, QiDescriptor>> kinds = List.of(
                r -> new QiDescriptor.ContextCache(1 + r.nextInt(3), did, sid, r.nextInt(4)),
                r -> new QiDescriptor.Iotlb(1 + r.nextInt(3), r.nextBoolean(), r.nextBoolean(), did, pages),
                r -> new QiDescriptor.DeviceTlb(sid, r.nextInt(1 << 16), deep, span),
                r -> new QiDescriptor.InterruptEntryCache(r.nextBoolean(), deep, sid),
                r -> new QiDescriptor.Wait(r.nextBoolean(), r.nextBoolean(), r.nextBoolean(), r.nextBoolean(), r.nextInt(), r.nextLong() & -4),
                r -> new QiDescriptor.PasidIotlb(2 + r.nextInt(2), did, pasid, pages),
                r -> new QiDescriptor.PasidCache(new int[] {0, 1, 3}[r.nextInt(3)], did, pasid),
                r -> new QiDescriptor.PasidDeviceTlb(sid, r.nextInt(1 << 16), deep, pasid, r.nextBoolean(), span),
                r -> new QiDescriptor.PageGroupResponse(r.nextBoolean(), r.nextInt(16), sid, pasid, r.nextBoolean(), r.nextInt(512)),
                r -> new QiDescriptor.HptCache(1 + r.nextInt(3), did, r.nextInt(64), r.nextInt(4), r.nextLong() & -4096));
        return kinds.get(random.nextInt(kinds.size())).apply(random);
    }

    @Test
    void whatIsEncodedIsDecoded() {
        SplittableRandom random = new SplittableRandom(20261122);
        for (int i = 0; i < 20_000; i++) {
            QiDescriptor descriptor = random(random);
            assertThat(QiDescriptor.decode(descriptor)).isEqualTo(descriptor);
        }
    }

    // ---------------------------------------------------------------- what is none

    /** One bit more than a descriptor has fields for. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0xb, 0", "0x201, 0", "0x2, 0", "0x1, 0", "0x6, 0", "0x16, 0", "0x27, 0", "0xa, 0", "0x52, 0x80", "0x1_0013, 0", "0x35, 1", "0x15, 2",
        "0x36, 0x80", "0x17, 1", "0x8, 2", "0x8, 0x400", "0x219, 0", "0x9, 1", "0x9, 0x1000", "0x14, 1", "0x1015, 0"})
    void aReservedBitOrValueMakesItInvalid(String low, String high) {
        long first = Long.decode(low.replace("_", ""));
        assertThat(decode(first, Long.decode(high))).isEqualTo(new QiDescriptor.Invalid(first, Long.decode(high)));
    }

    @Test
    void theUpperHalfIsReserved() {
        assertThat(QiDescriptor.decode(new Words(0x25, 0, 1, 0)).valid()).isFalse();
        assertThat(QiDescriptor.decode(new Words(0x25, 0, 0, 1L << 63)).valid()).isFalse();
        assertThat(QiDescriptor.decode(new Words(0x25, 0, 0, 0)).valid()).isTrue();
    }

    // ---------------------------------------------------------------- what it covers

    @ParameterizedTest
    @CsvSource({"0x7f0000003000, 0, 0x7f0000003000, 0x7f0000004000", "0x7f0000003000, 2, 0x7f0000000000, 0x7f0000004000",
        "0x7f00001ff000, 9, 0x7f0000000000, 0x7f0000200000", "0x7f0000003000, 52, 0, -1", "0x7f0000003000, 63, 0, -1"})
    void theMaskedBitsOfAnAddressDoNotCount(String address, int mask, String start, String end) {
        QiPages pages = new QiPages(Long.decode(address), mask, false);
        assertThat(pages.start()).isEqualTo(Long.decode(start));
        assertThat(pages.end()).isEqualTo(Long.decode(end));
    }

    @Test
    void aBlockHoldsItsRangeAndNoSmallerOneDoes() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            long start = random.nextLong(1L << 47) & -4096;
            long end = start + ((1 + random.nextLong(1L << random.nextInt(1, 30))) << 12);
            QiPages block = QiPages.of(start, end);
            assertThat(block.start()).isLessThanOrEqualTo(start);
            assertThat(block.end()).isGreaterThanOrEqualTo(end);
            if (block.mask() > 0) {
                long half = block.start() + (block.end() - block.start()) / 2;
                assertThat(start < half && end > half).isTrue();
            }
        }
    }

    @Test
    void aWideGranularityIsEverything() {
        QiDescriptor wide = new QiDescriptor.PasidIotlb(QiDescriptor.PASID_WIDE, 1, 1, NONE);
        assertThat(wide.start()).isZero();
        assertThat(wide.end()).isEqualTo(Caches.EVERYTHING);
    }
}
