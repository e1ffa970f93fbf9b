package dev.shootdown.iommu;

import dev.shootdown.memory.Tlb;
import dev.shootdown.sim.Turn;
import java.util.List;

/** What an IOMMU sees of a device behind it, or of one of its channels. */
public interface Endpoint {
    /** The device that it is, or that it is a channel of. */
    Endpoint device();

    /** The channels of the device: each has one walk, answer and access in flight. The first stands for the device. */
    List<? extends Endpoint> channels();

    /** The machine's number for it: {@link Iommus#channel}. */
    int number();

    String name();

    /** Whether it can ask for translations itself (ATS), as software knows it. */
    boolean hasAts();

    /** How many invalidations it may have to complete at a time. */
    int tags();

    /**
     * Whether it asks for translations itself (ATS) and keeps them; otherwise its accesses are untranslated. It may have
     * turned that off.
     */
    boolean ats();

    /** Whether the PASID goes with addresses that it has had translated, too (PASID capability: Translated Requests with PASID Enable). */
    boolean pasidWithTranslated();

    /** Whether it may ask for pages (PRI). */
    boolean pri();

    /** Its address translation cache; null without ATS. */
    Tlb atc();

    /** The walk that an IOMMU does for it. */
    InFlight walk();

    /** Of that walk, what looks up in the second stage where a guest's page is; null where translations are not nested. */
    InFlight nested();

    /** The answer to its translation request, on its way. */
    InFlight answer();

    /** Its access, on its way to memory. */
    InFlight access();

    /** Whether its faulting accesses wait in the IOMMU, which asks in its stead, rather than being aborted. */
    boolean stalls();

    /** Its access waits in the IOMMU for a response, as if it had made this request. Emits {@code page_request}. */
    void stall(Turn turn, PageRequest request);

    /** Its translation request was refused: the access ends without it. */
    void refuse(Answer answer);

    /** Whether it sits inside the machine: one that anybody may plug in is never served lazily. */
    boolean trusted();

    /** Whether it completes what asks it to invalidate; one that never does runs into the IOMMU's time-out. */
    boolean completes();

    /**
     * A page request group response arrives. One that answers nothing is ignored (PCIe: unexpected PRG index).
     * Emits {@code page_response}.
     *
     * @param code 0 success, 1 invalid request, anything else a response failure
     */
    void respond(Turn turn, int group, int code);
}
