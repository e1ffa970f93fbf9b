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

import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.intel.IntelIommu;
import dev.shootdown.iommu.intel.QiDescriptor;
import dev.shootdown.iommu.intel.QiPages;
import dev.shootdown.lang.value.Value;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import java.util.List;

/** Intel's invalidation descriptors: VT-d 6.5.2. */
final class IntelVerbs {
    private static final Parameter ONE_DEVICE = option("device", Kind.NAME, "", "Which device; by default all.");
    private static final Parameter ONE_PASID = option("pasid", Kind.NUMBER, "", "Of which address space; by default of all.");
    private static final Parameter LEAF = flag("leaf", "With IH: pointers to tables are kept.");
    private static final Parameter GLOBAL = flag("global", "Of every address space.");

    private IntelVerbs() {}

    static List<Verb> all() {
        return List.of(
                command("context_cache_invalidate", "forgets copies of context entries", ONE_DEVICE)
                        .does((arguments, scene) -> send(scene, contexts(arguments, scene)))
                        .example(example("intel0: context_cache_invalidate device=gpu")),
                command("iotlb_invalidate", "drops all first-stage translations of the domain from the IOTLB")
                        .does((arguments, scene) -> send(scene, new QiDescriptor.Iotlb(QiDescriptor.Iotlb.DOMAIN, true, true, IntelIommu.DOMAIN,
                                QiPages.NONE)))
                        .example(example("intel0: iotlb_invalidate", "intel0: sync")),
                command("device_tlb_invalidate", "has a device drop translations of traffic without a PASID, and all of others", RANGE, DEVICE)
                        .does((arguments, scene) -> send(scene, new QiDescriptor.DeviceTlb(requester(arguments, scene), requester(arguments, scene), 0,
                                span(arguments))))
                        .example(example("intel0: device_tlb_invalidate buf device=gpu", "intel0: sync")),
                command("interrupt_entry_cache_invalidate", "forgets copies of interrupt-remapping entries")
                        .does((arguments, scene) -> send(scene, new QiDescriptor.InterruptEntryCache(false, 0, 0)))
                        .example(example("intel0: interrupt_entry_cache_invalidate")),
                command("invalidation_wait", "waits until all before it are done").does((arguments, scene) -> scene.machine().iommu(scene.owner()).sync())
                        .example(example("intel0: invalidation_wait")),
                command("piotlb_invalidate", "drops translations of an address space from the IOTLB", RANGE, PASID, LEAF)
                        .does((arguments, scene) -> send(scene, pages(arguments)))
                        .example(example("intel0: piotlb_invalidate buf pasid=1", "intel0: sync")),
                command("pasid_cache_invalidate", "forgets copies of PASID-table entries", ONE_PASID)
                        .does((arguments, scene) -> send(scene, new QiDescriptor.PasidCache(arguments.has("pasid")
                                ? QiDescriptor.PasidCache.PASID : QiDescriptor.PasidCache.GLOBAL, IntelIommu.DOMAIN, pasid(arguments))))
                        .example(example("intel0: pasid_cache_invalidate pasid=1", "intel0: sync")),
                command("pasid_device_tlb_invalidate", "has a device drop translations of an address space", RANGE, DEVICE, PASID, GLOBAL)
                        .does((arguments, scene) -> send(scene, new QiDescriptor.PasidDeviceTlb(requester(arguments, scene),
                                requester(arguments, scene), 0, pasid(arguments), arguments.has("global"), span(arguments))))
                        .example(example("intel0: pasid_device_tlb_invalidate buf device=gpu pasid=1", "intel0: sync")),
                command("page_group_response", "answers a page request group", DEVICE, PASID, GROUP, CODE)
                        .does((arguments, scene) -> send(scene, new QiDescriptor.PageGroupResponse(true, (int) arguments.number("code", 0),
                                requester(arguments, scene), pasid(arguments), false, (int) arguments.number("group", 0))))
                        .example(example("intel0: page_group_response device=gpu pasid=1 group=3 code=1")),
                command("hpt_cache_invalidate", "forgets copies of what translated requests are checked by")
                        .does((arguments, scene) -> send(scene, new QiDescriptor.HptCache(1, 0, 0, 0, 0)))
                        .example(example("intel0: hpt_cache_invalidate")));
    }

    private static Verb command(String name, String what, Parameter... parameters) {
        return VendorVerbs.verb("intel", name, what, parameters);
    }

    private static String example(String... lines) {
        return Examples.behind("intel", lines);
    }

    private static QiDescriptor contexts(Arguments arguments, Scene scene) {
        return arguments.has("device")
                ? new QiDescriptor.ContextCache(QiDescriptor.ContextCache.DEVICE, IntelIommu.DOMAIN, requester(arguments, scene), 0)
                : new QiDescriptor.ContextCache(QiDescriptor.ContextCache.GLOBAL, 0, 0, 0);
    }

    private static QiDescriptor pages(Arguments arguments) {
        Value.Range range = arguments.range("R");
        QiPages block = QiPages.of(range.start(), range.end());
        return new QiDescriptor.PasidIotlb(QiDescriptor.PAGES, IntelIommu.DOMAIN, pasid(arguments),
                new QiPages(block.address(), block.mask(), arguments.has("leaf")));
    }

    private static PageSpan span(Arguments arguments) {
        Value.Range range = arguments.range("R");
        return PageSpan.of(range.start(), range.end());
    }
}
