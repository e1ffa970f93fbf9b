package dev.shootdown.js;

import dev.shootdown.driver.Drivers;
import dev.shootdown.lang.Ended;
import dev.shootdown.lang.Fence;
import dev.shootdown.lang.Status;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.vocabulary.Refusal;
import java.util.Map;
import java.util.function.Supplier;
import org.graalvm.polyglot.Value;

/**
 * JavaScript between the fences of one script, all of it in one sandbox, which is made when the first is met. Several threads may
 * come with a machine each; only one is in the sandbox at a time.
 */
final class Fences implements Fence {
    private final Guests guests;
    private final Supplier<Running> running;

    /** @param guests drivers that fences may stand for by name */
    Fences(Guests guests, Supplier<Running> running) {
        this.guests = guests;
        this.running = running;
    }

    @Override
    public void check(String source, String code, int line, boolean driver) {
        if (guests.kept(code) == null) {
            running.get().check(source, code, line, driver);
        }
    }

    /** @throws Ended where the code did not come to its end: then the script does not go on either */
    @Override
    public Status run(String source, String code, int line) {
        Running inside = running.get();
        Status status = inside.run(source, Running.statements(code, line));
        if (!inside.whole()) {
            throw new Ended(status);
        }
        return status;
    }

    /** @throws Refusal where the code is no object with callbacks */
    @Override
    public synchronized Map<CallbackName, Drivers.Function> driver(String source, String code, int line) {
        Running inside = running.get();
        synchronized (inside.api().sandbox()) {
            Value kept = guests.kept(code);
            return Guests.functions(inside.api(), kept == null ? inside.expression(source, code, line) : kept);
        }
    }
}
