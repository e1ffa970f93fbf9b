package dev.shootdown.mm;

import static dev.shootdown.notifier.CallbackName.CHANGE_PTE;
import static dev.shootdown.notifier.CallbackName.CLEAR_FLUSH_YOUNG;
import static dev.shootdown.notifier.CallbackName.CLEAR_YOUNG;
import static dev.shootdown.notifier.CallbackName.END;
import static dev.shootdown.notifier.CallbackName.FAULT;
import static dev.shootdown.notifier.CallbackName.INVALIDATE;
import static dev.shootdown.notifier.CallbackName.PAGE;
import static dev.shootdown.notifier.CallbackName.RANGE;
import static dev.shootdown.notifier.CallbackName.RELEASE;
import static dev.shootdown.notifier.CallbackName.START;
import static dev.shootdown.notifier.CallbackName.TEST_YOUNG;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.Contract;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The modelled kernels, and in which facts they differ. Operations ask for a fact by name; nobody compares
 * numbers. Each fact says where it was read. Those of one subject stand together: {@link MmapFacts} and its like.
 */
public enum KernelVersion
        implements AdviceFacts, FaultFacts, FlushFacts, HugePageFacts, IommuFacts,
        MmapFacts, MremapFacts, ProtectionFacts, ReclaimFacts, VmaLockFacts {
    V3_16("3.16"), V3_19("3.19"), V4_15("4.15"), V6_1("6.1"), V6_6("6.6"), V6_18("6.18");

    /** Addresses of 4-level user space end here: arch/x86/include/asm/page_64_types.h, DEFAULT_MAP_WINDOW. */
    public static final long TASK_SIZE = (1L << 47) - 4096;
    /** The same with 5 levels, for those who ask above {@link #TASK_SIZE}. */
    public static final long TASK_SIZE_5_LEVELS = (1L << 56) - 4096;
    /** vm.mmap_min_addr as distributions set it. */
    public static final long MMAP_MIN_ADDR = 65536;
    /** vm.max_map_count: include/linux/mm.h, DEFAULT_MAX_MAP_COUNT. */
    public static final int MAX_MAP_COUNT = 65530;

    private final String text;

    KernelVersion(String text) {
        this.text = text;
    }

    /** The version as it is written: {@code 3.16}. */
    public String text() {
        return text;
    }

    /** The version of this text, or null. */
    public static KernelVersion of(String text) {
        return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst().orElse(null);
    }

    public static List<String> texts() {
        return Arrays.stream(values()).map(KernelVersion::text).toList();
    }

    // ---------------------------------------------------------------- the notifier

    /** include/linux/mmu_notifier.h: struct mmu_notifier_ops; change_pte went in 6.10 (f3b65bbaed7c). */
    private Set<CallbackName> callbacks() {
        Set<CallbackName> all = EnumSet.of(START, END, CLEAR_FLUSH_YOUNG, TEST_YOUNG, RELEASE, FAULT);
        if (hasInvalidateRange()) {
            all.add(RANGE);
        }
        if (hasInvalidatePage()) {
            all.add(PAGE);
        }
        if (hasChangePte()) {
            all.add(CHANGE_PTE);
        }
        switch (this) {
            case V3_16, V3_19 -> { }
            case V4_15 -> all.add(CLEAR_YOUNG);
            case V6_1, V6_6, V6_18 -> all.addAll(List.of(CLEAR_YOUNG, INVALIDATE));
        }
        return all;
    }

    public Contract contract() {
        return new Contract(callbacks(), endInvalidates(), onlyEndExists(), hasReasons(), this == V6_18);
    }

    /** invalidate_range came in 3.19 (34ee645e83b6); 6.6 calls it arch_invalidate_secondary_tlbs. */
    public boolean hasInvalidateRange() {
        return this != V3_16;
    }

    /** mm/mmu_notifier.c: __mmu_notifier_invalidate_range_end calls invalidate_range, 3.19 to 6.5. */
    public boolean endInvalidates() {
        return switch (this) {
            case V3_16, V6_6, V6_18 -> false;
            case V3_19, V4_15, V6_1 -> true;
        };
    }

    /** mmu_notifier_invalidate_range_only_end: 4.15 (4645b9fe84bf) to 6.5. */
    public boolean onlyEndExists() {
        return this == V4_15 || this == V6_1;
    }

    /** include/linux/mmu_notifier.h: enum mmu_notifier_event, 5.2 and later. */
    public boolean hasReasons() {
        return switch (this) {
            case V3_16, V3_19, V4_15 -> false;
            case V6_1, V6_6, V6_18 -> true;
        };
    }

    /** mmu_notifier_invalidate_page went in 4.14 (merge ea25c4317946). */
    public boolean hasInvalidatePage() {
        return this == V3_16 || this == V3_19;
    }

    /** mmu_notifier_change_pte went in 6.10 (f3b65bbaed7c). */
    public boolean hasChangePte() {
        return this != V6_18;
    }
}
