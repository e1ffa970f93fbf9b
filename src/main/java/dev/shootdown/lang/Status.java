package dev.shootdown.lang;

/** How a run ended, as its exit status says it. The order of the constants is the order of weight where several meet. */
public enum Status {
    /** All held. */
    HELD(0),
    /** A bound or limit was reached with no verdict. */
    BOUND(3),
    /** Something failed that was only known once the script ran: a condition, a call, a difference. */
    FAILED(1),
    /** Something was wrong that was known before: usage, syntax, names, a file that cannot be read. */
    REFUSED(2),
    /** Ctrl-C. */
    INTERRUPTED(130),
    /** A fault of Shootdown's own. */
    BUG(70);

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /** The exit status of the process. */
    public int code() {
        return code;
    }

    /** What two runs together come to. */
    public Status and(Status other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
