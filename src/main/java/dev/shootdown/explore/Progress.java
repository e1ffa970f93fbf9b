package dev.shootdown.explore;

/** Who watches a search, and may end it. Asked a few times a second. */
public interface Progress {
    /** Nobody. */
    Progress NONE = new Progress() {
        @Override
        public void at(String phase, Counts counts) {}

        @Override
        public boolean interrupted() {
            return false;
        }
    };

    /** @param phase what is being done: {@code search}, or {@code shorten} for the search of shortest witnesses */
    void at(String phase, Counts counts);

    /**
     * Something that a condition forbids was found, while the search for all of it goes on.
     *
     * @param written the condition
     * @param how     in what kind of run, as a sentence goes on behind "broken"
     * @param seconds how long that took
     */
    default void found(String written, String how, double seconds) {}

    /** Whether to stop and keep what there is. */
    boolean interrupted();

    /** The same, of whom several threads speak to one at a time. */
    default Progress oneAtATime() {
        Progress all = this;
        return new Progress() {
            @Override
            public synchronized void at(String phase, Counts counts) {
                all.at(phase, counts);
            }

            @Override
            public synchronized void found(String written, String how, double seconds) {
                all.found(written, how, seconds);
            }

            @Override
            public boolean interrupted() {
                return all.interrupted();
            }
        };
    }
}
