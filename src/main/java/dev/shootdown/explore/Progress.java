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
     * @param written     the condition
     * @param preemptions how often an actor is interrupted there that could go on, at most
     */
    default void found(String written, int preemptions, Counts counts) {}

    /** Whether to stop and keep what there is. */
    boolean interrupted();
}
