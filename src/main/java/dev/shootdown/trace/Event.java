package dev.shootdown.trace;

import java.util.List;

/**
 * The trace alphabet: everything that the model lets an onlooker see, on one page. A field is named
 * in print as here, with {@code _} for a capital; one that is null is left out. The kinds, their names
 * and their help are {@link Kind}'s.
 *
 * <p>Ranges are half-open, in bytes. A {@code process} is named by every event about its memory.
 */
public sealed interface Event {
    /** The kind, which is also this event's word in the language. */
    default Kind kind() {
        return Kind.of(getClass());
    }

    record Call(String process, String op, String args) implements Event {}

    /** {@code result} is an {@link Address}, a Long or a String; exactly one of it and {@code errno} is there. */
    record Return(String process, String op, Object result, String errno) implements Event {}

    record Vma(String process, String change, @Hex long start, @Hex long end, String prot) implements Event {}

    record CpuFault(String process, @Hex long addr, String access, String outcome) implements Event {}

    record PageAlloc(String process, @Hex long frame, int order, String owner) implements Event {}

    record PageFree(String process, @Hex long frame, int order, String owner) implements Event {}

    record TableAlloc(String process, @Hex long frame, int level) implements Event {}

    record TableFree(String process, @Hex long frame, int level) implements Event {}

    record Pte(String process, String change, @Hex long start, @Hex long end, long pages, String helper) implements Event {}

    /** Either a range with {@code pages} and {@code tables}, or {@code batch} alone. */
    record CpuFlush(String process, @Hex Long start, @Hex Long end, Long pages, Boolean tables, Boolean batch) implements Event {}

    record NotifyStart(String process, @Hex long start, @Hex long end, String reason, boolean blockable) implements Event {}

    record NotifyEnd(String process, @Hex long start, @Hex long end, String reason, boolean blockable, boolean onlyEnd) implements Event {}

    record InvalidateRange(String process, @Hex long start, @Hex long end) implements Event {}

    /** Either {@code start} and {@code end}, or {@code addr}, or none (release). */
    record Callback(String process, String driver, String name, @Hex Long start, @Hex Long end, @Hex Long addr) implements Event {}

    record InvalidatePage(String process, @Hex long addr) implements Event {}

    record ChangePte(String process, @Hex long addr) implements Event {}

    record ClearFlushYoung(String process, @Hex long start, @Hex long end) implements Event {}

    record ClearYoung(String process, @Hex long start, @Hex long end) implements Event {}

    record TestYoung(String process, @Hex long addr) implements Event {}

    record Release(String process) implements Event {}

    record Command(String iommu, String name, @Hex List<Long> words, @Hex Long start, @Hex Long end, Integer pasid, String device) implements Event {}

    record IotlbInvalidate(String iommu, @Hex long start, @Hex long end, Integer pasid, String device, int dropped) implements Event {}

    record AtcInvalidate(String iommu, @Hex long start, @Hex long end, Integer pasid, String device, int dropped) implements Event {}

    record Completion(String iommu, String waited) implements Event {}

    record Translate(String device, @Hex long addr, String via, String outcome) implements Event {}

    /** {@code born} is the frame's generation when the translation was taken from a live entry. */
    record Dma(String device, int pasid, @Hex long addr, long len, String access, @Hex Long frame, String outcome, @Inside long born) implements Event {}

    record IoPageFault(String iommu, String device, Integer pasid, @Hex long addr, @Hex long flags, String log) implements Event {}

    record PageRequest(String device, int pasid, @Hex long addr, int group, boolean last, String access) implements Event {}

    record PageResponse(String device, int pasid, @Hex long addr, int group, boolean last, String access, int code) implements Event {}

    record Interrupt(String iommu, String cause) implements Event {}

    record DeviceFailed(String device, String after) implements Event {}

    record Violation(String check, @Hex Long addr, @Hex Long frame, long because) implements Event {}

    /**
     * {@code stopped} is where the search ended that is not {@code complete}: {@code 1000 states}, {@code 2 preemptions}; {@code collisions}
     * how many states may be expected to have been taken for others, their fingerprints being equal; {@code bytes} what the states filled
     * that were kept.
     */
    record Verdict(String scenario, String condition, String verdict, boolean holds, boolean complete, String stopped, long states,
            long transitions, long ends, Long happened, Double seconds, Double collisions, Long bytes, String witness,
            Long value) implements Event {}

    /**
     * {@code condition} is the one that {@code scenario} violates in {@code steps} steps; where nobody {@code noticed} it,
     * {@code complete} says whether all was searched, and {@code states} how many at most.
     */
    record Mutant(String mutant, boolean noticed, String scenario, String condition, Long steps, Boolean complete, Long states, String witness)
            implements Event {}

    record Print(String text) implements Event {}

    record Diagnosed(String code, String severity, String source, int line, int column, String cause, String hint) implements Event {}

    /** A CPU reached memory; seen by the checkers, not part of the alphabet. {@code born} as in {@link Dma}. */
    @Inside
    record CpuAccess(String process, @Hex long addr, @Hex long frame, boolean write, long born) implements Event {}

    /**
     * A walk of a device's read a page-table page, or one of the kernel's ({@code device} is empty) one that had been freed;
     * seen by the checkers, not part of the alphabet.
     */
    @Inside
    record TableRead(String device, int pasid, @Hex long addr, @Hex long frame, int level, long born) implements Event {}
}
