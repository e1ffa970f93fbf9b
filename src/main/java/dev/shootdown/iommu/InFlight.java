package dev.shootdown.iommu;

import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * A place for one thing that a device has in flight: a walk, an answer on its way, an access. An invalidation
 * that covers it marks it stale and its completion waits for the mark; only the device takes the mark away, when
 * it has finished. The mark is a cell of its own, so that "done" looks at the mark alone.
 */
public final class InFlight {
    private static final int GROUP = 2;
    private static final int TAG = 0;
    private static final int HELD = 1;
    private static final int BORN = 2;
    private static final int WRITE = 3;
    private static final int LEVEL_BITS = 3;
    private static final int PAGE_BITS = 45;
    private static final int INDEX_BITS = 9;

    private final Cells cells;
    /** Where in them: the PASID's, plus 1. Who invalidates a PASID looks at that PASID's words alone. */
    private final Cell pasid;
    private final Cell stale;

    public InFlight(World world, String name) {
        this.cells = world.cells(name, Role.STATE, GROUP);
        this.pasid = world.cell(name + ".pasid");
        this.stale = world.cell(name + ".stale");
    }

    /** Takes the place for something that holds a page's translation. */
    public void begin(int pasid, long page, long translation, long born) {
        hold(pasid, page, translation, born, 0);
    }

    /**
     * Takes the place, or goes on in it.
     *
     * @param held  what came from memory or a cache: a page's translation or, in the same form, the next table
     * @param born  the generation that its frame had when it was taken from a live entry
     * @param level of the table that is held; 0 if it is the page itself
     */
    public void hold(int pasid, long page, long held, long born, int level) {
        this.pasid.set(pasid + 1L);
        long at = at(pasid);
        cells.set(at | TAG, (pasid + 1L) << PAGE_BITS | page);
        cells.set(at | HELD, held << LEVEL_BITS | level);
        cells.set(at | BORN, born);
    }

    private static long at(int pasid) {
        return pasid + 1L << GROUP;
    }

    private long at() {
        return at(pasid());
    }

    public boolean busy() {
        return pasid.get() != 0;
    }

    public int pasid() {
        return (int) pasid.get() - 1;
    }

    public long page() {
        return page(cells.get(at() | TAG));
    }

    private static long page(long tag) {
        return tag & ((1L << PAGE_BITS) - 1);
    }

    /** The {@link Translation} that is held, of the page or of the next table. */
    public long held() {
        return cells.get(at() | HELD) >>> LEVEL_BITS;
    }

    public long born() {
        return cells.get(at() | BORN);
    }

    public int level() {
        return level(cells.get(at() | HELD));
    }

    private static int level(long held) {
        return (int) held & (1 << LEVEL_BITS) - 1;
    }

    /** Says of an untranslated access whether it writes: some fences order reads alone, or writes. */
    void write(boolean writes) {
        cells.set(at() | WRITE, writes ? 1 : 0);
    }

    /** Whether an untranslated access writes. */
    public boolean write() {
        return cells.get(at() | WRITE) != 0;
    }

    public boolean stale() {
        return stale.get() != 0;
    }

    void stale(boolean mark) {
        stale.set(mark ? 1 : 0);
    }

    /** Leaves the place, and with it the mark. */
    public void end() {
        long at = at();
        cells.set(at | TAG, 0);
        cells.set(at | HELD, 0);
        cells.set(at | BORN, 0);
        cells.set(at | WRITE, 0);
        pasid.set(0);
        stale.set(0);
    }

    /**
     * Marks what is in flight as stale if an invalidation covers it.
     *
     * @param pasid    whose; negative for everybody's
     * @param from     first page
     * @param to       the page behind the last
     * @param pointers whether a table that is held counts, whose span overlaps the range
     */
    public boolean mark(int pasid, long from, long to, boolean pointers) {
        long at = at(pasid >= 0 ? pasid : pasid());
        long tag = cells.get(at | TAG);
        if (tag == 0 || !covered(page(tag), pointers ? INDEX_BITS * level(cells.get(at | HELD)) : 0, from, to)) {
            return false;
        }
        stale.set(1);
        return true;
    }

    private static boolean covered(long page, int spanBits, long from, long to) {
        long first = page >>> spanBits << spanBits;
        return first < to && first + (1L << spanBits) > from;
    }
}
