package dev.shootdown.conform;

import dev.shootdown.vocabulary.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code strace -f -ttt -y} wrote of a program's memory calls: each task's calls, as they begin and as they end. */
final class Strace {
    private static final Pattern LINE = Pattern.compile("(\\d{1,9}) +\\d+\\.\\d+ (.*)");
    private static final Pattern BEGINNING = Pattern.compile("(\\w+)\\((.*)");
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. (\\w+) resumed>(.*)");
    private static final String UNFINISHED = " <unfinished ...>";
    private static final Pattern END = Pattern.compile("(.*)\\)\\s+= (.*)");

    /**
     * The beginning of a call, its end, or both at once.
     *
     * @param line      counted from 1
     * @param tid       the task
     * @param name      of the call; {@code +++} where the task is gone
     * @param arguments as far as they are known, as they were written
     * @param result    as it was written; null at the beginning of a call that ends later
     * @param begins    whether the call begins here
     */
    record Call(int line, int tid, String name, List<String> arguments, String result, boolean begins) {
        boolean ends() {
            return result != null;
        }

        String argument(int index) {
            return index < arguments.size() ? arguments.get(index) : "";
        }
    }

    private final String file;
    private final Map<Integer, String> begun = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();

    private Strace(String file) {
        this.file = file;
    }

    /** @throws Refusal if a file is none of strace's by its name */
    static void name(Path path) {
        String name = path.toString();
        if (!name.endsWith(".strace") && !name.endsWith(".strace" + TextFile.PACKED)) {
            throw Row.refusal(name, 0, "no-recording", "this is not what strace wrote by its name, which would end with .strace or .strace.gz");
        }
    }

    /** @throws Refusal if the file cannot be read, or is not what strace writes */
    static List<Call> read(Path path) {
        Strace strace = new Strace(path.toString());
        List<String> lines = TextFile.lines(path);
        if (lines.isEmpty()) {
            throw Row.refusal(strace.file, 0, "empty-file", "there is nothing in it");
        }
        for (int i = 0; i < lines.size(); i++) {
            strace.line(i + 1, lines.get(i));
        }
        return strace.calls;
    }

    private void line(int number, String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw Row.refusal(file, number, "not-strace", "this line is none of 'strace -f -ttt': a task, a time and a call");
        }
        int tid = Integer.parseInt(line.group(1));
        String rest = line.group(2);
        if (rest.startsWith("+++")) {
            calls.add(new Call(number, tid, "+++", List.of(), "", true));
        } else if (rest.startsWith("<...")) {
            resumed(number, tid, rest);
        } else if (!rest.startsWith("---")) {
            beginning(number, tid, rest);
        }
    }

    private void beginning(int number, int tid, String text) {
        Matcher call = BEGINNING.matcher(text);
        if (!call.matches()) {
            throw Row.refusal(file, number, "not-strace", "there is no call on this line, or it is cut off");
        }
        String name = call.group(1);
        String rest = call.group(2);
        if (rest.endsWith(UNFINISHED) || rest.endsWith(UNFINISHED.substring(1))) {
            String arguments = rest.substring(0, rest.lastIndexOf('<')).stripTrailing();
            begun.put(tid, arguments);
            calls.add(new Call(number, tid, name, arguments(arguments), null, true));
        } else {
            ended(number, tid, name, rest, true);
        }
    }

    private void resumed(int number, int tid, String text) {
        Matcher call = RESUMED.matcher(text);
        String arguments = begun.remove(tid);
        if (!call.matches() || arguments == null) {
            throw Row.refusal(file, number, "not-strace", "a call goes on here that did not begin before");
        }
        ended(number, tid, call.group(1), arguments + call.group(2), false);
    }

    private void ended(int number, int tid, String name, String rest, boolean begins) {
        Matcher end = END.matcher(rest);
        if (!end.matches()) {
            throw Row.refusal(file, number, "not-strace", "the call on this line has no result: it is cut off");
        }
        calls.add(new Call(number, tid, name, arguments(end.group(1)), end.group(2).strip(), begins));
    }

    /** Cut at the commas that stand in no bracket and no text. */
    private static List<String> arguments(String text) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int from = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if ("([{<".indexOf(c) >= 0) {
                depth++;
            } else if (")]}>".indexOf(c) >= 0) {
                depth -= text.startsWith("=>", i - 1) ? 0 : 1;
            } else if (c == ',' && depth == 0) {
                arguments.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        String last = text.substring(Math.min(from, text.length())).strip();
        if (!last.isEmpty()) {
            arguments.add(last);
        }
        return arguments;
    }
}
