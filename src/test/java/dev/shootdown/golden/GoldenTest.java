package dev.shootdown.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Session;
import dev.shootdown.lang.Status;
import dev.shootdown.view.JsonView;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Scenarios run as a user runs them, each held against what a real Linux 6.1 did. */
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/linux-6.1");
    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @ValueSource(strings = {
        "brk", "clear_refs", "exec", "exec_vfork", "exit", "exit_5000", "exit_close_vm_first", "exit_sigkill",
        "exit_threaded", "fault_write", "fault_zero_then_anon", "file_dontneed_shared_dirty", "file_mremap",
        "file_pageout_clean", "file_pageout_dirty", "file_private_cow_ext4", "file_private_cow_tmpfs",
        "file_private_truncate_ext4", "file_punch_hole_ext4", "file_punch_hole_tmpfs", "file_shared_msync_ext4",
        "file_shared_msync_tmpfs", "file_shared_truncate_ext4", "file_shared_truncate_tmpfs", "fork_cow",
        "fork_cow_child_notifier", "fork_cow_threaded", "fork_parent_writes_first", "fork_untouched_shared",
        "hugetlb_fork_cow", "hugetlb_mremap", "hugetlb_munmap", "ksm_merge_write", "ksm_unmergeable", "madv_cold", "madv_dontneed_1", "madv_dontneed_16",
        "madv_dontneed_16_threaded", "madv_dontneed_3vmas", "madv_dontneed_512", "madv_dontneed_middle",
        "madv_dontneed_untouched", "madv_pageout_anon", "madv_pageout_anon_threaded", "madv_populate_read_then_write",
        "madv_willneed_swapped", "mapfixed_over_untouched", "migrate_mbind", "migrate_move_pages",
        "migrate_move_pages_threaded", "migrate_shared_by_child", "mlock", "mmap_only", "mprotect_1024_gap",
        "mprotect_3vmas", "mprotect_cross_pud", "mprotect_none", "mprotect_rw_r", "mprotect_rw_r_1",
        "mprotect_untouched", "mremap_dontunmap", "mremap_fixed_over", "mremap_grow_inplace",
        "mremap_move_neighbours", "mremap_move_pmd", "mremap_move_pmd_unaligned", "mremap_move_pud",
        "mremap_move_threaded", "mremap_shrink", "mremap_shrink_move", "munmap_1", "munmap_12000", "munmap_16",
        "munmap_16_threaded", "munmap_2", "munmap_3vmas_holes", "munmap_3vmas_partial", "munmap_5000", "munmap_512",
        "munmap_64_neighbours", "munmap_middle", "munmap_partly_touched", "munmap_prot_none", "munmap_sparse_2pmds",
        "munmap_untouched_16", "munmap_untouched_5000", "procmem_write_ro", "reclaim_memcg", "reclaim_memcg_mglru",
        "thp_collapse", "thp_dontneed_part", "thp_fault", "thp_free_part", "thp_khugepaged", "thp_khugepaged_idle",
        "thp_mprotect", "thp_mremap", "thp_mremap_unaligned", "thp_munmap", "thp_munmap_part", "thp_pageout", "thp_zero_then_write",
        "uffd_missing", "uffd_wp", "uprobe", "vfork", "zzz_control_no_notifier"})
    void agrees(String name) throws IOException {
        assertThat(Comparison.differences(recording(name), run(name))).isEmpty();
    }

    /** A comparison that notices nothing would agree with everything. */
    @Test
    void aSpoiltRunIsNoticed() throws IOException {
        List<JsonNode> golden = recording("munmap_16");
        List<JsonNode> run = run("munmap_16");
        for (int i = 0; i < run.size(); i++) {
            if (List.of("notify_start", "notify_end", "invalidate_range", "cpu_flush", "callback", "page_free").contains(event(run.get(i)))) {
                List<JsonNode> without = new ArrayList<>(run);
                without.remove(i);
                assertThat(Comparison.differences(golden, without)).as("without %s", run.get(i)).isNotEmpty();
            }
        }
    }

    @Test
    void aRangeThatIsAPageTooLongIsNoticed() throws IOException {
        List<JsonNode> run = new ArrayList<>(run("munmap_16"));
        int i = 0;
        while (!event(run.get(i)).equals("notify_start")) {
            i++;
        }
        ObjectNode longer = (ObjectNode) run.get(i).deepCopy();
        longer.put("end", "0x" + Tokens.number(longer.get("end")).add(java.math.BigInteger.valueOf(4096)).toString(16));
        run.set(i, longer);
        assertThat(Comparison.differences(recording("munmap_16"), run)).isNotEmpty();
    }

    private static String event(JsonNode row) {
        return row.path("event").asString("");
    }

    private static List<JsonNode> recording(String name) throws IOException {
        return rows(Files.readAllLines(FOLDER.resolve("cases").resolve(name + ".jsonl")));
    }

    private static List<JsonNode> run(String name) throws IOException {
        StringWriter out = new StringWriter();
        Path script = FOLDER.resolve("scenarios").resolve(name + ".mmu");
        Status status;
        try (Session session = new Session(new JsonView(new PrintWriter(out), new PrintWriter(Writer.nullWriter()), false, false, () -> false))) {
            status = session.execute(script.toString(), Files.readString(script));
        }
        assertThat(status).isEqualTo(Status.HELD);
        return rows(out.toString().lines().toList());
    }

    private static List<JsonNode> rows(List<String> lines) {
        return lines.stream().filter(line -> !line.isBlank()).map(JSON::readTree).toList();
    }
}
