package dev.shootdown.lang;

/** Who carries out JavaScript that stands between fences in a script. The command line brings one along. */
@FunctionalInterface
public interface Fence {
    /** Where there is none: a script with a fence is refused before it runs. */
    Fence NONE = (source, code, line) -> Status.REFUSED;

    /**
     * Carries out the code on the machine of the script that it stands in.
     *
     * @param source what the script is called
     * @param code   what stands between the fences
     * @param line   the line of the source on which the code begins
     */
    Status run(String source, String code, int line);
}
