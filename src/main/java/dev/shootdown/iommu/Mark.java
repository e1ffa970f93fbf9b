package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** An invalidation marks what a device has in flight and it covers, so that its completion waits until that has ended. */
sealed interface Mark extends Step {
    /** The device's number. */
    int device();

    void mark(Endpoint endpoint);

    @Override
    default void run(Turn turn) {
        mark(turn.part(Iommus.class).endpoint(device()));
    }

    /** A walk, which has read an entry of the range, or with {@code pointers} one that leads there. */
    @Safety(value = "no walk that began before an invalidation may fill anything behind it", manners = Manner.DROP)
    @Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES; VT-d 6.5.2: an invalidation covers page walks in progress")
    record Walk(int device, int pasid, long from, long to, boolean pointers) implements Mark {
        @Override
        public void mark(Endpoint endpoint) {
            endpoint.walk().mark(pasid, from, to, pointers);
        }
    }

    /** A walk that is looking up in the second stage where a guest's page of the range is. */
    @Safety(value = "no walk of the second stage that began before an invalidation may fill anything behind it", manners = Manner.DROP)
    @Cites("SMMUv3 4.4.3.2 TLBI_S2_IPA, 4.7.3 CMD_SYNC: walks that used what was invalidated are over")
    record SecondStage(int device, long from, long to) implements Mark {
        @Override
        public void mark(Endpoint endpoint) {
            InFlight nested = endpoint.nested();
            if (nested.busy() && nested.page() >= from && nested.page() < to) {
                endpoint.walk().stale(true);
            }
        }
    }

    /** An access of a device without ATS that the IOMMU has translated. */
    @Safety(value = "no access that the IOMMU has translated may land behind an invalidation's completion", manners = Manner.DROP)
    @Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES, COMPLETION_WAIT: untranslated accesses that used the translation have landed")
    record Untranslated(int device, int pasid, long from, long to) implements Mark {
        @Override
        public void mark(Endpoint endpoint) {
            endpoint.access().mark(pasid, from, to, false);
        }
    }

    /** The same of one that a marked walk leads to. */
    @Safety(value = "what a walk overtaken by an invalidation leads to may not land behind the completion", manners = Manner.DROP)
    @Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES, COMPLETION_WAIT: untranslated accesses that used the translation have landed")
    record Inherited(int device) implements Mark {
        @Override
        public void mark(Endpoint endpoint) {
            endpoint.access().stale(true);
        }
    }

    /** The IOMMU's answer to a device, on its way. */
    @Safety(value = "no answer that an invalidation overtakes may be used", manners = Manner.DROP)
    @Cites("PCIe ATS 10.3: an answer that an invalidation has overtaken is discarded")
    record Answer(int device, int pasid, long from, long to) implements Mark {
        @Override
        public void mark(Endpoint endpoint) {
            endpoint.answer().mark(pasid, from, to, false);
        }
    }

    /** A device's access by a translation of its ATC, on its way. */
    @Safety(value = "no access by a translation of an ATC may land behind its invalidation's completion", manners = Manner.DROP)
    @Cites("PCIe ATS 10.3.1: the invalidate completion is sent behind all accesses that used the translation")
    record Access(int device, int pasid, long from, long to) implements Mark {
        @Override
        public void mark(Endpoint endpoint) {
            endpoint.access().mark(pasid, from, to, false);
        }
    }
}
