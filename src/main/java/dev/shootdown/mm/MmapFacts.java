package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/** What may be mapped, where it lies, what it merges with, and how it goes. A part of {@link KernelVersion}. */
public sealed interface MmapFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** MAP_SHARED_VALIDATE, of files: 4.15 and later (1c9725974074). */
    default boolean hasSharedValidate() {
        return this != V3_16 && this != V3_19;
    }

    /** MAP_DROPPABLE, of anonymous memory: 6.11 and later (9651fcedf7b9). */
    default boolean hasDroppable() {
        return this == V6_18;
    }

    /** MAP_FIXED_NOREPLACE: 4.17 and later (a4ff8e8620d3). */
    default boolean hasFixedNoreplace() {
        return hasReasons();
    }

    /** mm/mmap.c: file_mmap_ok, 4.17 and later (be83bbf80682). */
    default boolean limitsFileOffsets() {
        return hasReasons();
    }

    /** mm/vma.c: __mmap_prepare looks at the commit limit before what is there is unmapped, 6.12 and later; mmap_region after. */
    default boolean mmapCommitsFirst() {
        return this == V6_18;
    }

    /** mm/mmap.c: munmap and brk downgrade mmap_lock before the zap, 4.20 and later. */
    default boolean munmapDowngrades() {
        return hasReasons();
    }

    /** RLIMIT_DATA is for all that a process writes to of its own, and not for the heap only: mm/mmap.c, may_expand_vm, 4.5 and later (84638335900f). */
    default boolean limitsData() {
        return this != V3_16 && this != V3_19;
    }

    /** With vm.overcommit_memory=0 one call may have as much as there is memory and swap: mm/util.c, __vm_enough_memory, 5.2 and later (8c7829b04c52). */
    default boolean guessesByTotal() {
        return hasReasons();
    }

    /** F_SEAL_WRITE and other seals: mm/shmem.c, 3.17 and later (40e041a2c858). */
    default boolean hasSeals() {
        return this != V3_16;
    }

    /** F_SEAL_FUTURE_WRITE: 5.1 and later (ab3948f58ff8). */
    default boolean hasSealFutureWrite() {
        return hasReasons();
    }

    /** What is sealed against writes may be mapped shared all the same, if not to be written to: 6.7 and later (158978945f31). */
    default boolean mapsSealedFiles() {
        return this == V6_18;
    }

    /** mm/mmap.c: exit_mmap zaps under the read lock and frees tables under the write lock, 5.17 and later. */
    default boolean exitLocks() {
        return hasReasons();
    }

    /** mm/mmap.c: an anonymous mapping without hint whose length is a multiple of 2 MiB is aligned to it, 6.18. */
    default boolean alignsToHugePages() {
        return this == V6_18;
    }

    /** A mapping that grows down does so with mmap_lock held for writing: lock_mm_and_find_vma, 6.5 and later (8d7071af8907). */
    default boolean expandsWithWriteLock() {
        return this == V6_6 || this == V6_18;
    }

    /** A mapping that grows down keeps away from others: stack_guard_gap, 4.12 and later (1be7107fbe18). */
    default boolean stackKeepsGap() {
        return this != V3_16 && this != V3_19;
    }

    /** MAP_STACK says that huge pages are not welcome, 6.7 and later (c4608d1bf7c6). */
    default boolean stacksAreSmall() {
        return this == V6_18;
    }

    /** A fork child's anon_vma may be merged with none where the other side is no fork child (6.19) or its chain is singular (before). */
    default boolean mergeNeedsSingularChain() {
        return this != V6_18;
    }
}
