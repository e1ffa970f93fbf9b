package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V4_15;
import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/**
 * What finds pages by the reverse mapping, or takes them away: reclaim, writeback, KSM, migration, uprobes, the OOM reaper. A part of
 * {@link KernelVersion}.
 */
public sealed interface ReclaimFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** {@link KernelVersion#hasInvalidatePage}. */
    boolean hasInvalidatePage();

    /** A file that grows behind the middle of a page has that page write-protected: pagecache_isize_extended, 3.18 and later (90a8020278c1). */
    default boolean extensionCleans() {
        return this != V3_16;
    }

    /** ext4 writes a hole's dirty pages back before it drops them: ext4_punch_hole until 6.13 (later ext4_truncate_page_cache_block_range, which does not). */
    default boolean punchWritesBack() {
        return this != V6_18;
    }

    /**
     * Who unmaps or write-protects a page through the reverse mapping notifies of a range, 4.14 and later (369ea8242c0f,
     * cdb07bdea28e); before, of the page, when it is done.
     */
    default boolean rmapNotifiesRanges() {
        return !hasInvalidatePage();
    }

    /** Reclaim puts the CPUs' flush off where another CPU has the space loaded: TTU_BATCH_FLUSH, 4.3 and later (72b252aed506). */
    default boolean unmapDefersFlush() {
        return this != V3_16 && this != V3_19;
    }

    /** try_to_unmap_one asks for the accessed bit once more: until 5.10 (013339df116c). */
    default boolean unmapAsksYoung() {
        return !hasReasons();
    }

    /** Reclaim frees what it took when a folio_batch is full, 31 pages: mm/vmscan.c, shrink_folio_list, 6.18; before, all at the end. */
    default int reclaimFreesAtOnce() {
        return this == V6_18 ? 31 : Integer.MAX_VALUE;
    }

    /** KSM tells secondary TLBs under the lock of the table: ptep_clear_flush_notify in mm/ksm.c, 3.19 to 4.14. */
    default boolean ksmInvalidates() {
        return this == V3_19;
    }

    /** A migration entry remembers whether the page was used and written to: 6.1 and later (2e3468778dbe). */
    default boolean migrationKeepsYoung() {
        return hasReasons();
    }

    /** migrate_pages unmaps a batch, flushes once, and copies then: 6.3 and later (5dfab109d519, 7e12beb8ca2a). */
    default boolean migrationUnmapsAllFirst() {
        return this == V6_6 || this == V6_18;
    }

    /** mbind lets go of the mmap lock before it moves pages: 6.7 and later (72e315f7a750). */
    default boolean mbindUnlocksFirst() {
        return this == V6_18;
    }

    /** kernel/events/uprobes.c: a page without breakpoints that equals its file's is dropped, 5.4 and later (fb4fb04ff4dd). */
    default boolean uprobeRestoresFilePage() {
        return hasReasons();
    }

    /** kernel/events/uprobes.c: the page is copied as by a write, and changed in place, 6.15 and later (e3a4bc0b58f2). */
    default boolean uprobeWritesInPlace() {
        return this == V6_18;
    }

    /** mm/oom_kill.c: the OOM reaper, 4.6 and later (aac453635549). */
    default boolean hasOomReaper() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/oom_kill.c: an address space with notifiers is not reaped, until 5.0 (93065ac753e4). */
    default boolean oomReaperSparesNotifiers() {
        return this == V4_15;
    }
}
