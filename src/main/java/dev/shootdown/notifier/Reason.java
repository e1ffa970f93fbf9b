package dev.shootdown.notifier;

/** Why a range is invalidated: enum mmu_notifier_event, include/linux/mmu_notifier.h, since 5.2. */
public enum Reason {
    UNMAP, CLEAR, PROTECTION_VMA, PROTECTION_PAGE, SOFT_DIRTY, RELEASE, MIGRATE, EXCLUSIVE
}
