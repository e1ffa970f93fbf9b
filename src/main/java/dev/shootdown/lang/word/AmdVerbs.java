package dev.shootdown.lang.word;

import static dev.shootdown.lang.word.VendorVerbs.CODE;
import static dev.shootdown.lang.word.VendorVerbs.DEVICE;
import static dev.shootdown.lang.word.VendorVerbs.GROUP;
import static dev.shootdown.lang.word.VendorVerbs.PASID;
import static dev.shootdown.lang.word.VendorVerbs.RANGE;
import static dev.shootdown.lang.word.VendorVerbs.pasid;
import static dev.shootdown.lang.word.VendorVerbs.requester;
import static dev.shootdown.lang.word.VendorVerbs.send;
import static dev.shootdown.vocabulary.Parameter.flag;
import static dev.shootdown.vocabulary.Parameter.option;

import dev.shootdown.iommu.amd.AmdCommand;
import dev.shootdown.iommu.amd.AmdIommu;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.lang.value.Value;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import java.util.List;

/** AMD's commands: AMD 48882 2.4. */
final class AmdVerbs {
    private static final int QUEUE_DEPTH = 32;
    private static final Parameter LEAF = flag("leaf", "Without PDE: pointers to tables are kept.");
    private static final Parameter DOMAIN = option("domain", Kind.NUMBER, Integer.toString(AmdIommu.DOMAIN),
            "Of which domain: from 6.10 on the machine's first device has 1, the second 2.");
    private static final Parameter HOST = flag("host", "Without GN: the domain's host translations.");

    private AmdVerbs() {}

    static List<Verb> all() {
        return List.of(
                command("COMPLETION_WAIT", "waits until all before it are done").does((arguments, scene) -> scene.machine().iommu(scene.owner()).sync())
                        .example(Examples.behind("amd", "amd0: COMPLETION_WAIT")),
                command("INVALIDATE_DEVTAB_ENTRY", "forgets the copy of a device's entry", DEVICE)
                        .does((arguments, scene) -> send(scene, new AmdCommand.InvalidateDevtabEntry(requester(arguments, scene))))
                        .example(Examples.behind("amd", "amd0: INVALIDATE_DEVTAB_ENTRY device=gpu")),
                command("INVALIDATE_IOMMU_PAGES", "drops translations from the IOMMU's own TLB", RANGE, PASID, DOMAIN, LEAF, HOST)
                        .does((arguments, scene) -> send(scene, new AmdCommand.InvalidateIommuPages(pasid(arguments),
                                (int) arguments.number("domain", AmdIommu.DOMAIN), span(arguments), !arguments.has("leaf"), !arguments.has("host"))))
                        .example(Examples.behind("amd", "amd0: INVALIDATE_IOMMU_PAGES buf pasid=1", "amd0: sync")),
                command("INVALIDATE_IOTLB_PAGES", "has a device drop translations from its ATC", RANGE, DEVICE, PASID, HOST)
                        .does((arguments, scene) -> send(scene, new AmdCommand.InvalidateIotlbPages(requester(arguments, scene), pasid(arguments),
                                QUEUE_DEPTH, requester(arguments, scene), span(arguments), !arguments.has("host"), 0)))
                        .example(Examples.behind("amd", "amd0: INVALIDATE_IOTLB_PAGES buf device=gpu pasid=1", "amd0: sync")),
                command("INVALIDATE_INTERRUPT_TABLE", "forgets what is cached of a device's interrupts", DEVICE)
                        .does((arguments, scene) -> send(scene, new AmdCommand.InvalidateInterruptTable(requester(arguments, scene))))
                        .example(Examples.behind("amd", "amd0: INVALIDATE_INTERRUPT_TABLE device=gpu")),
                command("PREFETCH_IOMMU_PAGES", "hints that translations will be needed", RANGE, DEVICE, PASID)
                        .does((arguments, scene) -> send(scene, new AmdCommand.PrefetchIommuPages(requester(arguments, scene), 1, pasid(arguments),
                                span(arguments), true, false)))
                        .example(Examples.behind("amd", "amd0: PREFETCH_IOMMU_PAGES buf device=gpu pasid=1")),
                command("COMPLETE_PPR_REQUEST", "answers a page request group", DEVICE, PASID, GROUP, CODE)
                        .does((arguments, scene) -> send(scene, new AmdCommand.CompletePprRequest(requester(arguments, scene), pasid(arguments), true,
                                (int) arguments.number("group", 0), (int) arguments.number("code", 0))))
                        .example(Examples.behind("amd", "amd0: COMPLETE_PPR_REQUEST device=gpu pasid=1 group=3 code=1")),
                command("INVALIDATE_IOMMU_ALL", "drops all that the IOMMU has cached")
                        .does((arguments, scene) -> send(scene, new AmdCommand.InvalidateIommuAll()))
                        .example(Examples.behind("amd", "amd0: INVALIDATE_IOMMU_ALL", "amd0: sync")));
    }

    private static Verb command(String name, String what, Parameter... parameters) {
        return VendorVerbs.verb("amd", name, what, parameters);
    }

    private static PageSpan span(Arguments arguments) {
        Value.Range range = arguments.range("R");
        return PageSpan.of(range.start(), range.end());
    }
}
