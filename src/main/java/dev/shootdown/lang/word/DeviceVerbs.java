package dev.shootdown.lang.word;

import static dev.shootdown.vocabulary.Parameter.flag;
import static dev.shootdown.vocabulary.Parameter.option;
import static dev.shootdown.vocabulary.Parameter.place;

import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import java.util.List;

/** What a device, or an IOMMU, may be asked to do. */
final class DeviceVerbs {
    static final String DEVICE = "device";
    static final String IOMMU = "iommu";

    private static final Parameter RANGE = place("R", Kind.RANGE, "Which addresses.");
    private static final Parameter PASID = option("pasid", Kind.NUMBER, "", "Of which address space; by default that of its only bind.");

    private static final Parameter EXECUTE = flag("execute", "With Execute Requested: it reads to execute, which only a PASID's accesses can say.");
    private static final Parameter PRIVILEGED = flag("privileged", "With Privileged Mode Requested, which only a PASID's accesses can say.");
    private static final Parameter LATER = flag("noflush", "Nothing is invalidated behind it.");

    private DeviceVerbs() {}

    static List<Verb> all() {
        return List.of(
                Verb.of(DEVICE, "dma read", "Reads memory through the IOMMU.", RANGE, PASID, EXECUTE, PRIVILEGED).does(Deeds::dmaRead)
                        .example(Examples.device("gpu: dma read buf")),
                Verb.of(DEVICE, "dma write", "Writes memory through the IOMMU.", RANGE,
                        option("value", Kind.NUMBER, "0", "The byte to write all over it."), PASID, PRIVILEGED)
                        .does(Deeds::dmaWrite)
                        .example(Examples.device("gpu: dma write buf[0 +4K] value=0xab")),
                Verb.of(DEVICE, "translate", "Asks for a translation (ATS), without the access.", RANGE,
                        flag("write", "One that allows writes."), PASID, EXECUTE, PRIVILEGED)
                        .does(Deeds::translate)
                        .example(Examples.device("gpu: translate buf[0 +4K] write")),
                Verb.of(DEVICE, "stop", "Ends its use of an address space: waits until nothing is in flight, and sends a stop marker.", PASID)
                        .does(Deeds::stop)
                        .example(Examples.device("gpu: dma read buf", "gpu: stop")),
                Verb.of(DEVICE, "reset", "Starts the device anew: its ATC is empty, and it runs.").does(Deeds::reset)
                        .example(Examples.device("gpu: reset", "expect gpu.state == \"running\"")),
                Verb.of(IOMMU, "ioas_unmap", "The hypervisor takes the memory of a guest's pages away: entries of the second stage.", RANGE, LATER)
                        .does(DmaDeeds::takeSecondStage)
                        .example(Examples.nested("amd0: ioas_unmap buf", "gpu: dma write buf[0 +4K]")),
                Verb.of(IOMMU, "ioas_map", "The hypervisor gives it back.", RANGE, LATER)
                        .does(DmaDeeds::giveSecondStage)
                        .example(Examples.nested("amd0: ioas_unmap buf", "amd0: ioas_map buf", "gpu: dma write buf[0 +4K]")),
                Verb.of(IOMMU, "flush iotlb", "Sends the commands that invalidate a range of a PASID in the IOMMU.", RANGE, PASID.required())
                        .does(Deeds::flushIotlb)
                        .example(Examples.device("amd0: flush iotlb buf pasid=1", "amd0: sync")),
                Verb.of(IOMMU, "flush atc", "Sends the commands that invalidate a range in a device.", RANGE,
                        option("device", Kind.NAME, "", "Which device.").required(), PASID)
                        .does(Deeds::flushAtc)
                        .example(Examples.device("amd0: flush atc buf device=gpu", "amd0: sync")),
                Verb.of(IOMMU, "sync", "Waits until all commands sent before are done.").does(Deeds::sync)
                        .example(Examples.device("amd0: sync")));
    }
}
