package dev.shootdown.golden;

import dev.shootdown.vocabulary.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A recorded operation: what was done, which calls of a scenario stand for it, what the kernel did. */
final class Operation {
    /** Cases in which what a new program does in its own address space is not compared. */
    static final Set<String> NEW_PROGRAM = Set.of("exec", "exec_vfork");
    private static final Map<Pattern, String> VERBS = verbs();

    String what;
    List<String> verbs;
    List<JsonNode> rows = new ArrayList<>();
    String errno;
    List<Integer> calls = List.of();

    private Operation(String what, List<String> verbs) {
        this.what = what;
        this.verbs = verbs;
    }

    /** Recorded operation to the verbs of the calls that stand for it; the first match wins; * stands for the word itself. */
    private static Map<Pattern, String> verbs() {
        String[] table = {
            "touch_|(child: )?(write|read)_touch|call probed", "touch", "pwrite /proc/self/mem", "poke", "pwrite file", "pwrite",
            "fsync", "fsync", "ftruncate", "truncate", "fallocate", "punch", "madvise .*khugepaged", "madvise khugepaged", "ksm run", "ksm",
            "khugepaged |lru_gen |KVM memslot|define uprobe", "", "(enable|disable) uprobe", "uprobe", "UFFDIO_", "uffd",
            "memory\\.reclaim", "reclaim", "close VM fd", "unbind", "vfork\\+execve", "vfork exec exit", "vfork, child", "vfork exit",
            "child: _exit|_exit|exit_group|let child exit", "exit", "SIGKILL", "kill", "execve", "exec", "child writes", "", "fork", "fork",
            "mlock2", "mlock", "(munmap|mmap|mprotect|mremap|madvise|mlock|munlock|msync|brk|clear_refs|move_pages|mbind) ", "*",
        };
        Map<Pattern, String> verbs = new LinkedHashMap<>();
        for (int i = 0; i < table.length; i += 2) {
            verbs.put(Pattern.compile(table[i]), table[i + 1]);
        }
        return verbs;
    }

    private static List<String> verbsOf(String name, String what) {
        if (name.equals("ksm_unmergeable") && what.equals("ksm run=1, wait for merge")) {
            return List.of();
        }
        for (Map.Entry<Pattern, String> entry : VERBS.entrySet()) {
            Matcher matcher = entry.getKey().matcher(what);
            if (matcher.lookingAt()) {
                String said = entry.getValue().equals("*") ? matcher.group(1) : entry.getValue();
                return said.isEmpty() ? List.of() : Arrays.asList(said.split(" "));
            }
        }
        throw new IllegalStateException(name + ": no verb is known for the recorded operation \"" + what + "\"");
    }

    /** The operations in order. One recorded inside another, a child's while the parent waits, is one with it. */
    static List<Operation> recorded(String name, List<JsonNode> rows) {
        List<Operation> operations = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>();
        for (JsonNode row : rows) {
            String kind = row.get("t").asString();
            if (kind.equals("op") || kind.equals("setup")) {
                begin(name, row.get("what").asString(), operations, open.isEmpty());
                open.push(task(row));
            } else if (kind.equals("ret")) {
                while (!open.isEmpty() && !open.pop().equals(task(row))) {
                    continue;
                }
                if (row.has("errno")) {
                    operations.getLast().errno = errno(row.get("errno").asInt());
                }
            } else if (!open.isEmpty()) {
                operations.getLast().rows.add(row);
            }
        }
        if (NEW_PROGRAM.contains(name)) {
            operations.forEach(Operation::forgetNewProgram);
        }
        return operations;
    }

    private static void begin(String name, String what, List<Operation> operations, boolean outermost) {
        if (outermost) {
            operations.add(new Operation(what, verbsOf(name, what)));
        } else {
            operations.getLast().what += " / " + what;
            operations.getLast().verbs = verbsOf(name, what);
        }
    }

    private static String task(JsonNode row) {
        return row.has("task") ? row.get("task").toString() : "";
    }

    private static String errno(int number) {
        return Arrays.stream(Errno.values()).filter(errno -> errno.number() == number).map(Enum::name).findFirst().orElseThrow();
    }

    private void forgetNewProgram() {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).has("mm")) {
                rows = rows.subList(0, i);
                return;
            }
        }
    }

    /** How frees are compared: strict, in place; totals, over the operation; bound, not more than recorded; skip, not at all. */
    String freesRule() {
        if (List.of("enable uprobe", "disable uprobe", "vfork+execve").stream().anyMatch(what::startsWith)) {
            return "skip";
        }
        List<JsonNode> whole = rows.stream().filter(Operation::tearsDown).toList();
        if (whole.stream().anyMatch(row -> row.has("mm") && !row.get("mm").asString().isEmpty())) {
            return "bound";
        }
        return !whole.isEmpty() || what.startsWith("memory.reclaim") ? "totals" : "strict";
    }

    private static boolean tearsDown(JsonNode row) {
        return row.get("t").asString().equals("tlb_flush") && row.get("r").get(0).asString().equals("0")
                && row.get("r").get(1).asString().equals("MAX") && row.get("by").asString().equals("tlb_finish_mmu");
    }
}
