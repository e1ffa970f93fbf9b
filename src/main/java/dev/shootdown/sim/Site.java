package dev.shootdown.sim;

/**
 * Where steps of a kind are taken: by which operation.
 *
 * @param step the kind of step
 * @param in   the file of the operation's steps: the outermost class of the step that takes it or puts it on the agenda
 */
public record Site(Class<? extends Step> step, Class<?> in) {
    /** How many names the package of a room has. */
    private static final int DEPTH = 3;

    /** The site of a step that another one takes. */
    public static Site of(Step step, Step by) {
        return new Site(step.getClass(), place(by));
    }

    private static Class<?> place(Step by) {
        return by instanceof Hurried hurried ? place(hurried.step()) : by.getClass().getNestHost();
    }

    boolean is(Step other, Step by) {
        return other.getClass() == step && place(by) == in;
    }

    boolean takes(Step by) {
        return place(by) == in;
    }

    /** What the step's declaration says of its safety; null where it says nothing. */
    public Safety safety() {
        return step.getAnnotation(Safety.class);
    }

    /** The step's name and the operation's. */
    public String text() {
        String name = name(step);
        return step.getNestHost() == in ? name : name + " in " + in.getSimpleName();
    }

    /** What a kind of step is called here: what has a room inside a room of its own, as a vendor has, is called by that too. */
    public static String name(Class<?> step) {
        String[] rooms = step.getPackageName().split("\\.");
        String vendor = rooms.length > DEPTH ? rooms[rooms.length - 1] + "." : "";
        Class<?> host = step.getNestHost();
        return vendor + (host == step ? "" : host.getSimpleName() + ".") + step.getSimpleName();
    }
}
