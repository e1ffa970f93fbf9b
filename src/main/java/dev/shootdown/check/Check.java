package dev.shootdown.check;

import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What checkers report, each with its word, which conditions name: true from the violation on. */
public enum Check {
    USE_AFTER_FREE("An access lands in a frame, or a walk reads a page-table page, that was freed after the translation, or the"
            + " pointer to the table, was taken from a live entry.", Kind.DMA, Kind.CPU_ACCESS, Kind.TABLE_READ),
    FOREIGN_ACCESS("Such an access lands in a frame that belongs to somebody else by now.", Kind.DMA, Kind.CPU_ACCESS),
    STALE_READ("A read lands in a frame other than the one that the address maps to by now, and finds other bytes; or the"
            + " operation that unmapped the address has ended.", Kind.DMA, Kind.CPU_ACCESS, Kind.PTE, Kind.RETURN),
    LOST_WRITE("A write lands in a frame other than the one that the address maps to by now; or the operation that unmapped"
            + " the address has ended.", Kind.DMA, Kind.CPU_ACCESS, Kind.PTE, Kind.RETURN),
    STALE_PERMISSION("A write lands through a translation whose write permission was taken away by an operation that has ended.",
            Kind.DMA, Kind.CPU_ACCESS, Kind.PTE, Kind.RETURN),
    DEVICE_FAILED("A device gave up and entered its failure state.", Kind.DEVICE_FAILED),
    LOST_FAULT("A page request was never answered.", Kind.PAGE_REQUEST, Kind.PAGE_RESPONSE),
    DEADLOCK("Nobody can move, and somebody still has something to do."),
    LIVELOCK("A run comes back to where it was, with nothing done that is not to be done again."),
    DOUBLE_FREE("A frame is freed that is free.", Kind.PAGE_ALLOC, Kind.TABLE_ALLOC, Kind.PAGE_FREE, Kind.TABLE_FREE),
    LEAK("At the end a frame is in use that nobody has a way to.");

    private final Word word;
    private final long kinds;

    Check(String help, Kind... watched) {
        this.word = Word.of(Word.Sort.CHECK, name().toLowerCase(Locale.ROOT), help);
        this.kinds = Arrays.stream(watched).mapToLong(Kind::bit).reduce(0, (a, b) -> a | b);
    }

    public Word declaration() {
        return word;
    }

    /** As in the language. */
    public String word() {
        return word.name();
    }

    /** The kinds of events that it has to see. */
    long kinds() {
        return kinds;
    }

    /** This one in a set, which is a long. */
    long bit() {
        return 1L << ordinal();
    }

    /** All their words. */
    public static List<Word> words() {
        return Arrays.stream(values()).map(Check::declaration).toList();
    }
}
