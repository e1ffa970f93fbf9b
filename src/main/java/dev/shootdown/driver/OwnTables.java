package dev.shootdown.driver;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * Page tables that drivers fill, one for each binding whose driver does: in frames, like those of processes, so that an
 * IOMMU walks them as it walks those. Tables come when they are wanted and go with the binding.
 */
final class OwnTables {
    private static final long DIRECTORY = Entry.PRESENT | Entry.WRITE | Entry.USER | Entry.ACCESSED;

    private final Frames frames;
    private final Tables tables;
    private final Iommus iommus;
    private final Cells roots;

    OwnTables(World world, Iommus iommus) {
        this.frames = iommus.frames();
        this.tables = new Tables(frames);
        this.iommus = iommus;
        this.roots = world.cells("driver.own_table");
    }

    /** The top table of a binding, or 0 if its device works on the process's. */
    long root(int binding) {
        return roots.get(binding);
    }

    /** Gives a binding a table of its own, empty; false if there is no memory. */
    boolean make(int binding) {
        long root = frames.allocate(Use.KERNEL, 0);
        roots.set(binding, root);
        return root != 0;
    }

    /** Makes an entry; false if there is no memory for a table above it. */
    boolean install(int binding, long address, long translation, long born) {
        long table = root(binding);
        for (int level = iommus.levels(); level > 1; level--) {
            long below = below(tables.entry(table, address, level));
            if (below == 0) {
                below = frames.allocate(Use.KERNEL, 0);
                if (below == 0) {
                    return false;
                }
                tables.entry(table, address, level, Entry.of(below, DIRECTORY));
            }
            table = below;
        }
        boolean writes = Translation.allows(translation, Translation.WRITE);
        boolean executes = Translation.allows(translation, Translation.EXECUTE);
        long bits = Entry.MIRRORED | Entry.PRESENT | Entry.USER | (writes ? Entry.WRITE : 0) | (executes ? 0 : Entry.NX);
        iommus.mirrored(table, address, born);
        tables.entry(table, address, 1, Entry.of(Translation.frame(translation), bits));
        return true;
    }

    /** The table that an entry names, or 0. A device may have written over a table whose frame it had not let go of. */
    private long below(long entry) {
        long frame = Entry.present(entry) ? Entry.frame(entry) : 0;
        return frame < frames.count() ? frame : 0;
    }

    /** The first address in [address, end) that has an entry; end if none has. */
    long next(int binding, long address, long end) {
        long beyond = Entry.span(iommus.levels() + 1);
        long limit = Long.compareUnsigned(end, beyond) < 0 ? end : beyond;
        if (root(binding) == 0 || Long.compareUnsigned(address, limit) >= 0) {
            return end;
        }
        long found = next(root(binding), iommus.levels(), address, limit);
        return found == limit ? end : found;
    }

    private long next(long table, int level, long address, long end) {
        long at = address;
        while (Long.compareUnsigned(at, end) < 0) {
            long entry = tables.entry(table, at, level);
            long beyond = (at | Entry.span(level) - 1) + 1;
            long limit = Long.compareUnsigned(beyond, end) < 0 ? beyond : end;
            if (level == 1 ? entry != 0 : below(entry) != 0) {
                long found = level == 1 ? at : next(below(entry), level - 1, at, limit);
                if (found != limit) {
                    return found;
                }
            }
            if (Entry.index(at, level) == Frames.WORDS - 1) {
                return limit;
            }
            at = beyond;
        }
        return end;
    }

    /** Takes an entry away. */
    void clear(int binding, long address) {
        long table = tables.table(root(binding), iommus.levels(), address, 1);
        tables.entry(table, address, 1, 0);
        iommus.mirrored(table, address, 0);
    }

    /** Frees all tables of a binding. */
    void free(int binding) {
        if (root(binding) != 0) {
            free(root(binding), iommus.levels());
            roots.set(binding, 0);
        }
    }

    private void free(long table, int level) {
        for (int i = 0; level > 1 && i < Frames.WORDS; i++) {
            long below = below(frames.word(table, i));
            if (below != 0) {
                free(below, level - 1);
            }
        }
        frames.free(table);
    }
}
