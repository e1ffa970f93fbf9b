package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps a page again wherever a migration entry stands for it, in its new frame or, where it could not move, in the old
 * one. Nobody is told: nothing was mapped there.
 *
 * @param old the frame that the entries name
 * @param now the frame that the page is in, with its mapping and index
 */
@Cites("mm/migrate.c: remove_migration_ptes, 3.16-6.18")
record RemoveMigrationPtes(long old, long now) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        int family = kernel.rmap().family(now);
        turn.then(new RmapLock.Read(family), new Walk(old, now), new RmapLock.ReadUnlock(family));
    }

    /** The mappings of the page, one after the other. */
    @Cites("mm/rmap.c: rmap_walk_anon, rmap_walk_file, 3.16-6.18")
    record Walk(long old, long now) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mapping(now)) {
                long address = Rmap.address(vma, kernel.folios().index(now));
                long table = kernel.pteTable(vma.mm(), address);
                if (table != 0) {
                    steps.add(new One(vma, address, table, old, now));
                }
            }
            turn.then(steps);
        }
    }

    /** One entry. */
    @Cites("mm/migrate.c: remove_migration_pte, 3.16-6.18")
    record One(Vma vma, long address, long table, long old, long now) implements KernelStep {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (restore(kernel, vma, address, table, old, now)) {
                PageTables.changed(kernel, turn, vma.mm(), "set", address, Frames.PAGE_SIZE, null);
            }
        }
    }

    /** Maps the page where a migration entry stands for it; returns whether one did. */
    static boolean restore(Kernel kernel, Vma vma, long address, long table, long old, long now) {
        long entry = kernel.tables().entry(table, address, 1);
        if (!SwapEntry.migrating(entry) || SwapEntry.frame(entry) != old) {
            return false;
        }
        boolean exclusive = SwapEntry.type(entry) != SwapEntry.MIGRATION_READ;
        if (exclusive && kernel.version().anonExclusive() && Rss.anonymous(kernel.frames().use(now))) {
            kernel.folios().mark(now, Folios.ANON_EXCLUSIVE);
        }
        kernel.frames().get(now);
        kernel.frames().mapped(now, 1);
        kernel.tables().entry(table, address, 1, Entry.of(now, bits(kernel, vma, entry, now)));
        return true;
    }

    private static long bits(Kernel kernel, Vma vma, long entry, long now) {
        boolean remembers = kernel.version().migrationKeepsYoung();
        boolean writable = SwapEntry.type(entry) == SwapEntry.MIGRATION_WRITE && vma.has(Vma.WRITE);
        boolean young = !remembers || (SwapEntry.offset(entry) & SwapEntry.YOUNG) != 0;
        boolean dirty = remembers && (SwapEntry.offset(entry) & SwapEntry.DIRTY) != 0 && kernel.folios().has(now, Folios.DIRTY);
        return vma.pageProtection(kernel.files().writeNotify(vma.file()))
                | (writable ? Entry.WRITE : 0) | (young ? Entry.ACCESSED : 0) | (dirty ? Entry.DIRTY : 0)
                | ((entry & SwapEntry.SOFT_DIRTY) != 0 ? Entry.SOFT_DIRTY : 0)
                | ((entry & SwapEntry.UFFD_WP) != 0 ? Entry.UFFD_WP : 0);
    }
}
