package dev.shootdown.js;

import dev.shootdown.driver.Action;
import dev.shootdown.driver.Drivers;
import dev.shootdown.driver.Term;
import dev.shootdown.lang.value.Value.Range;
import dev.shootdown.lang.word.Words;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/** One call of a driver's callback in JavaScript: collects the actions that it asks for. */
final class Asking {
    private final Api api;
    private final Drivers.Asked asked;
    private final List<Action> actions = new ArrayList<>();
    private boolean over;

    Asking(Api api, Drivers.Asked asked) {
        this.api = api;
        this.asked = asked;
    }

    /** The actions of a driver, as JavaScript spells them. */
    static List<String> names() {
        return Words.actions().stream().map(Word::name).map(Spelling::member).toList();
    }

    /** Calls it. */
    List<Action> of(Value driver, String callback) {
        Range range = new Range(asked.start(), asked.end());
        ProxyExecutable take = api.function(arguments -> {
            take(arguments[0].asString(), arguments.length > 1 ? arguments[1] : null);
            return api.undefined();
        });
        try {
            api.sandbox().resetLimits();
            Value returned = api.sandbox().asking(driver, callback, new RangeThing(api, range, asked.blockable()), take, names(), new State());
            refuseAnswer(callback, returned);
        } finally {
            over = true;
        }
        return List.copyOf(actions);
    }

    /** What a callback wants done it asks for: what it returns would be lost. */
    private static void refuseAnswer(String callback, Value returned) {
        if (returned.isString() || returned.hasArrayElements()) {
            throw Composer.refusal("bad-driver", "the callback " + callback + " returns something, which nobody asks for")
                    .with("it asks for its actions: this.flushIotlb(r); this.flushAtc(r); this.sync()", List.of());
        }
    }

    private void take(String member, Value range) {
        if (over) {
            throw Composer.refusal("too-late", "the callback that " + member + " was for is over")
                    .with("ask for actions before the callback returns", List.of());
        }
        Word word = Words.actions().stream().filter(action -> Spelling.member(action.name()).equals(member)).findFirst().orElseThrow();
        boolean wants = !word.parameters().isEmpty();
        if (!wants && range != null) {
            throw Composer.refusal("wrong-arguments", member + " takes nothing").with("", List.of());
        }
        Action action = action(word.name(), wants ? where(member, range) : null);
        CallbackName only = Action.only(action);
        if (only != null && only != asked.callback()) {
            throw Composer.refusal("not-in-callback", member + " is for the callback " + Spelling.member(only.word()) + " only").with("", List.of());
        }
        actions.add(action);
    }

    private static Action action(String word, Action.Where where) {
        return switch (word) {
            case "flush iotlb" -> new Action.FlushIotlb(where);
            case "flush atc" -> new Action.FlushAtc(where);
            case "flush pasid" -> new Action.FlushPasid();
            case "sync" -> new Action.Sync();
            case "table empty" -> new Action.TableEmpty();
            case "table process" -> new Action.TableProcess();
            case "block" -> new Action.Block(where);
            case "unblock" -> new Action.Unblock(where);
            case "detach" -> new Action.Detach();
            case "drain" -> new Action.Drain();
            case "refuse" -> new Action.Refuse();
            case "lock" -> new Action.Lock();
            case "unlock" -> new Action.Unlock();
            case "set seq" -> new Action.SetSeq();
            case "zap" -> new Action.Zap(where);
            case "read begin" -> new Action.ReadBegin();
            case "lookup" -> new Action.Lookup();
            case "install" -> new Action.Install();
            case "defer" -> new Action.Defer(where);
            case "retry" -> new Action.Retry();
            default -> throw new IllegalStateException(word);
        };
    }

    /** The callback's own range, or one from {@code start} to {@code end}. */
    private Action.Where where(String member, Value range) {
        if (range == null) {
            throw Composer.refusal("wrong-arguments", member + " takes a range").with("this." + member + "(r)", List.of());
        }
        if (range.isProxyObject() && range.asProxyObject() instanceof RangeThing whole) {
            boolean own = whole.range().start() == asked.start() && whole.range().end() == asked.end();
            return own ? new Action.Where.Callback() : between(whole.range().start(), whole.range().end());
        }
        if (!range.hasMember("start") || !range.hasMember("end")) {
            throw Composer.refusal("bad-argument", member + " takes a range").with("r, or { start: r.start, end: r.start + 4096n }", List.of());
        }
        return between(Composer.word64("start", range.getMember("start")), Composer.word64("end", range.getMember("end")));
    }

    private static Action.Where between(long start, long end) {
        return new Action.Where.Between(new Term.Number(start), new Term.Number(end));
    }

    /** {@code this.state}: what it remembers is in cells, so that the machine can go back. */
    private final class State implements ProxyObject {
        @Override
        public Object getMember(String key) {
            return api.sandbox().number(asked.state(key));
        }

        @Override
        public Object getMemberKeys() {
            return ProxyArray.fromArray();
        }

        @Override
        public boolean hasMember(String key) {
            return true;
        }

        @Override
        public void putMember(String key, Value value) {
            api.guarded(() -> {
                asked.state(key, value.isBoolean() ? (value.asBoolean() ? 1 : 0) : Composer.word64("this.state." + key, value));
                return null;
            });
        }
    }
}
