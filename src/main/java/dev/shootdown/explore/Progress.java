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

    /** Whether to stop and keep what there is. */
    boolean interrupted();
}
