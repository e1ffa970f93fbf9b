package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.word.Words;
import dev.shootdown.machine.Vendor;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Word;
import java.util.List;
import java.util.OptionalLong;

/** Declarations, and what they declare. */
final class DeclarationCheck {
    private static final long LARGEST_FILE = 16L << 30;

    private final Names names;

    DeclarationCheck(Names names) {
        this.names = names;
    }

    void check(Declaration declaration) {
        switch (declaration) {
            case Declaration.Machine machine -> machine(machine);
            case Declaration.Iommu iommu -> iommu(iommu);
            case Declaration.Device device -> device(device);
            case Declaration.Process process -> process(process);
            case Declaration.File file -> file(file);
            case Declaration.Driver driver -> driver(driver);
            case Declaration.Bind bind -> bind(bind);
            case Declaration.Unbind unbind -> unbind(unbind);
            case Declaration.Scenario scenario -> throw new IllegalArgumentException("checked elsewhere");
        }
        if (!(declaration instanceof Declaration.Driver)) {
            names.start();
        }
    }

    private Binding options(String declaration, Span at, List<Argument> options) {
        Word word = Words.declaration(declaration);
        Binding binding = Binder.bind(word, at, options, names);
        new ArgumentCheck(names).check(word, binding);
        return binding;
    }

    private void machine(Declaration.Machine machine) {
        if (names.started()) {
            throw new Refusal(Diagnostic.error("machine-too-late", machine.at(),
                    "the machine is declared before everything else, and once"));
        }
        Binding binding = options("machine", machine.at(), machine.options());
        if (binding.has("memory")) {
            Constant.of(binding.get("memory")).ifPresent(names::memory);
        }
    }

    private void iommu(Declaration.Iommu iommu) {
        Binding binding = options("iommu", iommu.name().at(), iommu.options());
        String vendor = binding.get("vendor") instanceof Expression.Name name ? name.text() : Vendor.AMD.word();
        names.declare(iommu.name(), new Thing.Iommu(vendor));
        for (String ring : List.of("queue", "requests")) {
            refuseUnlessPower(binding.get(ring), ring);
        }
        for (String own : List.of("ril", "pri")) {
            if (binding.has(own) && !vendor.equals(Vendor.ARM.word())) {
                throw new Refusal(Diagnostic.error("contradiction", binding.get(own).at(),
                        own + "= is about an SMMU, and " + iommu.name().text() + " is of " + vendor)
                        .hint("declare it with vendor=arm"));
            }
        }
    }

    private static void refuseUnlessPower(Expression written, String option) {
        OptionalLong value = written == null ? OptionalLong.empty() : Constant.of(written);
        if (value.isPresent() && Long.bitCount(value.getAsLong()) != 1) {
            throw new Refusal(Diagnostic.error("out-of-range", written.at(),
                    option + " is a power of two: the ring's length is one"));
        }
    }

    private void device(Declaration.Device device) {
        Binding binding = options("device", device.name().at(), device.options());
        names.require(device.behind(), Thing.Iommu.class, "IOMMU");
        if (binding.has("unlimited") && binding.has("retries")) {
            throw new Refusal(Diagnostic.error("contradiction", binding.get("unlimited").at(),
                    "retries= and unlimited contradict each other"));
        }
        if (binding.has("pri") && !binding.has("ats")) {
            throw new Refusal(Diagnostic.error("contradiction", binding.get("pri").at(),
                    "pri needs ats: a device without ATS cannot ask for pages")
                    .hint("write { ats pri }"));
        }
        if (binding.has("prefetch") && !binding.has("ats")) {
            throw new Refusal(Diagnostic.error("contradiction", binding.get("prefetch").at(),
                    "prefetch= needs ats: a device without ATS has no translations of its own")
                    .hint("write { ats prefetch=4 }"));
        }
        stall(device, binding);
        names.declare(device.name(), new Thing.Device(device.behind().text(), binding.has("ats"), binding.has("pri"), channels(binding)));
    }

    private static List<String> channels(Binding binding) {
        return binding.has("channels") ? threads(binding.get("channels")) : List.of();
    }

    /** PCIe cannot stall, and of the IOMMUs only an SMMU holds an access back. */
    private void stall(Declaration.Device device, Binding binding) {
        if (!binding.has("stall")) {
            return;
        }
        Span at = binding.get("stall").at();
        if (binding.has("ats")) {
            throw new Refusal(Diagnostic.error("contradiction", at, "stall and ats contradict each other: PCIe cannot stall")
                    .hint("write { stall } for a device on the chip, { ats pri } for one on PCIe"));
        }
        if (binding.has("channels")) {
            throw new Refusal(Diagnostic.error("contradiction", at, "stall and channels contradict each other: one access of a device is stalled at a time"));
        }
        if (names.get(device.behind().text()) instanceof Thing.Iommu iommu && !iommu.vendor().equals(Vendor.ARM.word())) {
            throw new Refusal(Diagnostic.error("contradiction", at, "only an SMMU stalls, and " + device.behind().text() + " is of " + iommu.vendor())
                    .hint("declare it with vendor=arm"));
        }
    }

    private void process(Declaration.Process process) {
        Binding binding = options("process", process.name().at(), process.options());
        if (binding.has("heap")) {
            Constant.of(binding.get("heap")).ifPresent(heap -> Limits.HEAP.check(heap, binding.get("heap").at()));
        }
        names.declare(process.name(), new Thing.Process(threads(binding.get("threads")), false));
    }

    static List<String> threads(Expression written) {
        return switch (written) {
            case null -> List.of("main");
            case Expression.ListOf list -> list.elements().stream().map(element -> ((Expression.Name) element).text()).toList();
            case Expression.Name one -> List.of(one.text());
            default -> throw new IllegalArgumentException("checked before");
        };
    }

    private void file(Declaration.File file) {
        Binding binding = options("file", file.name().at(), file.arguments());
        OptionalLong size = Constant.of(binding.get("SIZE"));
        if (size.isPresent() && Long.compareUnsigned(size.getAsLong(), Math.min(names.memory(), LARGEST_FILE)) > 0) {
            throw new Refusal(Diagnostic.error("out-of-range", binding.get("SIZE").at(),
                    "a file is no larger than the machine's memory, and at most 16G: all its pages are in the page cache"));
        }
        names.declare(file.name(), new Thing.File());
    }

    private void driver(Declaration.Driver driver) {
        if (driver.fence().isEmpty()) {
            DriverCompiler.compile(driver);
        }
        names.declare(driver.name(), new Thing.Driver());
    }

    private void bind(Declaration.Bind bind) {
        Thing.Device device = names.require(bind.device(), Thing.Device.class, "device");
        names.require(bind.process(), Thing.Process.class, "process");
        Binding binding = options("bind", bind.at(), bind.options());
        bound(bind, device.iommu(), binding.get("pasid"));
    }

    /** Behind one IOMMU a PASID names one address space, and one device has it bound once. */
    private void bound(Declaration.Bind bind, String iommu, Expression written) {
        OptionalLong pasid = written == null ? OptionalLong.empty() : Constant.of(written);
        Names.Bound next = new Names.Bound(bind.device().text(), iommu, bind.process().text(), pasid.orElse(0));
        for (Names.Bound other : names.binds()) {
            boolean same = pasid.isPresent() && other.pasid() == next.pasid() && other.iommu().equals(iommu);
            if (same && (!other.process().equals(next.process()) || other.device().equals(next.device()))) {
                throw new Refusal(Diagnostic.error("pasid-in-use", written.at(), "PASID " + next.pasid() + " is in use: "
                        + other.device() + " has it bound to " + other.process()));
            }
        }
        names.binds().add(next);
    }

    private void unbind(Declaration.Unbind unbind) {
        names.require(unbind.device(), Thing.Device.class, "device");
        names.require(unbind.process(), Thing.Process.class, "process");
        boolean removed = names.binds().removeIf(bound ->
                bound.device().equals(unbind.device().text()) && bound.process().equals(unbind.process().text()));
        if (!removed) {
            throw new Refusal(Diagnostic.error("not-bound", unbind.device().at(),
                    unbind.device().text() + " is not bound to " + unbind.process().text()));
        }
    }
}
