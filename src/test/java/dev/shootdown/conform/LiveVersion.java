package dev.shootdown.conform;

import dev.shootdown.mm.KernelVersion;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel that runs, and the modelled one that it counts as: the next one before it whose facts hold for it too.
 *
 * @param modelled     the modelled version
 * @param guards       whether it has guard pages, and shows them (6.15: PAGE_IS_GUARD in fs/proc/task_mmu.c)
 * @param movesSeveral whether mremap moves several mappings at once (6.17)
 */
record LiveVersion(KernelVersion modelled, boolean guards, boolean movesSeveral) {
    private static final Pattern RELEASE = Pattern.compile("Linux version (\\d{1,4})\\.(\\d{1,4})\\b.*", Pattern.DOTALL);

    /**
     * Reads /proc/version.
     *
     * @return null if it is no Linux, or none for which the model has facts
     */
    static LiveVersion of(String text) {
        Matcher release = RELEASE.matcher(text);
        if (!release.matches()) {
            return null;
        }
        int number = Integer.parseInt(release.group(1)) * 10_000 + Integer.parseInt(release.group(2));
        KernelVersion modelled = modelled(number);
        return modelled == null ? null : new LiveVersion(modelled, number >= 60_015, number >= 60_017);
    }

    private static KernelVersion modelled(int number) {
        return switch (number) {
            case 30_016 -> KernelVersion.V3_16;
            case 30_019 -> KernelVersion.V3_19;
            case 40_015 -> KernelVersion.V4_15;
            case 60_001 -> KernelVersion.V6_1;
            case 60_006 -> KernelVersion.V6_6;
            default -> number >= 60_012 ? KernelVersion.V6_18 : null;
        };
    }
}
