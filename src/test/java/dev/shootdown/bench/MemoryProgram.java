package dev.shootdown.bench;

import java.util.function.Consumer;

/**
 * Measures how many bytes of this JVM's heap a modelled address space takes, and prints them: a program of its own,
 * because nothing else may allocate meanwhile.
 */
final class MemoryProgram {
    static final int TERABYTES = 100;
    static final int MAPPINGS = 60_000;
    static final int PAGES = 1_000_000;

    private static final long TERABYTE = 1L << 40;
    private static final long PAGE = 4096;
    /** Frames for the pages and their page tables. */
    private static final long MEMORY = 8L << 30;
    private static final int COLLECTIONS = 3;

    private MemoryProgram() {}

    /** @param arguments none */
    public static void main(String[] arguments) {
        // What is loaded and made once counts for none of them.
        taken(space -> terabytes(space, 1));
        taken(space -> mappings(space, 10));
        taken(space -> pages(space, 10));
        System.out.println("terabytes " + taken(space -> terabytes(space, TERABYTES)));
        System.out.println("mappings " + taken(space -> mappings(space, MAPPINGS)));
        System.out.println("pages " + taken(space -> pages(space, PAGES)));
    }

    /** What a space takes beyond what it took while it was empty. */
    private static long taken(Consumer<Space> filling) {
        Space space = new Space(MEMORY);
        long before = used();
        filling.accept(space);
        long bytes = used() - before;
        if (space.mappings() == 0) {
            throw new IllegalStateException("it must live until here");
        }
        return bytes;
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Untouched mappings of a terabyte each, which cannot merge. */
    private static void terabytes(Space space, int count) {
        for (int i = 0; i < count; i++) {
            space.mapAt((i + 1) * TERABYTE, TERABYTE, i % 2 == 0 ? Space.READ : Space.READ_WRITE);
        }
        expect(space, count, 0);
    }

    /** Untouched mappings of a page each, which cannot merge. */
    private static void mappings(Space space, int count) {
        for (int i = 0; i < count; i++) {
            space.mapAt(TERABYTE + i * PAGE, PAGE, i % 2 == 0 ? Space.READ : Space.READ_WRITE);
        }
        expect(space, count, 0);
    }

    /** Pages of one mapping, all written to, without contents. */
    private static void pages(Space space, int count) {
        space.mapAt(TERABYTE, count * PAGE, Space.READ_WRITE);
        space.touch(TERABYTE, count * PAGE);
        expect(space, 1, count);
    }

    private static void expect(Space space, int mappings, long resident) {
        if (space.mappings() != mappings || space.resident() != resident) {
            throw new IllegalStateException(space.mappings() + " mappings, " + space.resident() + " pages");
        }
    }
}
