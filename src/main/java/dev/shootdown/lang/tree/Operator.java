package dev.shootdown.lang.tree;

/** The operators of conditions, loosest first; those on one line of this list bind alike. */
public enum Operator {
    OR("||"),
    AND("&&"),
    EQUAL("=="), UNEQUAL("!="),
    LESS("<"), LESS_OR_EQUAL("<="), GREATER(">"), GREATER_OR_EQUAL(">="), OVERLAPS("overlaps"), IN("in"),
    BIT_OR("|"),
    BIT_AND("&"),
    SHIFT_LEFT("<<"), SHIFT_RIGHT(">>"),
    PLUS("+"), MINUS("-"),
    TIMES("*"), DIVIDE("/"), REMAINDER("%"),
    /** Only {@code !x}; {@code -x} is a {@link #MINUS} with one operand. */
    NOT("!");

    private final String written;

    Operator(String written) {
        this.written = written;
    }

    public String written() {
        return written;
    }

    /** The operator that is written so. */
    public static Operator of(String written) {
        for (Operator operator : values()) {
            if (operator.written.equals(written)) {
                return operator;
            }
        }
        throw new IllegalArgumentException("no operator: " + written);
    }
}
