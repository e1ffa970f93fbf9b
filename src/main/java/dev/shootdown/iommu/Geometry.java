package dev.shootdown.iommu;

/**
 * How a vendor lays its rings out.
 *
 * @param commands the command ring, which a driver fills
 * @param requests the page-request log
 * @param events   the fault log, or the fault recording registers
 */
public record Geometry(Shape commands, Shape requests, Shape events) {
    /**
     * One ring.
     *
     * @param words 64-bit words in an entry, a power of two
     * @param spare slots that stay free behind the one that is filled: 0 where a wrap bit tells full from empty
     * @param stops whether a log that has lost an entry takes nothing more until software restarts it
     */
    public record Shape(int words, int spare, boolean stops) {
        /** A ring that loses nothing, since who fills it waits, or a log that stops when it has lost something. */
        public static Shape of(int words, int spare) {
            return new Shape(words, spare, true);
        }
    }
}
