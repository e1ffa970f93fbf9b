package dev.shootdown.notifier;

import java.util.Locale;

/**
 * What a driver may be called back for: struct mmu_notifier_ops and mmu_interval_notifier_ops, and {@link #FAULT}, which is
 * not the notifier's.
 */
public enum CallbackName {
    /** invalidate_range_start. */
    START,
    /** invalidate_range_end. */
    END,
    /** invalidate_range (3.19-6.5), arch_invalidate_secondary_tlbs (6.6 and later). */
    RANGE,
    /** invalidate_page (until 4.13). */
    PAGE,
    /** change_pte (until 6.9). */
    CHANGE_PTE,
    CLEAR_FLUSH_YOUNG,
    CLEAR_YOUNG,
    TEST_YOUNG,
    /** An interval notifier's invalidate. */
    INVALIDATE,
    RELEASE,
    /** Its device asks for a page: the fault worker calls, whatever the kernel's version. */
    FAULT;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As the language writes it. */
    public String word() {
        return word;
    }
}
