package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.PageRequest;

/** Why a transaction is refused: the codes of the fault queue's CAUSE field (specification, table of 3.2). */
public enum Cause {
    INSTRUCTION_ACCESS_FAULT(1, Reply.COMPLETER_ABORT, false),
    READ_ADDRESS_MISALIGNED(4, Reply.COMPLETER_ABORT, false),
    READ_ACCESS_FAULT(5, Reply.COMPLETER_ABORT, false),
    WRITE_ADDRESS_MISALIGNED(6, Reply.COMPLETER_ABORT, false),
    WRITE_ACCESS_FAULT(7, Reply.COMPLETER_ABORT, false),
    INSTRUCTION_PAGE_FAULT(12, Reply.SUCCESS, false),
    READ_PAGE_FAULT(13, Reply.SUCCESS, false),
    WRITE_PAGE_FAULT(15, Reply.SUCCESS, false),
    INSTRUCTION_GUEST_PAGE_FAULT(20, Reply.SUCCESS, false),
    READ_GUEST_PAGE_FAULT(21, Reply.SUCCESS, false),
    WRITE_GUEST_PAGE_FAULT(23, Reply.SUCCESS, false),
    ALL_INBOUND_DISALLOWED(256, Reply.UNSUPPORTED_REQUEST, true),
    DDT_LOAD_ACCESS_FAULT(257, Reply.UNSUPPORTED_REQUEST, true),
    DDT_ENTRY_NOT_VALID(258, Reply.UNSUPPORTED_REQUEST, true),
    DDT_ENTRY_MISCONFIGURED(259, Reply.UNSUPPORTED_REQUEST, true),
    TRANSACTION_TYPE_DISALLOWED(260, Reply.UNSUPPORTED_REQUEST, false),
    MSI_PTE_LOAD_ACCESS_FAULT(261, Reply.COMPLETER_ABORT, false),
    MSI_PTE_NOT_VALID(262, Reply.SUCCESS, false),
    MSI_PTE_MISCONFIGURED(263, Reply.COMPLETER_ABORT, false),
    MRIF_ACCESS_FAULT(264, Reply.COMPLETER_ABORT, false),
    PDT_LOAD_ACCESS_FAULT(265, Reply.COMPLETER_ABORT, false),
    PDT_ENTRY_NOT_VALID(266, Reply.SUCCESS, false),
    PDT_ENTRY_MISCONFIGURED(267, Reply.COMPLETER_ABORT, false),
    DDT_DATA_CORRUPTION(268, Reply.COMPLETER_ABORT, true),
    PDT_DATA_CORRUPTION(269, Reply.COMPLETER_ABORT, false),
    MSI_PT_DATA_CORRUPTION(270, Reply.COMPLETER_ABORT, false),
    MRIF_DATA_CORRUPTION(271, Reply.COMPLETER_ABORT, false),
    INTERNAL_DATA_PATH_ERROR(272, Reply.COMPLETER_ABORT, true),
    MSI_WRITE_ACCESS_FAULT(273, Reply.COMPLETER_ABORT, true),
    PT_DATA_CORRUPTION(274, Reply.COMPLETER_ABORT, false);

    /** What a translation request is answered. */
    public enum Reply {
        /** Success without permissions, of which the fault queue hears nothing. */
        SUCCESS,
        COMPLETER_ABORT,
        UNSUPPORTED_REQUEST
    }

    private static final Cause[] ALL = values();

    private final int code;
    private final Reply reply;
    private final boolean always;

    Cause(int code, Reply reply, boolean always) {
        this.code = code;
        this.reply = reply;
        this.always = always;
    }

    /** The cause with this code, or null. */
    public static Cause of(int code) {
        for (Cause cause : ALL) {
            if (cause.code == code) {
                return cause;
            }
        }
        return null;
    }

    /** The cause of a translation that did not come about. */
    static Cause of(Fault fault) {
        Cause access = fault.write() ? WRITE_ACCESS_FAULT : fault.execute() ? INSTRUCTION_ACCESS_FAULT : READ_ACCESS_FAULT;
        Cause guest = fault.write() ? WRITE_GUEST_PAGE_FAULT : fault.execute() ? INSTRUCTION_GUEST_PAGE_FAULT : READ_GUEST_PAGE_FAULT;
        Cause page = fault.write() ? WRITE_PAGE_FAULT : fault.execute() ? INSTRUCTION_PAGE_FAULT : READ_PAGE_FAULT;
        return switch (fault.why()) {
            case TABLES -> fault.code() == 0 || fault.code() == READ_ACCESS_FAULT.code ? access
                    : fault.code() == READ_GUEST_PAGE_FAULT.code ? guest : of(fault.code());
            case ACCESS, SECOND_STAGE_ACCESS -> access;
            case SECOND_STAGE, SECOND_STAGE_PERMISSION, SECOND_STAGE_UPDATE, SECOND_STAGE_RESERVED -> guest;
            case ADDRESS, NOT_PRESENT, RESERVED, SUPERVISOR, PERMISSION -> page;
        };
    }

    public int code() {
        return code;
    }

    /** What a translation request is answered that meets it (2.6 of the specification, PCIe ATS translation request handling). */
    public Reply reply() {
        return reply;
    }

    /** Whether it is reported although DC.tc.DTF disables the reporting of translation faults. */
    public boolean always() {
        return always;
    }

    /**
     * The code with which the IOMMU itself answers a page request that meets it: Invalid Request where the device is
     * not allowed to ask, which spares its other functions the failure of PRI, and Response Failure otherwise.
     */
    public int answer() {
        return this == TRANSACTION_TYPE_DISALLOWED ? PageRequest.INVALID : PageRequest.FAILURE;
    }
}
