package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V4_15;
import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/** How permissions and flags of what is mapped change: mprotect, userfaultfd, mlock, mseal, clear_refs. A part of {@link KernelVersion}. */
public sealed interface ProtectionFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** The level whose pieces mprotect notifies for: 3 (a gigabyte) in change_pmd_range until 6.8, 4 in change_pud_range then. */
    default int protectNotifiesPer() {
        return this == V6_18 ? 4 : 3;
    }

    /** mprotect flushes by a gather, entry by entry (pte_needs_flush), at the end of the call: 5.18 and later (4a18419f71cd). */
    default boolean protectGathers() {
        return hasReasons();
    }

    /** mprotect takes VM_ACCOUNT from what can no longer be written to and has no page yet, 6.6 and later. */
    default boolean protectUnaccounts() {
        return this == V6_6 || this == V6_18;
    }

    /** mprotect copies the pages of what is locked and becomes writable, 4.2 and later (36f881883c57). */
    default boolean protectCopiesLocked() {
        return this != V3_16 && this != V3_19;
    }

    /** mprotect makes an entry writable where no fault would do anything else: MM_CP_TRY_CHANGE_WRITABLE, 6.0 and later (64fe24a3e05e). */
    default boolean protectMakesWritable() {
        return hasReasons();
    }

    /** userfaultfd: 4.3 and later (86039bd3b4e6). */
    default boolean hasUserfaultfd() {
        return this != V3_16 && this != V3_19;
    }

    /** UFFDIO_WRITEPROTECT: 5.7 and later (63b2d4174c4a). */
    default boolean hasUserfaultfdWp() {
        return hasReasons();
    }

    /** uffd_wp_range makes an entry writable where no fault would do anything else: 6.2 and later (6a56ccbcf6c6). */
    default boolean uffdMakesWritable() {
        return this == V6_6 || this == V6_18;
    }

    /** mm/mseal.c: mseal, 6.10 and later (8be7258aad44). */
    default boolean hasMseal() {
        return this == V6_18;
    }

    /** mm/mlock.c: mlock2, 4.4 and later. */
    default boolean hasMlock2() {
        return this != V3_16 && this != V3_19;
    }

    /** fs/proc/task_mmu.c: clear_refs knows the number 5, 4.0 and later (695f05593693). */
    default boolean clearsHighWater() {
        return this != V3_16 && this != V3_19;
    }

    /** fs/proc/task_mmu.c: clear_refs holds mmap_lock for writing, 5.12 and later; before, for reading. */
    default boolean clearRefsWrites() {
        return hasReasons();
    }

    /** fs/proc/task_mmu.c: clear_refs flushes for accessed bits too, until 5.12. */
    default boolean clearRefsFlushesAlways() {
        return !hasReasons();
    }

    /** fs/proc/task_mmu.c: clear_refs flushes by a gather of everything, 4.13 to 5.11. */
    default boolean clearRefsGathers() {
        return this == V4_15;
    }
}
