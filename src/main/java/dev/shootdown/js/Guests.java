package dev.shootdown.js;

import dev.shootdown.driver.Action;
import dev.shootdown.driver.Drivers;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.vocabulary.Suggestion;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/** The drivers that are objects of JavaScript: between fences, or handed to {@code bind}. */
final class Guests {
    private final Map<String, Value> kept = new HashMap<>();

    /** Keeps one, and gives the code of a fence that stands for it. */
    String keep(String name, Value object) {
        callbacks(object);
        String code = "drivers." + name;
        kept.put(code, object);
        return code;
    }

    /** The one that a fence's code stands for; null if the code has to be read as JavaScript. */
    Value kept(String code) {
        return kept.get(code.strip());
    }

    /** What a driver does in each callback that it has. */
    static Map<CallbackName, Drivers.Function> functions(Api api, Value driver) {
        Map<CallbackName, Drivers.Function> functions = new EnumMap<>(CallbackName.class);
        callbacks(driver).forEach((callback, member) -> functions.put(callback, asked -> ask(api, driver, member, asked)));
        return functions;
    }

    private static List<Action> ask(Api api, Value driver, String member, Drivers.Asked asked) {
        synchronized (api.sandbox()) {
            try {
                return new Asking(api, asked).of(driver, member);
            } catch (PolyglotException thrown) {
                throw Mistake.of(api.sandbox(), thrown).refusal();
            }
        }
    }

    /** The callbacks that an object has, by the members that they are. */
    private static Map<CallbackName, String> callbacks(Value object) {
        if (!object.hasMembers()) {
            throw Composer.refusal("bad-driver", "a driver is an object with callbacks").with("({ range(r) { this.flushIotlb(r); this.sync() } })", List.of());
        }
        Map<CallbackName, String> found = new EnumMap<>(CallbackName.class);
        for (CallbackName callback : CallbackName.values()) {
            String member = Spelling.member(callback.word());
            if (object.hasMember(member) && object.getMember(member).canExecute()) {
                found.put(callback, member);
            }
        }
        object.getMemberKeys().forEach(key -> refuseMisspelt(key, found));
        return found;
    }

    /** A driver may have functions of its own, but hardly one that is called almost like a callback. */
    private static void refuseMisspelt(String key, Map<CallbackName, String> found) {
        List<String> known = Arrays.stream(CallbackName.values()).map(callback -> Spelling.member(callback.word())).toList();
        List<String> near = Suggestion.nearest(key, known);
        if (!found.containsValue(key) && !near.isEmpty()) {
            throw Composer.refusal("unknown-callback", "there is no callback " + key).with("", near);
        }
    }
}
