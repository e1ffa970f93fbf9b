package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;

/**
 * A struct vm_area_struct: a stretch of an address space with one set of rules.
 *
 * @param mm     the address space's number
 * @param start  first byte, page aligned
 * @param end    behind the last byte
 * @param flags  of {@code VM_...} below
 * @param pgoff  of the first page in its file, in pages; for anonymous memory the page number it was made at
 * @param file   the file's number, or 0 for private anonymous memory
 * @param anon   the anon_vma's number, or 0 while no anonymous page was made
 * @param forked whether the anon_vma was made by fork, so that its chain is not singular
 */
public record Vma(int mm, long start, long end, long flags, long pgoff, int file, int anon, boolean forked) {
    public static final long READ = 1L;
    public static final long WRITE = 1L << 1;
    public static final long EXEC = 1L << 2;
    public static final long SHARED = 1L << 3;
    public static final long MAYREAD = 1L << 4;
    public static final long MAYWRITE = 1L << 5;
    public static final long MAYEXEC = 1L << 6;
    public static final long MAYSHARE = 1L << 7;
    public static final long GROWSDOWN = 1L << 8;
    public static final long PFNMAP = 1L << 10;
    public static final long LOCKED = 1L << 13;
    public static final long SEQUENTIAL = 1L << 15;
    public static final long RANDOM = 1L << 16;
    public static final long DONTCOPY = 1L << 17;
    public static final long DONTEXPAND = 1L << 18;
    public static final long LOCKONFAULT = 1L << 19;
    public static final long ACCOUNT = 1L << 20;
    public static final long NORESERVE = 1L << 21;
    public static final long HUGETLB = 1L << 22;
    public static final long WIPEONFORK = 1L << 25;
    public static final long DONTDUMP = 1L << 26;
    public static final long SOFTDIRTY = 1L << 27;
    public static final long MIXEDMAP = 1L << 28;
    public static final long HUGEPAGE = 1L << 29;
    public static final long NOHUGEPAGE = 1L << 30;
    public static final long MERGEABLE = 1L << 31;
    public static final long UFFD_MISSING = 1L << 32;
    public static final long UFFD_WP = 1L << 33;
    /** Its pages may go without being written anywhere: MAP_DROPPABLE, 6.11 and later. */
    public static final long DROPPABLE = 1L << 40;
    /** It may hold guard markers, which a merge with one that holds none keeps: 6.18. */
    public static final long MAYBE_GUARD = 1L << 11;
    /** vm_policy: the node that mbind said, plus 1; mappings with different ones do not merge. */
    private static final int POLICY_SHIFT = 48;
    private static final long POLICY_MASK = 0x7f;
    /** It may not be changed or taken away any more: mseal. */
    public static final long SEALED = 1L << 42;
    /** No flag of the kernel's, but which open file it is of: one that was opened for reading only. */
    public static final long READ_ONLY_FILE = 1L << 44;
    /** What two mappings may differ in and be one all the same, which then has it: VM_STICKY, VM_IGNORE_MERGE. */
    public static final long STICKY = SOFTDIRTY | MAYBE_GUARD;
    /** The protection's bits. */
    public static final long PROTECTION = READ | WRITE | EXEC;
    /** A VMA with one of these never merges: include/linux/mm.h, VM_SPECIAL. */
    public static final long SPECIAL = DONTEXPAND | PFNMAP | MIXEDMAP;

    public boolean has(long flag) {
        return (flags & flag) != 0;
    }

    public long pages() {
        return (end - start) >>> Frames.PAGE_SHIFT;
    }

    /** The page of its file that an address stands for (linear_page_index). */
    public long index(long address) {
        return pgoff + ((address - start) >>> Frames.PAGE_SHIFT);
    }

    /** Whether a write makes a copy: is_cow_mapping(). */
    public boolean copiesOnWrite() {
        return (flags & (SHARED | MAYWRITE)) == MAYWRITE;
    }

    /** Whether pages of [from, to) may be in it. */
    public boolean overlaps(long from, long to) {
        return Long.compareUnsigned(start, to) < 0 && Long.compareUnsigned(from, end) < 0;
    }

    /** The part of it from one address to another, with the offset that belongs to it. */
    public Vma part(long from, long to) {
        return new Vma(mm, from, to, flags, index(from), file, anon, forked);
    }

    public Vma withFlags(long next) {
        return new Vma(mm, start, end, next, pgoff, file, anon, forked);
    }

    /** The NUMA node that its pages come from, by mbind; -1 if it does not say. */
    public int policy() {
        return (int) (flags >>> POLICY_SHIFT & POLICY_MASK) - 1;
    }

    public Vma withPolicy(int node) {
        return withFlags(flags & ~(POLICY_MASK << POLICY_SHIFT) | node + 1L << POLICY_SHIFT);
    }

    public Vma withAnon(int number, boolean byFork) {
        return new Vma(mm, start, end, flags, pgoff, file, number, byFork);
    }

    /** The protection as the language writes it: none, r, rw, rx, rwx. */
    public String prot() {
        String text = (has(READ) ? "r" : "") + (has(WRITE) ? "w" : "") + (has(EXEC) ? "x" : "");
        return text.isEmpty() ? "none" : text;
    }

    /**
     * The bits that an entry of it gets: vm_page_prot, arch/x86/mm/pgprot.c: protection_map.
     *
     * @param writeNotify whether a shared mapping's first write is to be told to the file system
     */
    public long pageProtection(boolean writeNotify) {
        long bits = has(PROTECTION) ? Entry.PRESENT | Entry.USER : Entry.PROTNONE;
        boolean write = has(WRITE) && has(SHARED) && !writeNotify;
        return bits | (write ? Entry.WRITE : 0) | (has(EXEC) ? 0 : Entry.NX);
    }
}
