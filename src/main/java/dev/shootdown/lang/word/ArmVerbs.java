package dev.shootdown.lang.word;

import static dev.shootdown.lang.word.VendorVerbs.DEVICE;
import static dev.shootdown.lang.word.VendorVerbs.GROUP;
import static dev.shootdown.lang.word.VendorVerbs.PASID;
import static dev.shootdown.lang.word.VendorVerbs.RANGE;
import static dev.shootdown.lang.word.VendorVerbs.pasid;
import static dev.shootdown.lang.word.VendorVerbs.requester;
import static dev.shootdown.lang.word.VendorVerbs.send;
import static dev.shootdown.vocabulary.Parameter.flag;
import static dev.shootdown.vocabulary.Parameter.option;

import dev.shootdown.iommu.arm.ArmCommand;
import dev.shootdown.iommu.arm.ArmIommu;
import dev.shootdown.iommu.arm.ConfigCommand;
import dev.shootdown.iommu.arm.Tlbi;
import dev.shootdown.lang.value.Value;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The SMMUv3's commands: IHI 0070, chapter 4. */
final class ArmVerbs {
    private static final Parameter ASID = option("asid", Kind.NUMBER, "", "The ASID: that of the process with this PASID.").required();
    private static final Parameter VMID = option("vmid", Kind.NUMBER, "", "The virtual machine's tag; by default 1 where translations are nested, else 0.");
    private static final Parameter LEAF = flag("leaf", "Entries of the last level only.");
    private static final Parameter SUBSTREAM = option("pasid", Kind.NUMBER, "", "The SubstreamID; without it the command has none.");

    private ArmVerbs() {}

    static List<Verb> all() {
        return Stream.of(configuration(), invalidations(), others()).flatMap(List::stream).toList();
    }

    private static Verb command(String name, String what, Parameter... parameters) {
        return VendorVerbs.verb("arm", "CMD_" + name, what, parameters);
    }

    private static String example(String... lines) {
        return Examples.behind("arm", lines);
    }

    private static List<Verb> configuration() {
        return List.of(
                command("PREFETCH_CONFIG", "hints that a stream's configuration will be needed", DEVICE, SUBSTREAM)
                        .does((arguments, scene) -> send(scene, new ConfigCommand.PrefetchConfig(requester(arguments, scene), pasid(arguments),
                                arguments.has("pasid"))))
                        .example(example("arm0: CMD_PREFETCH_CONFIG device=gpu pasid=1")),
                command("PREFETCH_ADDR", "hints that a page's translation will be needed", RANGE, DEVICE, SUBSTREAM)
                        .does((arguments, scene) -> send(scene, new ConfigCommand.PrefetchAddr(requester(arguments, scene), pasid(arguments),
                                arguments.has("pasid"), 0, 0, arguments.range("R").start())))
                        .example(example("arm0: CMD_PREFETCH_ADDR buf device=gpu pasid=1")),
                command("CFGI_STE", "forgets the copy of a stream table entry", DEVICE, LEAF)
                        .does((arguments, scene) -> send(scene, new ConfigCommand.CfgiSte(requester(arguments, scene), arguments.has("leaf"))))
                        .example(example("arm0: CMD_CFGI_STE device=gpu leaf", "arm0: sync")),
                command("CFGI_STE_RANGE", "forgets the copies of 2^(range+1) stream table entries", DEVICE,
                        option("range", Kind.NUMBER, "0", "The Range field, from 0 to 31: 31 is all of them."))
                        .does((arguments, scene) -> send(scene, new ConfigCommand.CfgiSteRange(requester(arguments, scene),
                                (int) arguments.number("range", 0))))
                        .example(example("arm0: CMD_CFGI_STE_RANGE device=gpu range=3", "arm0: sync")),
                command("CFGI_ALL", "forgets all copies of the tables")
                        .does((arguments, scene) -> send(scene, ConfigCommand.CfgiSteRange.CFGI_ALL))
                        .example(example("arm0: CMD_CFGI_ALL", "arm0: sync")),
                command("CFGI_CD", "forgets the copy of a context descriptor", DEVICE, PASID, LEAF)
                        .does((arguments, scene) -> send(scene, new ConfigCommand.CfgiCd(requester(arguments, scene), pasid(arguments),
                                arguments.has("leaf"))))
                        .example(example("arm0: CMD_CFGI_CD device=gpu pasid=1 leaf", "arm0: sync")),
                command("CFGI_CD_ALL", "forgets the copies of all context descriptors of a stream", DEVICE)
                        .does((arguments, scene) -> send(scene, new ConfigCommand.CfgiCdAll(requester(arguments, scene))))
                        .example(example("arm0: CMD_CFGI_CD_ALL device=gpu", "arm0: sync")));
    }

    /** Each TLB invalidation with what it has; those of EL3 are illegal on this queue, and so have no word. */
    private static List<Verb> invalidations() {
        List<Verb> verbs = new ArrayList<>();
        for (Tlbi.Operation operation : Tlbi.Operation.values()) {
            if (!operation.name().startsWith("EL3")) {
                verbs.add(invalidation(operation));
            }
        }
        return verbs;
    }

    private static Verb invalidation(Tlbi.Operation operation) {
        List<Parameter> parameters = new ArrayList<>();
        String example = "arm0: CMD_TLBI_" + operation.name();
        if (operation.hasAddress()) {
            parameters.add(RANGE);
            parameters.add(LEAF);
            example += " buf";
        }
        if (operation.hasAsid()) {
            parameters.add(ASID);
            example += " asid=1";
        }
        if (operation.hasVmid()) {
            parameters.add(VMID);
        }
        return command("TLBI_" + operation.name(), operation.what(), parameters.toArray(new Parameter[0]))
                .does((arguments, scene) -> invalidate(operation, arguments, scene))
                .example(example(example, "arm0: CMD_SYNC"));
    }

    /** A range as Linux sends it: one command, or several. */
    private static List<Step> invalidate(Tlbi.Operation operation, Arguments arguments, Scene scene) {
        ArmIommu smmu = (ArmIommu) scene.machine().iommu(scene.owner());
        int asid = (int) arguments.number("asid", 0);
        int vmid = operation.hasVmid() ? (int) arguments.number("vmid", smmu.vmid()) : 0;
        if (!operation.hasAddress()) {
            return send(scene, new Tlbi(operation, vmid, asid, Tlbi.Span.NONE));
        }
        Value.Range range = arguments.range("R");
        List<Step> steps = new ArrayList<>();
        for (Tlbi.Span span : Tlbi.Span.of(range.start(), range.end(), smmu.features().ranges())) {
            steps.add(smmu.command(new Tlbi(operation, vmid, asid, arguments.has("leaf") ? span.ofLeaves() : span)));
        }
        return steps;
    }

    private static List<Verb> others() {
        return List.of(
                command("ATC_INV", "has a device drop translations from its ATC", RANGE, DEVICE, SUBSTREAM,
                        flag("global", "Those of every PASID."))
                        .does(ArmVerbs::invalidateAtc)
                        .example(example("arm0: CMD_ATC_INV buf device=gpu pasid=1", "arm0: CMD_SYNC")),
                command("PRI_RESP", "answers a page request group", DEVICE, PASID, GROUP,
                        option("resp", Kind.NUMBER, "2", "The response: 0 failure, 1 invalid request, 2 success; 3 is illegal."))
                        .does((arguments, scene) -> send(scene, new ArmCommand.PriResp(requester(arguments, scene), pasid(arguments), true,
                                (int) arguments.number("group", 0), (int) arguments.number("resp", ArmCommand.PriResp.SUCCESS))))
                        .example(example("arm0: CMD_PRI_RESP device=gpu pasid=1 group=3 resp=1")),
                command("RESUME", "goes on with a stalled access, or ends it", DEVICE,
                        option("stag", Kind.NUMBER, "0", "The tag from the event record, from 0 to 65535."),
                        flag("retry", "Ac: as if the access had just arrived."),
                        flag("abort", "Ab: with an abort; without either flag the device sees a normal end, reads zero and writes nothing."))
                        .does((arguments, scene) -> send(scene, new ArmCommand.Resume(requester(arguments, scene),
                                (int) arguments.number("stag", 0), arguments.has("retry"), arguments.has("abort"))))
                        .example(example("arm0: CMD_RESUME device=gpu stag=0 retry")),
                command("STALL_TERM", "ends all stalled accesses of a stream", DEVICE)
                        .does((arguments, scene) -> send(scene, new ArmCommand.StallTerm(requester(arguments, scene))))
                        .example(example("arm0: CMD_STALL_TERM device=gpu")),
                command("SYNC", "waits until all before it are done", option("cs", Kind.WORD, "irq",
                        "How it signals: irq, an MSI into a word of the caller's, who waits for it; none or sev, and nobody waits.")
                        .of("none", "irq", "sev"))
                        .does(ArmVerbs::sync)
                        .example(example("arm0: CMD_TLBI_NH_ASID asid=1", "arm0: CMD_SYNC")));
    }

    private static List<Step> invalidateAtc(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return send(scene, ArmCommand.AtcInv.of(requester(arguments, scene), pasid(arguments), range.start(), range.end())
                .ssv(arguments.has("pasid")).global(arguments.has("global")));
    }

    private static List<Step> sync(Arguments arguments, Scene scene) {
        return switch (arguments.word("cs", "irq")) {
            case "none" -> send(scene, new ArmCommand.Sync(ArmCommand.Sync.NONE, 0, 0, 0, 0));
            case "sev" -> send(scene, ArmCommand.Sync.sev());
            default -> scene.machine().iommu(scene.owner()).sync();
        };
    }
}
