package dev.shootdown.lang.word;

import static dev.shootdown.vocabulary.Parameter.place;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Parameter.Kind;
import dev.shootdown.vocabulary.Word;
import java.util.Arrays;
import java.util.List;

/** What a driver is told, and what it may do then. */
final class DriverWords {
    private static final Parameter RANGE = place("R", Kind.RANGE, "The callback's own range, or another.");

    private DriverWords() {}

    static List<Word> actions() {
        return List.of(
                action("flush iotlb", "Invalidates a range in the IOMMU.", RANGE),
                action("flush atc", "Invalidates a range in the device.", RANGE),
                action("flush pasid", "Invalidates all of the bind's PASID, in the IOMMU and then in the device, and waits for both."),
                action("sync", "Waits until all that was sent before is done."),
                action("table empty", "Gives the device an empty page table."),
                action("table process", "Gives the device the process's page table again."),
                action("block", "Lets new translations of a range wait.", RANGE),
                action("unblock", "Lets them go on.", RANGE),
                action("detach", "Takes the page table away from the device, and invalidates all of it."),
                action("drain", "Waits until no page request of the bind is waiting or being served."),
                action("defer", "Puts a range into the flush queue, to be invalidated later.", RANGE),
                action("refuse", "Answers EAGAIN, where the call may not block."),
                action("lock", "Takes the bind's lock, which its callbacks and its fault worker share."),
                action("unlock", "Gives it back."),
                action("set seq", "In 'invalidate': notes that what faults have looked up so far is not true any more (mmu_interval_set_seq)."),
                action("zap", "Takes entries of a range out of the driver's own page table.", RANGE),
                action("read begin", "In 'fault': waits until nothing is being invalidated; 'r.changed' asks what came since."),
                action("lookup", "In 'fault': has the process's page table hold the page, and notes what it says (hmm_range_fault)."),
                action("install", "In 'fault': makes what was noted an entry of a page table of the driver's own, which the device then has from the start."),
                action("retry", "In 'fault': has it looked at again from the start; nothing behind this is done."));
    }

    static List<Word> callbacks() {
        return Arrays.stream(CallbackName.values()).map(name -> Word.of(Word.Sort.CALLBACK, name.word(), help(name))).toList();
    }

    private static Word action(String name, String help, Parameter... parameters) {
        return Word.of(Word.Sort.ACTION, name, help).subject("driver").takes(parameters);
    }

    private static String help(CallbackName name) {
        return switch (name) {
            case START -> "Before the entries of a range are changed.";
            case END -> "After they were changed.";
            case RANGE -> "Between the clearing of entries and the freeing of their pages, since 3.19.";
            case PAGE -> "One page was unmapped, until 4.13.";
            case CHANGE_PTE -> "An entry was exchanged for another, until 6.9.";
            case CLEAR_FLUSH_YOUNG -> "The accessed bits of a range were taken away, and caches are to forget them.";
            case CLEAR_YOUNG -> "The accessed bits of a range were taken away.";
            case TEST_YOUNG -> "Whether a page was used.";
            case INVALIDATE -> "An interval notifier's one callback.";
            case RELEASE -> "The address space goes.";
            case FAULT -> "The device asks for a page, which is the range; without this callback the process's page table is made to have it.";
        };
    }
}
