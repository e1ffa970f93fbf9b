package dev.shootdown.conform;

import dev.shootdown.machine.Configuration;
import dev.shootdown.mm.KernelVersion;
import dev.shootdown.vocabulary.Refusal;

/**
 * The first line of a recording of random operations: where they were done, and with what.
 *
 * @param kind      of operations: anon, file, fork ...
 * @param base      the address that page numbers are relative to
 * @param pages     of the arena from there on, at whose end the area for mappings ends
 * @param hugePages whether transparent huge pages were not forbidden
 * @param filePages of the file
 * @param lockable  pages that may be locked (RLIMIT_MEMLOCK); -1 for any number
 * @param kernel    the modelled version that the kernel counts as: 6.18 where nothing is said
 * @param filled    whether the address space is full above the arena, so that the kernel's choice of a place can be
 *                  compared. Where it is not, what the kernel places outside the arena was unmapped at once
 * @param disk      whether the file is on a disk, and no memory file
 */
record Header(String kind, long base, long pages, boolean hugePages, long filePages, long lockable, String kernel, boolean filled,
        boolean disk) {
    private static final long MOST_PAGES = 1L << 24;

    /** @throws Refusal if it is not the first line of such a recording */
    static Header of(Row row) {
        if (!row.has("hdr")) {
            throw row.refusal("no-header", "the first line is not the header of a recording: there is no 'hdr'");
        }
        Header header = new Header(row.text("class"), row.hexadecimal("base"), row.number("W"), row.number("thp") != 0,
                row.number("filepages"), row.number("memlock_pages"), row.has("kernel") ? row.text("kernel") : Configuration.standard().kernel(),
                !row.has("filled") || row.number("filled") != 0, row.has("disk") && row.number("disk") != 0);
        if (header.base <= 0 || header.pages < 0 || header.pages > MOST_PAGES || header.filePages < 0 || header.filePages > MOST_PAGES
                || (header.base & Arena.PAGE - 1) != 0 || header.top() <= header.base && header.pages != 0 || header.top() > Arena.MMAP_BASE) {
            throw row.refusal("wrong-field", "the arena does not lie in the area for mappings");
        }
        if (KernelVersion.of(header.kernel) == null) {
            throw row.refusal("wrong-field", "'kernel' is one of " + String.join(", ", KernelVersion.texts()));
        }
        return header;
    }

    /** Behind the arena. */
    long top() {
        return base + pages * Arena.PAGE;
    }

    /** Whether an address lies in the arena. */
    boolean holds(long address) {
        return Long.compareUnsigned(address, base) >= 0 && Long.compareUnsigned(address, top()) < 0;
    }
}
