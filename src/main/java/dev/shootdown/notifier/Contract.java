package dev.shootdown.notifier;

import java.util.Set;

/**
 * What a kernel version promises its subscribers: the facts that the notifier itself needs.
 *
 * @param callbacks           which callbacks exist at all
 * @param endInvalidates      end first calls each subscriber's range callback (3.19-6.5: __mmu_notifier_invalidate_range_end)
 * @param onlyEndExists       end has a variant without that call (4.15: mmu_notifier_invalidate_range_only_end)
 * @param hasReasons          ranges carry a reason (5.2 and later)
 * @param rangeStandsAlone    a range callback beside start or end is refused with EINVAL (6.10 and later: __mmu_notifier_register)
 */
public record Contract(Set<CallbackName> callbacks, boolean endInvalidates, boolean onlyEndExists, boolean hasReasons,
        boolean rangeStandsAlone) {
    public Contract {
        callbacks = Set.copyOf(callbacks);
    }

    public boolean has(CallbackName name) {
        return callbacks.contains(name);
    }
}
