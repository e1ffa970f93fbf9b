package dev.shootdown.mm;

import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a golden scenario's statements on a {@link Bench}: just enough of the language for what this room does. */
final class GoldenScenario {
    static final Path ROOT = Path.of("src/test/resources/golden/linux-6.1");
    private static final Pattern STATEMENT = Pattern.compile("(?:let (\\w+) = )?([\\w.]+):\\s+(\\w+)(.*)");

    /** A statement with what it did. */
    record Call(String verb, String process, List<Event> events, boolean failed) {}

    final Bench bench = new Bench(KernelVersion.V6_1).listen();
    final List<Call> calls = new ArrayList<>();
    private final Map<String, long[]> ranges = new HashMap<>();
    private final Map<String, Observer> observers = new HashMap<>();

    GoldenScenario(String name) {
        try {
            for (String line : Files.readAllLines(ROOT.resolve("scenarios/" + name + ".mmu"))) {
                statement(line.strip());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void statement(String line) {
        Matcher match = STATEMENT.matcher(line);
        if (line.startsWith("process")) {
            process(line);
        } else if (line.startsWith("file")) {
            String[] words = line.split("\\s+");
            bench.kernel.files().create(words[1], size(words[2]), line.contains("tmpfs"));
        } else if (line.startsWith("bind")) {
            String process = line.split("\\s+")[3];
            observers.put(process, new Observer("observer"));
            bench.notifier.subscribe(bench.kernel.mm(process), observers.get(process));
        } else if (line.startsWith("unbind")) {
            bench.notifier.unsubscribe(bench.kernel.mm("app"), observers.get("app"));
            calls.add(new Call("unbind", "app", List.of(), false));
        } else if (line.startsWith("let") && !line.contains(":")) {
            ranges.put(line.split("\\s+")[1], range(line.substring(line.indexOf('=') + 1).strip()));
        } else if (match.matches()) {
            call(match.group(1), match.group(2), match.group(3), match.group(4).strip());
        }
    }

    private void process(String line) {
        int mm = bench.process("app");
        if (line.contains("worker")) {
            bench.thread("app.worker", mm, 1);
        }
        if (line.contains("heap=")) {
            bench.kernel.heap(mm, number(line.replaceAll(".*heap=(\\w+).*", "$1")));
        }
    }

    private void call(String let, String actor, String verb, String arguments) {
        String process = actor.substring(0, actor.indexOf('.'));
        Actor thread = bench.thread(actor);
        int from = bench.moments.size();
        long result = bench.run(thread, step(bench.kernel.mm(process), verb, arguments));
        List<Event> events = bench.moments.subList(from, bench.moments.size()).stream().map(Moment::event).toList();
        calls.add(new Call(verb, process, events, Outcome.failed(result)));
        if (let != null) {
            ranges.put(let, new long[] {result, result + size(arguments.split("\\s+")[arguments.startsWith("0x") ? 1 : 0])});
        }
    }

    private Step step(int mm, String verb, String arguments) {
        String[] words = arguments.split("\\s+");
        return switch (verb) {
            case "mmap" -> mmap(mm, words);
            case "fork" -> {
                int child = bench.kernel.reserve(words[0]);
                bench.thread(words[0] + ".main", child, 0);
                yield new Fork(mm, child);
            }
            case "exit" -> new Exit(mm);
            case "brk" -> new Brk(mm, bench.kernel.heap(mm) + size(words[0]));
            default -> onRange(mm, verb, range(arguments), words[words.length - 1]);
        };
    }

    private static Step onRange(int mm, String verb, long[] range, String last) {
        long length = range[1] - range[0];
        return switch (verb) {
            case "touch" -> new Touch(mm, range[0], range[1], last.equals("write") ? Translation.WRITE : Translation.READ);
            case "munmap" -> new Munmap(mm, range[0], length);
            case "mprotect" -> new Mprotect(mm, range[0], length, protection(last));
            case "madvise" -> new Madvise(mm, range[0], length, Advice.valueOf(last.toUpperCase(java.util.Locale.ROOT)));
            default -> throw new IllegalArgumentException(verb);
        };
    }

    private Step mmap(int mm, String[] words) {
        long flags = List.of(words).contains("shared") ? 0 : Mmap.PRIVATE;
        int file = 0;
        for (String word : words) {
            flags |= switch (word) {
                case "shared" -> Mmap.SHARED;
                case "noreplace" -> Mmap.FIXED_NOREPLACE;
                case "fixed" -> Mmap.FIXED;
                case "populate" -> Mmap.POPULATE;
                default -> 0;
            };
            file = word.startsWith("file=") ? bench.kernel.files().find(word.substring(5)) : file;
        }
        return new Mmap(mm, number(words[0]), size(words[1]), protection(words[2]), flags, file, 0);
    }

    private static long protection(String word) {
        return (word.contains("r") ? Vma.READ : 0) | (word.contains("w") ? Vma.WRITE : 0) | (word.contains("x") ? Vma.EXEC : 0);
    }

    private long[] range(String text) {
        Matcher part = Pattern.compile("(\\w+)\\[(\\w+)? ?\\+(\\w+)\\].*").matcher(text);
        Matcher absolute = Pattern.compile("(0x\\w+) \\+(\\w+).*").matcher(text);
        if (part.matches()) {
            long start = ranges.get(part.group(1))[0] + (part.group(2) == null ? 0 : size(part.group(2)));
            return new long[] {start, start + size(part.group(3))};
        }
        if (absolute.matches()) {
            return new long[] {number(absolute.group(1)), number(absolute.group(1)) + size(absolute.group(2))};
        }
        return ranges.get(text.split("\\s+")[0]);
    }

    private static long size(String text) {
        return text.endsWith("p") ? number(text.substring(0, text.length() - 1)) << 12 : number(text);
    }

    private static long number(String text) {
        return Long.decode(text.replace("_", ""));
    }
}
