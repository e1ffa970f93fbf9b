package dev.shootdown.lang;

/** A script ends before its end; what there is to say has been said. */
final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Status status;

    Ended(Status status) {
        super(status.name(), null, false, false);
        this.status = status;
    }

    Status status() {
        return status;
    }
}
