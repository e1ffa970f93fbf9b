package dev.shootdown.js;

import dev.shootdown.lang.value.Value.Range;
import java.util.List;

/** The range that a driver's callback is about. */
final class RangeThing extends Thing {
    private final Range range;
    private final boolean blockable;

    RangeThing(Api api, Range range, boolean blockable) {
        super(api);
        this.range = range;
        this.blockable = blockable;
    }

    Range range() {
        return range;
    }

    @Override
    Object member(String name) {
        return switch (name) {
            case "start" -> api.sandbox().bigint(range.start());
            case "end" -> api.sandbox().bigint(range.end());
            case "size" -> api.sandbox().number(range.length());
            case "pages" -> api.sandbox().number(((range.end() - 1) >>> 12) - (range.start() >>> 12) + 1);
            case "blockable" -> blockable;
            default -> null;
        };
    }

    @Override
    List<String> members() {
        return List.of("start", "end", "size", "pages", "blockable");
    }

    @Override
    String phrase() {
        return "a range";
    }

    @Override
    public String spoken() {
        return range.text();
    }
}
