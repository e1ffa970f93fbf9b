package dev.shootdown.js;

import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * What setup, race and at are given: {@code r(app.main)} is the same actor, whose calls are written down and not
 * carried out.
 */
final class Describing extends Thing implements ProxyExecutable {
    private Recorder recorder;

    Describing(Api api, Recorder recorder) {
        super(api);
        this.recorder = recorder;
    }

    @Override
    public Object execute(Value... arguments) {
        return api.guarded(() -> {
            Object thing = arguments.length == 1 && arguments[0].isProxyObject() ? arguments[0].asProxyObject() : null;
            return switch (thing) {
                case ActorThing actor -> actor.heardBy(recorder);
                case ProcessThing process -> process.first().heardBy(recorder);
                case null, default -> throw Composer.refusal("bad-argument", "whom this is for is not said")
                        .with("r(app.main), r(gpu), r(amd0), r(m.kernel)", List.of());
            };
        });
    }

    @Override
    Object member(String name) {
        return switch (name) {
            case "either" -> api.function(this::either);
            case "say" -> api.function(arguments -> {
                recorder.write(api.statement(arguments));
                return api.undefined();
            });
            default -> null;
        };
    }

    /** {@code either { } or { }}, a block for each function. */
    private Object either(Value... blocks) {
        if (blocks.length < 2) {
            throw Composer.refusal("wrong-arguments", "either chooses between two blocks or more").with("r.either(() => ..., () => ...)", List.of());
        }
        List<String> written = new ArrayList<>();
        Recorder outer = recorder;
        try {
            for (Value block : blocks) {
                recorder = outer.inner();
                block.executeVoid(this);
                written.add("{ " + recorder.line() + " }");
            }
        } finally {
            recorder = outer;
        }
        recorder.write("either " + String.join(" or ", written));
        return api.undefined();
    }

    @Override
    List<String> members() {
        return List.of("either", "say");
    }

    @Override
    String phrase() {
        return "what is being described";
    }

    @Override
    public String spoken() {
        throw Composer.refusal("bad-argument", "r is a function: r(app.main)").with("", List.of());
    }

    @Override
    String shown() {
        return phrase();
    }
}
