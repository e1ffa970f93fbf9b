package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;

/** What the entries on the way to a page let an access do, and what of that goes into a translation. */
@Cites("Intel SDM volume 3A, 4.6; VT-d 3.6.1, 3.8.1; RISC-V IOMMU 2.6 and PCIe ATS 10.2.3: a denied permission is clear in the completion")
final class AccessRights {
    static final int PERMISSIONS = Translation.READ | Translation.WRITE | Translation.EXECUTE;

    private final Iommu iommu;

    AccessRights(Iommu iommu) {
        this.iommu = iommu;
    }

    // ---------------------------------------------------------------- of an access

    static boolean privileged(int access) {
        return (access & Translation.PRIVILEGED) != 0;
    }

    static boolean writes(int access) {
        return (access & Translation.WRITE) != 0;
    }

    /** What it asks for, without the mode that it asks for it in. */
    static int wanted(int access) {
        return access & PERMISSIONS;
    }

    /**
     * What of an access a walk goes on for, where a page allows this: a device that asks for a translation is told what it may do,
     * if that is anything at all, and what it may not; an access without a translation wants all that it asks for.
     */
    static int granted(Endpoint endpoint, int allowed, int access) {
        boolean partial = endpoint.ats() && (allowed & (Translation.READ | Translation.WRITE)) != 0;
        return partial ? access & (allowed | ~PERMISSIONS) : access;
    }

    // ---------------------------------------------------------------- of entries

    /** Whether A or D is to be set in an entry that is used. */
    static boolean updates(long entry, boolean leaf, boolean write) {
        return (entry & Entry.ACCESSED) == 0 || leaf && write && !Entry.dirty(entry);
    }

    /** What the entries up to this one let the access do, by the rules of its mode. */
    int allowed(Endpoint endpoint, int pasid, long table, long entry, boolean leaf, int access) {
        int by = Translation.permissions(table);
        if (!privileged(access)) {
            return (table & Translation.PRIVILEGED) != 0 ? 0 : by & Tables.permissions(entry);
        }
        boolean user = leaf && !supervisor(table, entry);
        int found = by & Tables.privileged(entry);
        return user ? found & iommu.supervisorOnUserPage(endpoint.device(), pasid) : found;
    }

    /** Why an entry does not do, which it does not. */
    Fault.Why why(long table, long entry, int level, int access) {
        if (!Entry.present(entry)) {
            return Fault.Why.NOT_PRESENT;
        }
        if (iommu.reserved(entry, level)) {
            return Fault.Why.RESERVED;
        }
        return supervisor(table, entry) && !privileged(access) ? Fault.Why.SUPERVISOR : Fault.Why.PERMISSION;
    }

    private static boolean supervisor(long table, long entry) {
        return (table & Translation.PRIVILEGED) != 0 || (entry & Entry.USER) == 0;
    }

    // ---------------------------------------------------------------- of what is found

    /** The frame of a page that an entry of a level maps. */
    static long leafFrame(long entry, long page, int level) {
        long within = page & (Entry.span(level) >>> Frames.PAGE_SHIFT) - 1;
        return (Entry.frame(entry) & -(Entry.span(level) >>> Frames.PAGE_SHIFT)) + within;
    }

    /** Write permission is remembered only where the dirty bit need not be set any more; and for which mode the page was asked for. */
    static long leaf(long frame, long used, int allowed, int access) {
        int permissions = Entry.dirty(used) ? allowed : allowed & ~Translation.WRITE;
        return Translation.of(frame, permissions | access & Translation.PRIVILEGED);
    }

    /** A pointer to the table below one, of which it is remembered whether any entry on the way is not for users. */
    static long pointer(long below, long table, long entry, int allowed) {
        return Translation.of(below, allowed & PERMISSIONS | (supervisor(table, entry) ? Translation.PRIVILEGED : 0));
    }

    /** What both stages allow, of a page that the second one has found. */
    static long both(long first, long second) {
        int own = Translation.DIRTY | Translation.PRIVILEGED;
        return Translation.of(Translation.frame(second), Translation.permissions(first) & (Translation.permissions(second) | own));
    }

    /** What a device is told of a translation: Exe is set only where execution was asked for (PCIe ATS 10.2.3). */
    static long completion(long translation, int access) {
        return (access & Translation.EXECUTE) != 0 ? translation : translation & ~Translation.EXECUTE;
    }
}
