package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model does, event by event, what Linux 6.1 was recorded to do. */
class GoldenTest {
    private static final Map<String, String> VERBS = Map.of("touch_write", "touch", "touch_read_by_thread_on_cpu1", "touch", "write_touch", "touch", "read_touch", "touch", "_exit", "exit",
            "exit_group", "exit", "close", "unbind");

    @ParameterizedTest
    @ValueSource(strings = {
        "brk", "exit", "exit_5000", "exit_close_vm_first", "exit_threaded", "fault_write", "fault_zero_then_anon", "file_dontneed_shared_dirty",
        "file_private_cow_ext4", "file_private_cow_tmpfs", "fork_cow", "fork_cow_child_notifier", "fork_cow_threaded", "fork_parent_writes_first",
        "fork_untouched_shared", "madv_dontneed_1", "madv_dontneed_16", "madv_dontneed_16_threaded", "madv_dontneed_3vmas", "madv_dontneed_512",
        "madv_dontneed_middle", "madv_dontneed_untouched", "mapfixed_over_untouched", "mmap_only", "mprotect_1024_gap", "mprotect_3vmas",
        "mprotect_cross_pud", "mprotect_none", "mprotect_rw_r", "mprotect_rw_r_1", "mprotect_untouched", "munmap_1", "munmap_12000", "munmap_16",
        "munmap_16_threaded", "munmap_2", "munmap_3vmas_holes", "munmap_3vmas_partial", "munmap_5000", "munmap_512", "munmap_64_neighbours",
        "munmap_middle", "munmap_partly_touched", "munmap_prot_none", "munmap_sparse_2pmds", "munmap_untouched_16", "munmap_untouched_5000",
        "zzz_control_no_notifier"})
    void doesWhatTheKernelDid(String name) {
        GoldenRecording recording = new GoldenRecording(name);
        GoldenScenario scenario = new GoldenScenario(name);
        int at = scenario.calls.size();
        for (int i = recording.operations.size() - 1; i >= 0; i--) {
            GoldenRecording.Operation operation = recording.operations.get(i);
            List<GoldenToken> run = new ArrayList<>();
            int faults = 0;
            String verb = verb(operation.what);
            if (verb != null) {
                at = before(scenario.calls, at, verb);
                run = tokens(scenario.calls.get(at));
                faults = (int) scenario.calls.get(at).events().stream().filter(Event.CpuFault.class::isInstance).count();
            }
            compare(operation, run, faults);
        }
    }

    private static void compare(GoldenRecording.Operation operation, List<GoldenToken> run, int faults) {
        List<String> expected = GoldenToken.settle(operation.tokens, operation.wholeFlush);
        List<String> found = GoldenToken.settle(run, operation.wholeFlush);
        if (operation.wholeFlush) {
            // A real process frees pages of its own too, which the recording does not always tell apart.
            expected.removeLast();
            found.removeLast();
        }
        assertThat(found).as(operation.what).isEqualTo(expected);
        if (operation.faults > 0) {
            assertThat(faults).as("faults of" + operation.what).isEqualTo(operation.faults);
        }
    }

    private static int before(List<GoldenScenario.Call> calls, int at, String verb) {
        int i = at - 1;
        while (!calls.get(i).verb().equals(verb)) {
            i--;
        }
        return i;
    }

    private static String verb(String what) {
        if (what.contains("exit")) {
            return "exit";
        }
        if (what.contains("child: write_touch")) {
            return "touch";
        }
        String word = what.strip().substring(2).strip().split("[ (]")[0];
        return what.contains("child writes") ? null : VERBS.getOrDefault(word, word);
    }

    private static List<GoldenToken> tokens(GoldenScenario.Call call) {
        List<GoldenToken> tokens = new ArrayList<>();
        for (Event event : call.events()) {
            token(tokens, event);
        }
        return tokens;
    }

    private static String space(String process) {
        return process.equals("app") ? "" : "M1 ";
    }

    private static void token(List<GoldenToken> tokens, Event event) {
        switch (event) {
            case Event.NotifyStart e -> tokens.add(GoldenToken.hook(space(e.process()) + "start " + e.reason() + GoldenToken.range(e.start(), e.end()), new ArrayList<>()));
            case Event.NotifyEnd e -> tokens.add(GoldenToken.hook(
                    space(e.process()) + "end " + e.reason() + GoldenToken.range(e.start(), e.end()) + (e.onlyEnd() ? " only_end" : ""), new ArrayList<>()));
            case Event.InvalidateRange e -> tokens.add(GoldenToken.hook(space(e.process()) + "invalidate_range" + GoldenToken.range(e.start(), e.end()), new ArrayList<>()));
            case Event.Callback e -> {
                if (!List.of("change_pte", "release").contains(e.name())) {
                    tokens.getLast().callbacks().add(e.name());
                }
            }
            case Event.CpuFlush e -> tokens.add(GoldenToken.plain(space(e.process()) + "flush" + GoldenToken.range(e.start(), e.end()) + (e.tables() ? " tables" : "")));
            case Event.ChangePte e -> tokens.add(GoldenToken.plain(space(e.process()) + "change_pte" + GoldenToken.place(e.addr())));
            case Event.Release e -> tokens.add(GoldenToken.plain(space(e.process()) + "release"));
            case Event.Pte e when e.helper() != null -> tokens.add(GoldenToken.plain(space(e.process()) + e.helper() + GoldenToken.place(e.start())));
            case Event.PageFree e when !e.owner().equals("kernel") -> tokens.add(GoldenToken.freed(true, 1));
            case Event.TableFree e when e.level() < 4 -> tokens.add(GoldenToken.freed(false, 1));
            default -> { }
        }
    }
}
