package dev.shootdown.lang.word;

import dev.shootdown.check.Check;
import dev.shootdown.vocabulary.Word;
import java.util.List;

/** What may be claimed, what checkers report, and what may be asked of things. */
final class ClaimWords {
    private ClaimWords() {}

    static List<Word> conditions() {
        return List.of(
                condition("forbid", "At no step of any interleaving."),
                condition("always", "At every step of every interleaving."),
                condition("expect", "At every end; outside a scenario, now; before a call, that it fails so."),
                condition("exists", "At some end, or on the way to it."),
                condition("maximum", "The largest value at any end."),
                condition("minimum", "The smallest value at any end."));
    }

    static List<Word> checks() {
        return Check.words();
    }

    static List<Word> properties() {
        return List.of(
                property("device", "state", "\"running\" or \"failed\"."),
                property("device", "requests", "How many page requests it has sent."),
                property("device", "faults", "How many of its translations failed."),
                property("device", "ats", "Whether it asks for translations itself: not behind an Unsupported Request."),
                property("device", "uprgi", "Whether a response came that answers nothing (UPRGI)."),
                property("iommu", "interrupts", "How often it has interrupted a CPU."),
                property("iommu", "commands", "How many commands it was sent."),
                property("iommu", "entries", "How many translations of a device its TLB holds: iotlb.entries(DEVICE)."),
                property("process", "rss", "How many pages it has in memory."),
                property("process", "alive", "Whether it has not exited."),
                property("process", "exited", "Whether it has exited."),
                property("thread", "done", "Whether it has nothing left to do."),
                property("mapping", "start", "Its first address."),
                property("mapping", "end", "The address behind its last."),
                property("mapping", "size", "How many bytes."),
                property("mapping", "pages", "How many pages."),
                property("mapping", "resident", "How many of its pages are in memory."),
                property("mapping", "pte", "The entry of a page, as the hardware sees it: buf.pte[N]."));
    }

    static List<Word> functions() {
        return List.of(
                property("", "count", "How often an event has come: count(notify_start)."),
                property("", "mapped", "Whether an address is mapped: mapped(ADDR)."));
    }

    private static Word condition(String name, String help) {
        return Word.of(Word.Sort.CONDITION, name, help);
    }

    private static Word property(String subject, String name, String help) {
        return Word.of(Word.Sort.PROPERTY, name, help).subject(subject);
    }
}
