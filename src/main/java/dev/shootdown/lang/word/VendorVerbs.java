package dev.shootdown.lang.word;

import static dev.shootdown.vocabulary.Parameter.option;
import static dev.shootdown.vocabulary.Parameter.place;

import dev.shootdown.device.Device;
import dev.shootdown.iommu.Command;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The commands that IOMMUs take, by their vendors' own names: AMD 48882 2.4, VT-d 6.5.2, SMMUv3 4, RISC-V IOMMU 3.1.
 * Each vendor has a class of its own for them.
 */
final class VendorVerbs {
    static final Parameter RANGE = place("R", Kind.RANGE, "Which addresses.");
    static final Parameter DEVICE = option("device", Kind.NAME, "", "Which device.").required();
    static final Parameter PASID = option("pasid", Kind.NUMBER, "", "Of which address space.").required();
    static final Parameter GROUP = option("group", Kind.NUMBER, "0", "The PRG index, from 0 to 511.");
    static final Parameter CODE = option("code", Kind.NUMBER, "0", "The response: 0 success, 1 invalid request, 15 failure.");

    private static final Map<String, List<Verb>> VERBS = verbs();

    private VendorVerbs() {}

    private static Map<String, List<Verb>> verbs() {
        Map<String, List<Verb>> verbs = new LinkedHashMap<>();
        verbs.put("amd", AmdVerbs.all());
        verbs.put("arm", ArmVerbs.all());
        verbs.put("intel", IntelVerbs.all());
        verbs.put("riscv", RiscvVerbs.all());
        return verbs;
    }

    static List<Verb> all() {
        return VERBS.values().stream().flatMap(List::stream).toList();
    }

    /** The vendor whose IOMMUs know this verb; empty if all do. */
    static String vendorOf(Verb verb) {
        return VERBS.entrySet().stream().filter(vendor -> vendor.getValue().contains(verb)).map(Map.Entry::getKey).findFirst().orElse("");
    }

    /**
     * A vendor's command: dots are written as underscores, and small or capital letters are the same.
     *
     * @param what what it does, in a clause without a full stop
     */
    static Verb verb(String vendor, String name, String what, Parameter... parameters) {
        String plain = name.replace('.', '_');
        String[] aliases = Stream.of(plain.toLowerCase(Locale.ROOT), plain.toUpperCase(Locale.ROOT)).filter(alias -> !alias.equals(plain))
                .toArray(String[]::new);
        return Verb.of(DeviceVerbs.IOMMU, plain, "The command " + name + " of " + vendor + ": " + what + ".", parameters).alias(aliases);
    }

    /** One command, put into the ring as it is. */
    static List<Step> send(Scene scene, Command command) {
        return List.of(scene.machine().iommu(scene.owner()).command(command));
    }

    /** The requester id of the device that {@code device=} names. */
    static int requester(Arguments arguments, Scene scene) {
        Device device = scene.machine().device(arguments.word("device"));
        return Iommus.requester(device.number());
    }

    /** The address space that {@code pasid=} names; 0 if none is written. */
    static int pasid(Arguments arguments) {
        return (int) arguments.number("pasid", 0);
    }
}
