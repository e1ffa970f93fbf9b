package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * Transparent huge pages: which mappings may have them, the huge zero page, and the page tables that are kept for each
 * (deposited), so that it can be split without asking for memory. {@link #at} and what follows it read page tables.
 */
public final class Thp {
    /** /sys/kernel/mm/transparent_hugepage/enabled. */
    public enum Policy { NEVER, MADVISE, ALWAYS }

    /** HPAGE_PMD_ORDER. */
    static final int ORDER = 9;
    /** HPAGE_PMD_NR. */
    static final int PAGES = 1 << ORDER;
    /** HPAGE_PMD_SIZE. */
    static final long SIZE = PAGES * Frames.PAGE_SIZE;
    private static final int INDEX_BITS = 9;

    private final Kernel kernel;
    private final Cell policy;
    private final Cell zero;
    private final Cells deposits;

    Thp(World world, Kernel kernel) {
        this.kernel = kernel;
        this.policy = world.cell("transparent_hugepage.enabled");
        this.zero = world.cell("huge_zero_page");
        this.deposits = world.cells("pmd_huge_pte");
    }

    /** Says which mappings get huge pages; while the machine is composed. */
    public void policy(Policy next) {
        policy.set(next.ordinal());
    }

    public Policy policy() {
        return Policy.values()[(int) policy.get()];
    }

    /**
     * Whether a fault in a mapping may make a huge page: hugepage_vma_check(), transparent_hugepage_enabled() before 5.19.
     *
     * @param forced whether what the machine says in general does not count: MADV_COLLAPSE
     */
    boolean allowable(Vma vma, boolean forced) {
        if (vma.file() != 0 || vma.has(Vma.NOHUGEPAGE | Vma.SPECIAL | Vma.HUGETLB)) {
            return false;
        }
        return forced || policy() == Policy.ALWAYS || policy() == Policy.MADVISE && vma.has(Vma.HUGEPAGE);
    }

    /** Whether a huge page fits into a mapping round an address: transhuge_vma_suitable(). */
    static boolean suitable(Vma vma, long address) {
        return vma.start() <= start(address) && start(address) + SIZE <= vma.end();
    }

    // ---------------------------------------------------------------- the huge zero page

    /** The first frame of the huge zero page, which is made when it is first wanted; 0 if there is no memory for it. */
    long getZeroPage() {
        if (zero.get() == 0) {
            zero.set(kernel.frames().allocate(Use.KERNEL, 0, ORDER));
        }
        return zero.get();
    }

    /** Whether a large entry maps the huge zero page: is_huge_zero_pmd(). */
    public boolean isZero(long pmd) {
        return zero.get() != 0 && (Entry.frame(pmd) & -PAGES) == zero.get();
    }

    // ---------------------------------------------------------------- tables kept for a split

    /** pgtable_trans_huge_deposit(): keeps an empty table for the large entry of an address. */
    void deposit(long pmdTable, long address, long table) {
        deposits.set(pmdTable << INDEX_BITS | Entry.index(address, 2), table);
    }

    /** pgtable_trans_huge_withdraw(): takes it. */
    long withdraw(long pmdTable, long address) {
        long place = pmdTable << INDEX_BITS | Entry.index(address, 2);
        long table = deposits.get(place);
        deposits.set(place, 0);
        return table;
    }

    /** The table that is kept at an index of a table of large entries, or 0. */
    long deposited(long pmdTable, int index) {
        return deposits.get(pmdTable << INDEX_BITS | index);
    }

    // ---------------------------------------------------------------- large entries

    /** Where the huge page round an address starts. */
    static long start(long address) {
        return address & -SIZE;
    }

    /** The end of the huge page round an address, or of the range if that comes first. */
    static long end(long address, long limit) {
        return PageTables.tableEnd(address, limit);
    }

    /** Whether [from, to) is one whole huge page. */
    static boolean whole(long from, long to) {
        return from == start(from) && to == from + SIZE;
    }

    /** The table that holds the large entry of an address, or 0. */
    long table(int mm, long address) {
        return kernel.tables().table(kernel.root(mm), kernel.levels(), address, 2);
    }

    /** The large entry that maps an address, present or made invalid for a moment: pmd_trans_huge(); or 0. */
    long at(int mm, long address) {
        long table = table(mm, address);
        long entry = table == 0 ? 0 : kernel.tables().entry(table, address, 2);
        return Entry.huge(entry) ? entry : 0;
    }

    /** Whether nobody is in the middle of changing the table of an address's large entry: what steps that look at it wait for. */
    static boolean unlocked(World world, int mm, long address) {
        Kernel kernel = world.part(Kernel.class);
        return kernel.unlocked(kernel.thp().table(mm, address));
    }

    /** Sets the large entry of an address. */
    void set(long pmdTable, long address, long entry) {
        kernel.tables().entry(pmdTable, address, 2, entry);
    }
}
