package dev.shootdown.trace;

import dev.shootdown.vocabulary.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of events, each with its word: what {@code break}, {@code on} and {@code expect trace} take. */
public enum Kind {
    CALL(Event.Call.class, "A statement of an actor begins."),
    RETURN(Event.Return.class, "A statement of an actor has ended."),
    VMA(Event.Vma.class, "The list of mappings changed."),
    CPU_FAULT(Event.CpuFault.class, "A CPU's access faulted; its outcome says how it was served."),
    PAGE_ALLOC(Event.PageAlloc.class, "A page was allocated."),
    PAGE_FREE(Event.PageFree.class, "A page went back to the allocator."),
    TABLE_ALLOC(Event.TableAlloc.class, "A page-table page was allocated; level 1 is the lowest."),
    TABLE_FREE(Event.TableFree.class, "A page-table page went back to the allocator."),
    PTE(Event.Pte.class, "Page-table entries changed."),
    CPU_FLUSH(Event.CpuFlush.class, "The kernel asked for a flush of CPU TLBs."),
    NOTIFY_START(Event.NotifyStart.class, "mmu_notifier_invalidate_range_start()."),
    NOTIFY_END(Event.NotifyEnd.class, "mmu_notifier_invalidate_range_end()."),
    INVALIDATE_RANGE(Event.InvalidateRange.class, "mmu_notifier_invalidate_range(), since 6.6 mmu_notifier_arch_invalidate_secondary_tlbs()."),
    CALLBACK(Event.Callback.class, "One subscriber is told."),
    INVALIDATE_PAGE(Event.InvalidatePage.class, "mmu_notifier_invalidate_page(), until 4.13."),
    CHANGE_PTE(Event.ChangePte.class, "mmu_notifier_change_pte(), until 6.9."),
    CLEAR_FLUSH_YOUNG(Event.ClearFlushYoung.class, "mmu_notifier_clear_flush_young()."),
    CLEAR_YOUNG(Event.ClearYoung.class, "mmu_notifier_clear_young()."),
    TEST_YOUNG(Event.TestYoung.class, "mmu_notifier_test_young()."),
    RELEASE(Event.Release.class, "mmu_notifier_release(): the address space goes."),
    COMMAND(Event.Command.class, "A driver put a command into an IOMMU's queue."),
    IOTLB_INVALIDATE(Event.IotlbInvalidate.class, "An IOMMU dropped translations of its own."),
    ATC_INVALIDATE(Event.AtcInvalidate.class, "A device dropped translations of its ATC."),
    COMPLETION(Event.Completion.class, "An IOMMU said that what was waited for is done."),
    TRANSLATE(Event.Translate.class, "A device asked for a translation."),
    DMA(Event.Dma.class, "A device's access ended."),
    IO_PAGE_FAULT(Event.IoPageFault.class, "An IOMMU logged a fault."),
    PAGE_REQUEST(Event.PageRequest.class, "A device asked for a page (PRI)."),
    PAGE_RESPONSE(Event.PageResponse.class, "A device's page request was answered."),
    INTERRUPT(Event.Interrupt.class, "An IOMMU interrupted a CPU."),
    DEVICE_FAILED(Event.DeviceFailed.class, "A device entered its failure state."),
    VIOLATION(Event.Violation.class, "A checker found something that must not be."),
    VERDICT(Event.Verdict.class, "What an exploration, or a run, says of one condition."),
    MUTANT(Event.Mutant.class, "What comes of a machine without one of its steps that are there for safety."),
    PRINT(Event.Print.class, "A script printed something."),
    DIAGNOSTIC(Event.Diagnosed.class, "Something is wrong with the input."),
    CPU_ACCESS(Event.CpuAccess.class, "A CPU reached memory."),
    TABLE_READ(Event.TableRead.class, "A walk read a page-table page.");

    private static final ClassValue<Kind> BY_CLASS = new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> type) {
            return Arrays.stream(values()).filter(kind -> kind.type == type).findFirst().orElseThrow();
        }
    };

    private final Class<? extends Event> type;
    private final Word word;

    Kind(Class<? extends Event> type, String help) {
        this.type = type;
        this.word = Word.of(Word.Sort.EVENT, name().toLowerCase(Locale.ROOT), help);
    }

    static Kind of(Class<?> type) {
        return BY_CLASS.get(type);
    }

    /** The record that carries this kind's fields. */
    public Class<? extends Event> type() {
        return type;
    }

    /** The event's name, as in the language and in JSON. */
    public String word() {
        return word.name();
    }

    public Word declaration() {
        return word;
    }

    private static final List<Kind> ALPHABET = Arrays.stream(values()).filter(Kind::inAlphabet).toList();

    /** The alphabet's kinds as a set; asked for at every event, so worked out once. */
    public static final long EVERY = ALPHABET.stream().mapToLong(Kind::bit).reduce(0, (a, b) -> a | b);

    /** This kind in a set of kinds, which is a long. */
    public long bit() {
        return 1L << ordinal();
    }

    /** Whether it is a word of the language; the others are for checkers only. */
    public boolean inAlphabet() {
        return !type.isAnnotationPresent(Inside.class);
    }

    /** The alphabet's kinds, in the order of the reference. */
    public static List<Kind> alphabet() {
        return ALPHABET;
    }
}
