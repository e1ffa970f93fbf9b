package dev.shootdown.view;

import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a line says of an event beside its name.
 *
 * @param range what it is about: a range, an address, a frame, the words of a call
 * @param note  the rest
 */
record Line(String range, String note) {
    private static final long PAGE = 4096;

    /** An event's line. Events about the same thing say it in the same place. */
    static Line of(Event event, Names names) {
        return switch (event) {
            case Event.Call e -> new Line(join(e.op(), e.args()), "");
            case Event.Return e -> new Line(e.op(), outcome(e));
            case Event.Vma e -> new Line(names.range(e.process(), e.start(), e.end()), join(e.change(), e.prot()));
            case Event.CpuFault e -> new Line(names.address(e.process(), e.addr()), join(e.access(), e.outcome()));
            case Event.PageAlloc e -> new Line(frame(e.frame()), join("owner=" + e.owner(), order(e.order())));
            case Event.PageFree e -> new Line(frame(e.frame()), join("owner=" + e.owner(), order(e.order())));
            case Event.TableAlloc e -> new Line(frame(e.frame()), "level=" + e.level());
            case Event.TableFree e -> new Line(frame(e.frame()), "level=" + e.level());
            case Event.Pte e -> new Line(names.range(e.process(), e.start(), e.end()), join(e.change(), "pages=" + e.pages(), e.helper()));
            case Event.CpuFlush e -> flush(e, names);
            case Event.NotifyStart e -> new Line(names.range(e.process(), e.start(), e.end()), join(e.reason(), blockable(e.blockable())));
            case Event.NotifyEnd e -> new Line(names.range(e.process(), e.start(), e.end()),
                    join(e.reason(), blockable(e.blockable()), e.onlyEnd() ? "only_end" : null));
            case Event.InvalidateRange e -> new Line(names.range(e.process(), e.start(), e.end()), "");
            case Event.Callback e -> new Line(place(e, names), join(e.name(), "driver=" + e.driver()));
            case Event.InvalidatePage e -> new Line(names.address(e.process(), e.addr()), "");
            case Event.ChangePte e -> new Line(names.address(e.process(), e.addr()), "");
            case Event.ClearFlushYoung e -> new Line(names.range(e.process(), e.start(), e.end()), "");
            case Event.ClearYoung e -> new Line(names.range(e.process(), e.start(), e.end()), "");
            case Event.TestYoung e -> new Line(names.address(e.process(), e.addr()), "");
            case Event.Release e -> new Line(e.process(), "");
            case Event.Command e -> new Line(e.name(),
                    join(span(e.start(), e.end(), names), option("pasid", e.pasid()), option("device", e.device()), words(e)));
            case Event.IotlbInvalidate e -> new Line(span(e.start(), e.end(), names),
                    join(option("pasid", e.pasid()), option("device", e.device()), "dropped=" + e.dropped()));
            case Event.AtcInvalidate e -> new Line(span(e.start(), e.end(), names),
                    join(option("pasid", e.pasid()), option("device", e.device()), "dropped=" + e.dropped()));
            case Event.Completion e -> new Line("", e.waited());
            case Event.Translate e -> new Line(names.address("", e.addr()), join(e.via(), e.outcome()));
            case Event.Dma e -> new Line(names.range("", e.addr(), e.addr() + e.len()), join(e.access(), e.outcome(), option("frame", e.frame())));
            case Event.IoPageFault e -> new Line(names.address("", e.addr()), oneLine(e.log()));
            case Event.PageRequest e -> new Line(names.address("", e.addr()), join(e.access(), "group=" + e.group(), e.last() ? "last" : null));
            case Event.PageResponse e -> new Line(names.address("", e.addr()), join("code=" + e.code(), "group=" + e.group(), "device=" + e.device()));
            case Event.Interrupt e -> new Line("", e.cause());
            case Event.DeviceFailed e -> new Line(e.device(), e.after());
            case Event.Violation e -> new Line(e.check(), join("because=#" + e.because(), option("frame", e.frame()), option("addr", e.addr())));
            case Event.Verdict e -> new Line(e.condition(), e.verdict());
            case Event.Mutant e -> new Line(e.mutant(), e.noticed() ? join(e.scenario(), e.condition()) : "not noticed");
            case Event.Print e -> new Line(e.text(), "");
            case Event.Diagnosed e -> new Line(e.code(), e.cause());
            case Event.CpuAccess e -> new Line(names.address(e.process(), e.addr()), join(e.write() ? "write" : "read", frame(e.frame())));
            case Event.TableRead e -> new Line(frame(e.frame()), join("level=" + e.level(), "device=" + e.device()));
        };
    }

    /** What the kernel prints on several lines, on one: the prefix that they have in common stands once. */
    private static String oneLine(String log) {
        String[] lines = log.split("\n");
        int prefix = lines[0].indexOf(": ") + 2;
        StringBuilder one = new StringBuilder(lines[0]);
        for (int i = 1; i < lines.length; i++) {
            boolean same = prefix > 1 && lines[i].startsWith(lines[0].substring(0, prefix));
            one.append(' ').append((same ? lines[i].substring(prefix) : lines[i]).strip());
        }
        return one.toString();
    }

    private static Line flush(Event.CpuFlush e, Names names) {
        if (e.start() == null) {
            return new Line("", "batch");
        }
        return new Line(names.range(e.process(), e.start(), e.end()),
                join(e.pages() == null ? null : "pages=" + e.pages(), Boolean.TRUE.equals(e.tables()) ? "tables" : null));
    }

    private static String place(Event.Callback e, Names names) {
        if (e.addr() != null) {
            return names.address(e.process(), e.addr());
        }
        return e.start() == null ? "" : names.range(e.process(), e.start(), e.end());
    }

    private static String words(Event.Command e) {
        return e.words().stream().map(Names::hex).collect(Collectors.joining(" "));
    }

    private static String outcome(Event.Return e) {
        if (e.errno() != null) {
            return "= " + e.errno();
        }
        return e.result() == null ? "" : "= " + e.result();
    }

    private static String span(Long start, Long end, Names names) {
        return start == null ? "" : names.range("", start, end == null ? start + PAGE : end);
    }

    private static String frame(long frame) {
        return "frame " + Names.hex(frame);
    }

    private static String order(int order) {
        return order == 0 ? null : "order=" + order;
    }

    private static String blockable(boolean blockable) {
        return blockable ? null : "may not block";
    }

    private static String option(String name, Object value) {
        return value == null ? null : name + "=" + (value instanceof Long number ? Names.hex(number) : value);
    }

    private static String join(String... parts) {
        List<String> said = new ArrayList<>();
        for (String part : parts) {
            if (part != null && !part.isEmpty()) {
                said.add(part);
            }
        }
        return String.join(" ", said);
    }
}
