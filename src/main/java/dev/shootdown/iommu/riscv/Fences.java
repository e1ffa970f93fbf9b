package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Endpoint;
import java.util.List;

/** What a fence waits for: what invalidations before it have marked, and what it orders itself. */
final class Fences {
    private final List<Endpoint> channels;

    Fences(List<Endpoint> channels) {
        this.channels = channels;
    }

    /** Whether an invalidation before a fence is not complete yet. Untranslated accesses are for PR and PW to order. */
    boolean outstanding() {
        boolean outstanding = false;
        for (int i = 0; i < channels.size(); i++) {
            Endpoint endpoint = channels.get(i);
            outstanding |= endpoint.walk().stale();
            outstanding |= endpoint.ats() & (endpoint.answer().stale() | endpoint.access().stale());
        }
        return outstanding;
    }

    /** A fence marks the untranslated accesses that it orders: those that have been translated before it. */
    void mark(RiscvCommand.IofenceC fence) {
        for (int i = 0; i < channels.size(); i++) {
            Endpoint endpoint = channels.get(i);
            if (!endpoint.ats() && (endpoint.access().write() ? fence.pw() : fence.pr())) {
                endpoint.access().mark(-1, 0, Caches.PAGES, false);
            }
        }
    }

    /** Whether a marked untranslated access, a read or a write as asked, has not reached memory yet. */
    boolean unordered(boolean reads, boolean writes) {
        boolean unordered = false;
        for (int i = 0; i < channels.size(); i++) {
            Endpoint endpoint = channels.get(i);
            boolean kind = endpoint.access().write() ? writes : reads;
            unordered |= !endpoint.ats() & endpoint.access().stale() & kind;
        }
        return unordered;
    }
}
