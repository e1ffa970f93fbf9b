package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Kind;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every event of the trace alphabet, as scripts bring it about: with {@code --json} it has the fields that are promised, of their kinds. */
class AlphabetTest {
    /** By event its fields, each with its kind: a(ddress), n(umber), b(oolean), s(tring), w(ords), v(alue: any). */
    private static final String TABLE = """
            call: process s, op s, args s
            return: process s, op s, result v, errno s
            vma: process s, change s, start a, end a, prot s
            cpu_fault: process s, addr a, access s, outcome s
            page_alloc: process s, frame a, order n, owner s
            page_free: process s, frame a, order n, owner s
            table_alloc: process s, frame a, level n
            table_free: process s, frame a, level n
            pte: process s, change s, start a, end a, pages n, helper s
            cpu_flush: process s, start a, end a, pages n, tables b, batch b
            notify_start: process s, start a, end a, reason s, blockable b
            notify_end: process s, start a, end a, reason s, blockable b, only_end b
            invalidate_range: process s, start a, end a
            callback: process s, driver s, name s, start a, end a, addr a
            invalidate_page: process s, addr a
            change_pte: process s, addr a
            clear_flush_young: process s, start a, end a
            clear_young: process s, start a, end a
            test_young: process s, addr a
            release: process s
            command: iommu s, name s, words w, start a, end a, pasid n, device s
            iotlb_invalidate: iommu s, start a, end a, pasid n, dropped n
            atc_invalidate: iommu s, start a, end a, pasid n, device s, dropped n
            completion: iommu s, waited s
            translate: device s, addr a, via s, outcome s
            dma: device s, pasid n, addr a, len n, access s, frame a, outcome s
            io_page_fault: iommu s, device s, pasid n, addr a, flags a, log s
            page_request: device s, pasid n, addr a, group n, last b, access s
            page_response: device s, pasid n, addr a, group n, last b, access s, code n
            interrupt: iommu s, cause s
            device_failed: device s, after s
            violation: check s, addr a, frame a, because n
            verdict: scenario s, condition s, verdict s, holds b, complete b, stopped s, states n, transitions n, ends n, happened n, seconds n, collisions n, bytes n, witness s, value n
            print: text s
            diagnostic: code s, severity s, source s, line n, column n, cause s, hint s
            """;

    private static final String OLD = """
            machine { kernel="3.16" swap=1M }
            iommu amd0
            device gpu behind amd0 { ats pri retries=1 }
            device nic behind amd0
            process app { threads=[main, worker] }
            bind gpu to app pasid=1 driver=start
            bind nic to app pasid=2
            let buf = app.main: mmap 16K rw
            app.main: touch buf write
            expect ENOMEM app.main: mprotect 0x1000 +4K r
            app.main: fork child
            app.main: touch buf[0] write
            kernel: age buf[4K +4K]
            kernel: reclaim buf[8K +4K]
            nic: dma read 0x10000 +4K
            scenario early {
              let other = app.main: mmap 8K rw
              app.main: touch other write
              race {
                app.main: munmap other
                gpu: dma write other[0 +4K] value=1
              }
              exists use_after_free
              maximum gpu.requests
            }
            explore early
            explore early states=10
            app.main: exit
            expect app.rss == 5
            """;
    private static final String STORM = """
            machine { kernel="3.16" }
            iommu amd0
            device gpu behind amd0 { ats pri retries=1 }
            process app
            bind gpu to app pasid=1 driver=empty_table
            let dropped = app.main: mmap 4K rw
            let work = app.main: mmap 4K rw
            app.main: { touch dropped write; touch work write }
            scenario storm {
              race {
                app.main: madvise dropped dontneed
                gpu: dma write work value=1
              }
              exists device_failed
            }
            explore storm
            """;
    private static final String NEW = """
            machine { kernel="6.6" thp=madvise swap=1M }
            iommu amd0
            device gpu behind amd0 { ats pri }
            process app { threads=[main, worker] }
            bind gpu to app pasid=1 driver=observer
            let big = app.main: mmap 0x40000000 2M rw fixed
            let buf = app.main: mmap 16K rw
            app.main: { touch big[0] write; touch buf write; madvise big hugepage }
            kernel: age big idle
            kernel: khugepaged big
            kernel: reclaim buf
            app.main: munmap buf
            print "done"
            """;

    private static Map<String, Map<String, String>> table() {
        Map<String, Map<String, String>> events = new LinkedHashMap<>();
        TABLE.lines().forEach(line -> {
            Map<String, String> fields = new LinkedHashMap<>();
            for (String field : line.substring(line.indexOf(':') + 2).split(", ")) {
                fields.put(field.split(" ")[0], field.split(" ")[1]);
            }
            events.put(line.substring(0, line.indexOf(':')), fields);
        });
        return events;
    }

    private static void collect(String script, Map<String, Set<String>> seen) {
        Map<String, Map<String, String>> table = table();
        Ran ran = Ran.call(Ran.bytes(script), Main::open, "--json", "-");
        for (String line : ran.out().lines().toList()) {
            JsonNode object = JsonMapper.shared().readTree(line);
            assertThat(object.get("v").asInt()).isEqualTo(1);
            assertThat(object.get("step").isNumber()).isTrue();
            String event = object.get("event").asString();
            assertThat(table).containsKey(event);
            for (String field : object.propertyNames()) {
                if (!Set.of("v", "step", "actor", "event").contains(field)) {
                    assertThat(table.get(event)).as(line).containsKey(field);
                    assertThat(is(object.get(field), table.get(event).get(field))).as(field + " in " + line).isTrue();
                    seen.computeIfAbsent(event, ignored -> new TreeSet<>()).add(field);
                }
            }
        }
    }

    private static boolean is(JsonNode value, String kind) {
        return switch (kind) {
            case "a" -> value.isString() && value.asString().matches("0x[0-9a-f]+");
            case "n" -> value.isNumber();
            case "b" -> value.isBoolean();
            case "s" -> value.isString();
            case "w" -> value.isArray() && !value.isEmpty() && value.valueStream().allMatch(word -> is(word, "a"));
            default -> true;
        };
    }

    @Test
    void everyEventComesWithEveryFieldOfItsOwn() {
        Map<String, Set<String>> seen = new TreeMap<>();
        List.of(OLD, STORM, NEW).forEach(script -> collect(script, seen));
        Map<String, Set<String>> missing = new TreeMap<>();
        table().forEach((event, fields) -> {
            Set<String> left = new HashSet<>(fields.keySet());
            left.removeAll(seen.getOrDefault(event, Set.of()));
            if (!left.isEmpty()) {
                missing.put(event, left);
            }
        });
        assertThat(missing).isEmpty();
    }

    /** The table is whole: what the language knows as an event stands in it, but for what only mutate tells. */
    @Test
    void theTableHasEveryEvent() {
        List<String> known = Arrays.stream(Kind.values()).filter(Kind::inAlphabet).filter(kind -> kind != Kind.MUTANT).map(Kind::word).toList();
        assertThat(Collections.unmodifiableSet(table().keySet())).containsExactlyInAnyOrderElementsOf(known);
    }
}
