package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Answer;

/**
 * What is wrong with a device-table entry, or on the way from it to a page table, with the event that says so. How a
 * translation request is answered, AMD's specification not being at hand, is inferred from PCIe's codes.
 */
enum TableFault {
    /** V=0: Linux never leaves an entry so, and blocks a device by {@link #NO_PERMISSION}. */
    NOT_VALID(AmdEvent.ILLEGAL_DEV_TABLE_ENTRY, 0, Answer.ABORT),
    /** A field has a value that is reserved. */
    RESERVED(AmdEvent.ILLEGAL_DEV_TABLE_ENTRY, AmdEvent.RZ, Answer.ABORT),
    /** I=0, and the device asks for a translation. */
    NO_ATS(AmdEvent.INVALID_DEVICE_REQUEST, 0, Answer.UNSUPPORTED),
    /** IR=IW=0: a blocked device. */
    NO_PERMISSION(AmdEvent.IO_PAGE_FAULT, 0, Answer.EMPTY),
    /** The device table is in no memory. */
    NO_DEVICE_TABLE(AmdEvent.DEV_TAB_HARDWARE_ERROR, AmdEvent.MASTER_ABORT, Answer.ABORT),
    /** The host's table does not let a GCR3 table be read, which lies in the guest's memory. */
    HOST(AmdEvent.IO_PAGE_FAULT, 0, Answer.EMPTY),
    /** A GCR3 table is in no memory. */
    NO_MEMORY(AmdEvent.PAGE_TAB_HARDWARE_ERROR, AmdEvent.MASTER_ABORT, Answer.ABORT);

    private static final TableFault[] ALL = values();

    private final int event;
    private final int flags;
    private final Answer answer;

    TableFault(int event, int flags, Answer answer) {
        this.event = event;
        this.flags = flags;
        this.answer = answer;
    }

    /** As a fault's code has it: above 0. */
    int code() {
        return ordinal() + 1;
    }

    static TableFault of(int code) {
        return ALL[code - 1];
    }

    /** {@link AmdEvent}'s code. */
    int event() {
        return event;
    }

    int flags() {
        return flags;
    }

    Answer answer() {
        return answer;
    }
}
