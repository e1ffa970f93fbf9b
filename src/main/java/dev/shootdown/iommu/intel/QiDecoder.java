package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;

import dev.shootdown.iommu.PageSpan;
import dev.shootdown.memory.Frames;

/** From a slot's words to the descriptor that they are: VT-d 6.5.2.1 to 6.5.2.10. */
final class QiDecoder {
    private QiDecoder() {}

    /** The descriptor of a type with these fields, whether they are valid or not. */
    static QiDescriptor of(int type, long low, long high) {
        return switch (type) {
            case QiDescriptor.ContextCache.TYPE -> new QiDescriptor.ContextCache(field(low, 4, 2), field(low, 16, 16), field(low, 32, 16), field(low, 48, 2));
            case QiDescriptor.Iotlb.TYPE -> new QiDescriptor.Iotlb(field(low, 4, 2), has(low, 6), has(low, 7), field(low, 16, 16), QiPages.decode(high));
            case QiDescriptor.DeviceTlb.TYPE -> new QiDescriptor.DeviceTlb(field(low, 32, 16), pfsid(low), field(low, 16, 5), PageSpan.decode(high));
            case QiDescriptor.InterruptEntryCache.TYPE -> new QiDescriptor.InterruptEntryCache(has(low, 4), field(low, 27, 5), field(low, 32, 16));
            case QiDescriptor.Wait.TYPE -> new QiDescriptor.Wait(has(low, 4), has(low, 5), has(low, 6), has(low, 7), field(low, 32, 32), high);
            case QiDescriptor.PasidIotlb.TYPE -> new QiDescriptor.PasidIotlb(field(low, 4, 2), field(low, 16, 16), field(low, 32, 20), QiPages.decode(high));
            case QiDescriptor.PasidCache.TYPE -> new QiDescriptor.PasidCache(field(low, 4, 2), field(low, 16, 16), field(low, 32, 20));
            case QiDescriptor.PasidDeviceTlb.TYPE -> new QiDescriptor.PasidDeviceTlb(field(low, 16, 16), pfsid(low), field(low, 4, 5), field(low, 32, 20),
                    has(high, 0), new PageSpan(high & -Frames.PAGE_SIZE, has(high, 11)));
            case QiDescriptor.PageGroupResponse.TYPE -> new QiDescriptor.PageGroupResponse(has(low, 4), field(low, 12, 4), field(low, 16, 16),
                    field(low, 32, 20), has(high, 2), field(high, 3, 9));
            case QiDescriptor.HptCache.TYPE -> new QiDescriptor.HptCache(field(low, 4, 2), field(low, 16, 16), field(high, 0, 6), field(high, 6, 2),
                    high & -Frames.PAGE_SIZE);
            default -> new QiDescriptor.Invalid(low, high);
        };
    }

    private static int pfsid(long low) {
        return field(low, 12, 4) | field(low, 52, 12) << 4;
    }
}
