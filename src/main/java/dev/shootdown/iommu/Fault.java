package dev.shootdown.iommu;

import dev.shootdown.memory.Translation;

/**
 * A translation that did not come about.
 *
 * @param addr the page's address
 * @param access what was asked for, as {@link Translation} permissions, {@link Translation#PRIVILEGED} among them
 * @param why  where it ended
 * @param code the vendor's own for what is wrong with its tables ({@link Why#TABLES}); of a fault in the second stage, the level of the
 *             table that was to be read, or 0 for the page; else 0
 * @param at   the guest-physical address that the second stage does not allow, or the physical one of the table entry, of either
 *             stage, that is in no memory; else 0
 */
public record Fault(int pasid, long addr, int access, Why why, int code, long at) {
    /** One for which the place does not count. */
    public Fault(int pasid, long addr, int access, Why why, int code) {
        this(pasid, addr, access, why, code, 0);
    }

    /** Where a translation ends. */
    public enum Why {
        /** In the IOMMU's own tables: no entry for the device or the PASID, or one that is not as it must be. */
        TABLES,
        /** At the address, which no page table of this many levels can hold. */
        ADDRESS,
        /** At a table whose frame is no memory. */
        ACCESS,
        /** At an entry that is not present. */
        NOT_PRESENT,
        /** At an entry with a bit set that must not be. */
        RESERVED,
        /** At an entry that is not for users. */
        SUPERVISOR,
        /** At an entry that does not allow the access. */
        PERMISSION,
        /** In the second stage, at the address of a table, or at that of the page: an entry that is not present. */
        SECOND_STAGE,
        /** There, at an entry that does not allow the access. */
        SECOND_STAGE_PERMISSION,
        /** There, at an entry that does not let A or D be set in a table of the first stage. */
        SECOND_STAGE_UPDATE,
        /** There, at an entry with a bit set that must not be. */
        SECOND_STAGE_RESERVED,
        /** At a table of the second stage whose frame is no memory. */
        SECOND_STAGE_ACCESS
    }

    /** Whether a write was asked for. */
    public boolean write() {
        return (access & Translation.WRITE) != 0;
    }

    /** Whether execution was (Execute Requested). */
    public boolean execute() {
        return (access & Translation.EXECUTE) != 0;
    }

    /** Whether privileged mode was (Privileged Mode Requested). */
    public boolean privileged() {
        return (access & Translation.PRIVILEGED) != 0;
    }

    /** Whether it is one of the second stage. */
    public boolean secondStage() {
        return why.compareTo(Why.SECOND_STAGE) >= 0;
    }

    /** Whether there was an entry, which did not allow the access. */
    public boolean present() {
        return why == Why.PERMISSION || why == Why.SUPERVISOR;
    }
}
