package dev.shootdown.check;

/** What checkers ask of a machine's address spaces. */
public interface Spaces {
    /** Of a machine without any. */
    Spaces NONE = new Spaces() {
        @Override
        public int of(String process) {
            return 0;
        }

        @Override
        public int behind(String device, int pasid) {
            return 0;
        }

        @Override
        public boolean alive(int mm) {
            return false;
        }

        @Override
        public long entry(int mm, long address) {
            return 0;
        }

        @Override
        public boolean inSwapCache(long frame) {
            return false;
        }
    };

    /** The number of a process's address space, or 0. */
    int of(String process);

    /** The address space that a device reaches with a PASID, or 0. */
    int behind(String device, int pasid);

    boolean alive(int mm);

    /**
     * The page-table entry of an address, as if all pages were of 4 KiB: of a larger page's, one that names the frame
     * of this address. 0 where there is none.
     */
    long entry(int mm, long address);

    /** Whether the swap cache holds a page. */
    boolean inSwapCache(long frame);
}
