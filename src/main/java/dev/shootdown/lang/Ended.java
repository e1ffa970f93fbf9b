package dev.shootdown.lang;

/** A script ends before its end; what there is to say has been said. */
public final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Status status;

    public Ended(Status status) {
        super(status.name(), null, false, false);
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
