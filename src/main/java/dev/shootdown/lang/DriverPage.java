package dev.shootdown.lang;

import dev.shootdown.lang.word.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code help} says of a built-in driver: its script, as each kernel version and vendor has it. */
final class DriverPage {
    private static final List<String> KERNELS = values("machine", "kernel");
    static final List<String> VENDORS = values("iommu", "vendor");

    private DriverPage() {}

    private static List<String> values(String declaration, String option) {
        return Words.declaration(declaration).parameters().stream()
                .filter(parameter -> parameter.name().equals(option)).findFirst().orElseThrow().values();
    }

    /** Its lines; none where no driver is called so. */
    static List<String> of(String name) {
        Map<String, Map<String, List<String>>> texts = new LinkedHashMap<>();
        if (BuiltInDrivers.NAMES.contains(name)) {
            for (String kernel : KERNELS) {
                for (String vendor : VENDORS) {
                    BuiltInDrivers.script(name, kernel, vendor).ifPresent(text -> texts.computeIfAbsent(text, first -> new LinkedHashMap<>())
                            .computeIfAbsent(kernel, first -> new ArrayList<>()).add(vendor));
                }
            }
        }
        List<String> lines = new ArrayList<>();
        texts.forEach((text, where) -> {
            lines.add("driver=" + name + " on " + where(where));
            text.lines().forEach(line -> lines.add(("  " + line).stripTrailing()));
            lines.add("");
        });
        return lines.isEmpty() ? lines : lines.subList(0, lines.size() - 1);
    }

    /** {@code 3.19, 4.15, 6.6 behind intel}. */
    private static String where(Map<String, List<String>> where) {
        List<String> places = new ArrayList<>();
        where.forEach((kernel, vendors) -> places.add(vendors.size() == VENDORS.size() ? kernel : kernel + " behind " + String.join(", ", vendors)));
        return String.join("; ", places);
    }
}
