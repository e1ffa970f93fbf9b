package dev.shootdown.js;

import dev.shootdown.vocabulary.Suggestion;
import java.util.List;
import java.util.Set;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/**
 * An object of the script's that stands for something of the machine. Its members are looked up when they are wanted,
 * most of them among the words of the language; one that there is not is refused, not undefined.
 */
abstract class Thing implements ProxyObject, Spoken {
    /** What JavaScript itself looks for in any object: there is no such member, and that is no mistake. */
    private static final Set<String> NOT_OURS = Set.of("then", "toJSON", "constructor", "valueOf", "prototype", "length", "inspect", "nodeType", "next");

    protected final Api api;

    Thing(Api api) {
        this.api = api;
    }

    /** The member of this name; null if there is none. */
    abstract Object member(String name);

    /** The names of all members. */
    abstract List<String> members();

    /** As a diagnostic speaks of it. */
    abstract String phrase();

    /** As the script sees it as a string. */
    String shown() {
        return spoken();
    }

    @Override
    public final Object getMember(String key) {
        return api.guarded(() -> find(key));
    }

    private Object find(String key) {
        if (key.equals("toString")) {
            return (ProxyExecutable) arguments -> api.guarded(this::shown);
        }
        Object member = member(key);
        if (member == null) {
            List<String> known = members();
            throw Composer.refusal("unknown-member", phrase() + " has no " + key)
                    .with("it has " + String.join(", ", known), Suggestion.nearest(key, known));
        }
        return member;
    }

    @Override
    public final boolean hasMember(String key) {
        return !NOT_OURS.contains(key);
    }

    @Override
    public final Object getMemberKeys() {
        return ProxyArray.fromList(List.copyOf(members()));
    }

    @Override
    public final void putMember(String key, Value value) {
        api.guarded(() -> {
            throw Composer.refusal("read-only", phrase() + " cannot be changed by setting " + key)
                    .with("what can be done to it are its functions", List.of());
        });
    }
}
