package dev.shootdown.conform;

import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mremap;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random operations, written as a recording's records without what came of them. The same seed gives the same ones. None
 * reaches beyond the arena, where this process's own memory lies, but for ranges that the kernel must refuse as a whole.
 */
final class LiveOperations {
    static final long PAGES = 64;
    static final long FILE_PAGES = 16;
    /** Lengths that are none: 0, one with which a range wraps around, one that is 0 when it is rounded up. */
    private static final long[] BAD_LENGTHS = {0, -Arena.PAGE, -1};
    /** What madvise knows and does not know; poisoning and merging pages are others' business too, and huge pages are off. */
    private static final int[] ADVICE = {0, 1, 2, 3, 4, 4, 4, 4, 8, 8, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 20, 21, 21, 22, 22, 22, 23, 23, 23, 24, 25, 77};
    private static final int DONTNEED = 4;
    private static final int REMOVE = 9;
    private static final int PAGEOUT = 21;
    private static final int GUARD_INSTALL = 102;
    private static final int GUARD_REMOVE = 103;

    private final SplittableRandom random;
    private final LiveVersion version;
    private final boolean disk;
    /** Whether any number of pages may be locked: what counts as locked outlives an arena (6.17: dontunmap_complete). */
    private final boolean locks;
    private final List<ObjectNode> operations = new ArrayList<>();

    private LiveOperations(SplittableRandom random, LiveVersion version, boolean disk, boolean locks) {
        this.random = random;
        this.version = version;
        this.disk = disk;
        this.locks = locks;
    }

    /** So many operations of a seed. */
    static List<ObjectNode> of(long seed, int count, LiveVersion version, ObjectNode header) {
        LiveOperations made = new LiveOperations(new SplittableRandom(seed), version, header.get("disk").asInt() != 0, header.get("memlock_pages").asInt() < 0);
        while (made.operations.size() < count) {
            made.next();
        }
        return List.copyOf(made.operations.subList(0, count));
    }

    private ObjectNode add(String op) {
        ObjectNode record = JsonNodeFactory.instance.objectNode().put("i", operations.size()).put("op", op);
        operations.add(record);
        return record;
    }

    private void next() {
        long page = random.nextLong(PAGES);
        long pages = Math.min(1 + random.nextLong(random.nextInt(8) == 0 ? 24 : 7), PAGES - page);
        switch (random.nextInt(32)) {
            case 0, 1, 2, 3, 4, 5 -> mmap(page, pages);
            case 6, 7 -> add("munmap").put("a", address(page)).put("len", length(pages));
            case 8, 9, 10 -> add("mprotect").put("a", address(page)).put("len", length(pages)).put("prot", protection());
            case 11, 12, 13 -> mremap(page, pages);
            case 14, 15, 16, 17 -> add("madvise").put("a", address(page)).put("len", length(pages)).put("adv", advice());
            case 18 -> add(locks ? "mlock2" : "munlock").put("a", address(page)).put("len", length(pages)).put("flags", random.nextInt(2));
            case 19 -> add("munlock").put("a", address(page)).put("len", length(pages));
            case 20 -> add("msync").put("a", address(page)).put("len", length(pages)).put("flags", random.nextInt(8));
            case 21 -> add("mincore").put("a", address(page)).put("len", "0x" + Long.toHexString(pages * Arena.PAGE - random.nextInt(2)));
            case 22, 23 -> file();
            default -> touches(page, pages);
        }
        if (random.nextInt(3) == 0) {
            around(page, pages);
        }
    }

    private void mmap(long page, long pages) {
        int kind = random.nextInt(8);
        long type = kind < 4 ? Mmap.PRIVATE | Mmap.ANONYMOUS : kind < 5 ? Mmap.SHARED | Mmap.ANONYMOUS : kind < 7 ? Mmap.PRIVATE : Mmap.SHARED;
        type = random.nextInt(40) == 0 ? (type & ~3) | random.nextInt(4) : type;
        long place = random.nextInt(6) == 0 ? 0 : random.nextInt(5) == 0 ? Mmap.FIXED_NOREPLACE : Mmap.FIXED;
        long more = random.nextInt(8) == 0 ? new long[] {Mmap.POPULATE, Mmap.POPULATE, Mmap.NORESERVE, Mmap.STACK, Mmap.LOCKED, Mmap.GROWSDOWN}[random.nextInt(6)] : 0;
        more = locks || more != Mmap.LOCKED ? more : 0;
        boolean anonymous = (type & Mmap.ANONYMOUS) != 0;
        String descriptor = anonymous ? "-" : random.nextInt(6) == 0 ? "mro" : random.nextInt(60) == 0 ? "-" : "m";
        long offset = anonymous ? 0 : random.nextLong(FILE_PAGES + 2) * Arena.PAGE;
        add("mmap").put("a", place == 0 && random.nextInt(3) == 0 ? "=0x0" : address(page)).put("len", length(pages)).put("prot", protection())
                .put("flags", type | place | more).put("fd", descriptor).put("off", "0x" + Long.toHexString(random.nextInt(60) == 0 ? offset + 512 : offset));
    }

    private void mremap(long page, long pages) {
        long target = random.nextLong(PAGES);
        long flags = new long[] {0, Mremap.MAYMOVE, Mremap.MAYMOVE | Mremap.FIXED, Mremap.MAYMOVE | Mremap.FIXED, Mremap.MAYMOVE | Mremap.FIXED,
            Mremap.MAYMOVE | Mremap.FIXED | Mremap.DONTUNMAP, Mremap.MAYMOVE | Mremap.DONTUNMAP, random.nextLong(16)}[random.nextInt(8)];
        long wanted = random.nextInt(3) == 0 ? pages : 1 + random.nextLong(8);
        wanted = (flags & Mremap.DONTUNMAP) != 0 && random.nextInt(8) != 0 ? pages : wanted;
        wanted = Math.min(wanted, PAGES - Math.max(page, (flags & (Mremap.FIXED | Mremap.DONTUNMAP)) != 0 ? target : 0));
        pages = version.movesSeveral() ? pages : Math.min(pages, wanted + 1);
        String old = random.nextInt(40) == 0 ? "0x0" : length(Math.max(1, pages));
        String now = random.nextInt(40) == 0 ? "0x0" : "0x" + Long.toHexString(wanted * Arena.PAGE);
        add("mremap").put("a", address(page)).put("old", old).put("new", now).put("flags", flags).put("na", address(target));
    }

    /** What is not in memory of a file on a disk is read ahead, as much as the disk is like: such a file keeps its pages. */
    private void file() {
        switch (disk ? 5 + random.nextInt(3) : random.nextInt(8)) {
            case 0, 1 -> {
                long size = random.nextLong(FILE_PAGES + 1) * Arena.PAGE;
                add("ftruncate").put("size", "0x" + Long.toHexString(size > 0 && random.nextInt(4) == 0 ? size - 1 - random.nextInt(9) : size));
            }
            case 2, 3, 4 -> add("punch").put("off", "0x" + Long.toHexString(random.nextLong(FILE_PAGES) * Arena.PAGE + (random.nextInt(4) == 0 ? 256 : 0)))
                    .put("len", "0x" + Long.toHexString(random.nextLong(5) * Arena.PAGE));
            case 5, 6 -> add("pwrite").put("fp", random.nextLong(FILE_PAGES)).put("val", 1 + random.nextInt(1 << 20));
            default -> add("pread").put("fp", random.nextLong(FILE_PAGES + 1));
        }
    }

    private void touches(long page, long pages) {
        for (long at = page; at < page + (random.nextBoolean() ? 1 : pages); at++) {
            touch(at);
        }
    }

    private void touch(long page) {
        boolean write = random.nextBoolean();
        ObjectNode record = add(write ? "w" : "r").put("p", page).put("via", "pipe");
        if (write) {
            record.put("val", 1 + random.nextInt(1 << 20));
        }
    }

    /** What an operation made accessible and what it did not: its first and last page, and those beside it. */
    private void around(long page, long pages) {
        long[] candidates = {page, page + pages - 1, page - 1, page + pages};
        for (long at : candidates) {
            if (at >= 0 && at < PAGES) {
                touch(at);
            }
        }
    }

    private int advice() {
        if (version.guards() && random.nextInt(8) == 0) {
            return random.nextInt(3) == 0 ? GUARD_REMOVE : GUARD_INSTALL;
        }
        int advice = ADVICE[random.nextInt(ADVICE.length)];
        return disk && (advice == PAGEOUT || advice == REMOVE) ? DONTNEED : advice;
    }

    private int protection() {
        return new int[] {0, 0, 1, 1, 3, 3, 3, 3, 3, 3, 3, 7, 5, 5, 2, 4}[random.nextInt(16)];
    }

    /** Now and then in the middle of a page. */
    private String address(long page) {
        return "+0x" + Long.toHexString(page * Arena.PAGE + (random.nextInt(50) == 0 ? 1 + random.nextInt(4095) : 0));
    }

    /** Now and then not a whole number of pages, or none that could be. */
    private String length(long pages) {
        long length = random.nextInt(50) == 0 ? BAD_LENGTHS[random.nextInt(BAD_LENGTHS.length)] : pages * Arena.PAGE - (random.nextInt(8) == 0 ? random.nextInt(4095) : 0);
        return "0x" + Long.toHexString(length);
    }
}
