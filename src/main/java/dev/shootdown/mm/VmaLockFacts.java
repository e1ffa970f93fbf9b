package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/** Which mappings have a lock of their own, and what that is enough for. A part of {@link KernelVersion}. */
public sealed interface VmaLockFacts permits KernelVersion {
    /** Each mapping has a lock of its own, which CPUs' faults try first: mm/memory.c, lock_vma_under_rcu, 6.4 and later. */
    default boolean hasVmaLocks() {
        return this == V6_6 || this == V6_18;
    }

    /**
     * With a mapping's lock only, faults are not served of anonymous memory without anon_vma, of the hugetlb pool, or without
     * permission: mm/memory.c, lock_vma_under_rcu, mm/hugetlb.c, hugetlb_fault, arch/x86/mm/fault.c, until 6.9.
     */
    default boolean vmaLockNeedsAnonVma() {
        return this == V6_6;
    }

    /** With a mapping's lock only, faults of files map what is in the page cache, for reads: mm/memory.c, do_read_fault, until 6.6. */
    default boolean vmaLockMapsCachedPagesOnly() {
        return this == V6_6;
    }

    /** Where a mapping's lock is held, the mmap lock is tried for the mapping's anon_vma: mm/memory.c, vmf_anon_prepare, 6.10 and later. */
    default boolean anonVmaByTrylock() {
        return this == V6_18;
    }

    /** madvise's dontneed and free of one mapping of the caller's own hold only its lock: mm/madvise.c, madvise_lock, 6.17 and later. */
    default boolean advisesUnderVmaLock() {
        return this == V6_18;
    }

    /** UFFDIO_COPY and UFFDIO_ZEROPAGE hold the lock of the mapping that they fill: mm/userfaultfd.c, uffd_mfill_lock, 6.9 and later. */
    default boolean fillsUnderVmaLock() {
        return this == V6_18;
    }
}
