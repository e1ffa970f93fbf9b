package dev.shootdown.lang;

import dev.shootdown.driver.Drivers;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.vocabulary.Refusal;
import java.util.Map;

/** Who carries out JavaScript that stands between fences in a script. The command line brings one along. */
public interface Fence {
    /** Where there is none: a script with a fence is refused before it runs. */
    Fence NONE = new Fence() {
        @Override
        public void check(String source, String code, int line, boolean driver) {
            throw new IllegalStateException("a fence, and nobody to carry it out");
        }

        @Override
        public Status run(String source, String code, int line) {
            throw new IllegalStateException("a fence, and nobody to carry it out");
        }

        @Override
        public Map<CallbackName, Drivers.Function> driver(String source, String code, int line) {
            throw new IllegalStateException("a fence, and nobody to carry it out");
        }
    };

    /**
     * Reads the code without carrying it out, before anything of its script is.
     *
     * @param driver whether it is an object that is a driver
     * @throws Refusal if it is no JavaScript
     */
    void check(String source, String code, int line, boolean driver);

    /**
     * Carries out the code on the machine of the script that it stands in.
     *
     * @param source what the script is called
     * @param code   what stands between the fences
     * @param line   the line of the source on which the code begins
     */
    Status run(String source, String code, int line);

    /**
     * What a driver between fences does in each callback that it has. Asked again for each machine.
     *
     * @throws Refusal if the code is no object with callbacks
     */
    Map<CallbackName, Drivers.Function> driver(String source, String code, int line);
}
