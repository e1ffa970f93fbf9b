package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.machine.Vendor;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver has to order itself, and what the hardware orders for it: iommu.md 6.1, by exploration. */
class VendorOrderTest {
    private static final String RACE = """
            machine { kernel="6.6" }
            iommu unit0 { vendor=VENDOR }
            device gpu behind unit0 { ats pri }
            process app
            driver own {
              on range(r) { ACTIONS }
              on release  { detach; drain }
            }
            bind gpu to app pasid=1 driver=own
            scenario order {
              let buf = app.main: mmap 4K rw
              app.main: touch buf write
              race {
                app.main: munmap buf
                gpu:      dma write buf value=0xab
              }
              forbid use_after_free
            }
            """;

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    private static String race(String vendor, String actions) {
        return RACE.replace("VENDOR", vendor).replace("ACTIONS", actions);
    }

    private Event.Verdict explored(String vendor, String actions) {
        session.execute("order.mmu", race(vendor, actions) + "explore order");
        Event.Verdict verdict = audience.verdicts().getLast();
        assertThat(verdict.complete()).isTrue();
        return verdict;
    }

    /** Arm and RISC-V keep no order between their own TLB and a device's; AMD and Intel do. */
    @ParameterizedTest
    @CsvSource({"arm, Sometimes", "riscv, Sometimes", "amd, Never", "intel, Never"})
    void oneWaitBehindBoth(String vendor, String verdict) {
        assertThat(explored(vendor, "flush iotlb r; flush atc r; sync").verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arm", "riscv", "amd", "intel"})
    void aWaitBehindEachIsEnoughForAllAndNoneOfThemIsToSpareBehindTheDevice(String vendor) {
        assertThat(explored(vendor, "flush iotlb r; sync; flush atc r; sync").verdict()).isEqualTo("Never");
        assertThat(explored(vendor, "flush iotlb r; sync; flush atc r").verdict()).isEqualTo("Sometimes");
        assertThat(explored(vendor, "flush atc r; sync; flush iotlb r; sync").verdict()).isEqualTo("Sometimes");
    }

    /** Without the CMD_SYNC between, the device asks again before the TLBI is carried out, or while a walk goes on. */
    @Test
    void theWitnessOfTheMissingSync() {
        explored("arm", "flush iotlb r; flush atc r; sync");
        List<Event> witness = audience.witnesses.getLast().stream().map(Moment::event).toList();
        assertThat(witness).hasAtLeastOneElementOfType(Event.Violation.class);
        List<String> commands = witness.stream().filter(Event.Command.class::isInstance).map(event -> ((Event.Command) event).name()).toList();
        assertThat(commands).endsWith("CMD_TLBI_NH_ASID", "CMD_ATC_INV", "CMD_SYNC");
        int completion = last(witness, Event.Completion.class);
        assertThat(last(witness, Event.PageFree.class)).as("the driver believes that all is done").isGreaterThan(completion);
        assertThat(last(witness, Event.Dma.class)).isGreaterThan(last(witness, Event.PageFree.class));
    }

    private static int last(List<Event> events, Class<? extends Event> type) {
        int last = -1;
        for (int i = 0; i < events.size(); i++) {
            last = type.isInstance(events.get(i)) ? i : last;
        }
        return last;
    }

    /** Of the rules on 6.6 none may be broken: each mutant is noticed, and shown. What hardware orders by itself is the exception. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "arm, swap flush iotlb with flush atc of driver own on range, true",
        "riscv, swap flush iotlb with flush atc of driver own on range, true",
        "amd, swap flush iotlb with flush atc of driver own on range, true",
        "intel, swap flush iotlb with flush atc of driver own on range, true",
        "arm, drop sync 1 of driver own on range, true",     // nothing between the two
        "riscv, drop sync 1 of driver own on range, true",
        "amd, drop sync 1 of driver own on range, false",
        "intel, drop sync 1 of driver own on range, false",
        "arm, drop sync 2 of driver own on range, true",     // no wait
        "riscv, drop sync 2 of driver own on range, true",
        "amd, drop sync 2 of driver own on range, true",
        "intel, drop sync 2 of driver own on range, true",
        "arm, hurry arm.Complete in Serve, true",            // it completes before accesses and answers are over
        "riscv, hurry riscv.AwaitCommands in Serve, true",
        "amd, hurry amd.Complete in Serve, true",
        "amd, drop AwaitDrain in Serve, true",
        "intel, hurry intel.Complete in Serve, true",
        "arm, hurry FillAtc in Answered, true",              // the device keeps an answer that was overtaken
        "riscv, hurry FillAtc in Answered, true",
        "amd, hurry FillAtc in Answered, true",
        "intel, hurry FillAtc in Answered, true",
        "arm, drop Mark.Walk in Serve, true",                // a walk survives the invalidation
        "riscv, drop Mark.Walk in Serve, true",
        "amd, drop Mark.Walk in Serve, true",
        "intel, drop Mark.Walk in Serve, true",
        "arm, drop DropPointers in Serve, true"})            // leaf entries alone
    void eachMutantOfTheOrderIsNoticed(String vendor, String mutant, boolean noticed) {
        String script = race(vendor, "flush iotlb r; sync; flush atc r; sync");
        session.mutate("order.mmu", script, new Experiment("order", null, null, null, List.of(mutant)));
        List<Event.Mutant> tried = audience.moments.stream().map(Moment::event).filter(Event.Mutant.class::isInstance)
                .map(Event.Mutant.class::cast).toList();
        assertThat(tried).singleElement().satisfies(one -> {
            assertThat(one.mutant()).isEqualTo(mutant);
            assertThat(one.noticed()).isEqualTo(noticed);
            assertThat(one.condition()).isEqualTo(noticed ? "forbid use_after_free" : null);
        });
        if (noticed) {
            List<Moment> witness = audience.witnesses.getLast();
            assertThat(witness).as("the device comes behind the freeing").anyMatch(moment -> moment.event() instanceof Event.PageFree);
            assertThat(witness.getLast().actor()).isEqualTo("gpu");
        }
    }

    /** A device that is not on PCIe has no ATC: what is to be waited for is the SMMU's alone, and its faults are served. */
    @ParameterizedTest
    @CsvSource({"flush iotlb r; sync, Never", "flush iotlb r, Sometimes", "sync, Sometimes"})
    void aDeviceThatStalls(String actions, String verdict) {
        String script = race("arm", actions).replace("{ ats pri }", "{ stall }")
                .replace("forbid use_after_free", "forbid use_after_free\n  forbid lost_fault\n  forbid deadlock\n  expect gpu.state == \"running\"");
        session.execute("stall.mmu", script + "explore order");
        List<Event.Verdict> verdicts = audience.verdicts();
        assertThat(verdicts).hasSize(4).allMatch(Event.Verdict::complete);
        assertThat(verdicts.getFirst().verdict()).isEqualTo(verdict);
        assertThat(verdicts.subList(1, 4)).allMatch(Event.Verdict::holds);
        session.execute("run.mmu", script + "run order");
        assertThat(audience.moments).anyMatch(moment -> moment.event() instanceof Event.Command command && command.name().equals("CMD_RESUME"));
    }

    /** Hardware without ranges: 511 pages are told one by one, 512 are everything of the ASID. */
    @ParameterizedTest
    @CsvSource({"yes, 511, 2", "yes, 512, 1", "no, 3, 3", "no, 511, 511", "no, 512, 1"})
    void whenTheDriverEscalates(String ril, int pages, int commands) {
        String script = RACE.replace("vendor=VENDOR", "vendor=arm ril=" + ril);
        session.execute("ril.mmu", script.substring(0, script.indexOf("driver own")) + "bind gpu to app\nunit0: flush iotlb 0x10000000 +"
                + pages + "p pasid=1\nunit0: sync");
        long sent = audience.moments.stream().map(Moment::event).filter(Event.Command.class::isInstance)
                .filter(event -> ((Event.Command) event).name().startsWith("CMD_TLBI")).count();
        assertThat(sent).as(() -> audience.diagnostics.toString()).isEqualTo(commands);
    }

    /** The seed's scripts say the same of every vendor's hardware. */
    @ParameterizedTest
    @ValueSource(strings = {"range", "modern", "too-early", "too-late"})
    void theSeedsVerdictsAreEveryVendors(String name) throws IOException {
        String text = Files.readString(Path.of("scripts/seed/" + name + ".mmu"));
        List<String> amd = verdicts(text, "amd");
        assertThat(amd).isNotEmpty();
        for (String vendor : Vendor.words()) {
            assertThat(verdicts(text, vendor)).as(vendor).isEqualTo(amd);
        }
    }

    private static List<String> verdicts(String text, String vendor) {
        Audience heard = new Audience();
        new Session(heard).explore("seed.mmu", text, new Exploration(null, null, null, null, null, null, null, null, List.of(), List.of(),
                List.of(vendor), false, false, false, null));
        List<String> said = new ArrayList<>();
        for (Event.Verdict verdict : heard.verdicts()) {
            said.add(verdict.scenario().replace(" vendor=" + vendor, "") + ": " + verdict.condition() + " " + verdict.verdict() + " "
                    + verdict.holds() + " " + verdict.complete() + " " + verdict.value());
        }
        return said;
    }
}
