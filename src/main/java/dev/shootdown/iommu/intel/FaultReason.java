package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Fault;

/**
 * Why a request is blocked: VT-d 7.1.3, those that scalable mode with first-stage tables can come to, with the kernel's text
 * (drivers/iommu/intel/dmar.c: dma_remap_sm_fault_reasons) and the answer to a translation request.
 */
public enum FaultReason {
    ROOT_ACCESS(0x38, Answer.ABORT, "SM: Error attempting to access Root Entry"),
    ROOT_NOT_PRESENT(0x39, Answer.UNSUPPORTED, "SM: Present bit in Root Entry is clear"),
    ROOT_RESERVED(0x3a, Answer.ABORT, "SM: Non-zero reserved field set in Root Entry"),
    CONTEXT_ACCESS(0x40, Answer.ABORT, "SM: Error attempting to access Context Entry"),
    CONTEXT_NOT_PRESENT(0x41, Answer.UNSUPPORTED, "SM: Present bit in Context Entry is clear"),
    CONTEXT_RESERVED(0x42, Answer.ABORT, "SM: Non-zero reserved field set in the Context Entry"),
    DEVICE_TLB_DISABLED(0x44, Answer.UNSUPPORTED, "SM: DTE field in Context Entry is clear"),
    PASID_DISABLED(0x45, Answer.UNSUPPORTED, "SM: PASID Enable field in Context Entry is clear"),
    PASID_TOO_LARGE(0x46, Answer.UNSUPPORTED, "SM: PASID is larger than the max in Context Entry"),
    PAGE_REQUEST_DISABLED(0x47, Answer.UNSUPPORTED, "SM: PRE field in Context-Entry is clear"),
    PASID_IS_RID_PASID(0x48, Answer.UNSUPPORTED, "SM: RID_PASID field error in Context-Entry"),
    DIRECTORY_ACCESS(0x50, Answer.ABORT, "SM: Error attempting to access the PASID Directory Entry"),
    DIRECTORY_NOT_PRESENT(0x51, Answer.EMPTY, "SM: Present bit in Directory Entry is clear"),
    DIRECTORY_RESERVED(0x52, Answer.ABORT, "SM: Non-zero reserved field set in PASID Directory Entry"),
    PASID_ACCESS(0x58, Answer.ABORT, "SM: Error attempting to access PASID Table Entry"),
    PASID_NOT_PRESENT(0x59, Answer.EMPTY, "SM: Present bit in PASID Table Entry is clear"),
    PASID_RESERVED(0x5a, Answer.ABORT, "SM: Non-zero reserved field set in PASID Table Entry"),
    PASID_INVALID(0x5b, Answer.ABORT, "SM: Invalid Scalable-Mode PASID Table Entry"),
    EXECUTE_DISABLED(0x5c, Answer.EMPTY, "SM: ERE field is clear in PASID Table Entry"),
    SUPERVISOR_DISABLED(0x5d, Answer.EMPTY, "SM: SRE field is clear in PASID Table Entry"),
    FIRST_STAGE_ACCESS(0x70, Answer.EMPTY, "SM: Error attempting to access first-level paging entry"),
    FIRST_STAGE_NOT_PRESENT(0x71, Answer.EMPTY, "SM: Present bit in first-level paging entry is clear"),
    FIRST_STAGE_RESERVED(0x72, Answer.EMPTY, "SM: Non-zero reserved field set in first-level paging entry"),
    ROOT_TABLE_ACCESS(0x73, Answer.EMPTY, "SM: Error attempting to access FL-PML4 entry"),
    NESTED_ROOT_READ(0x75, Answer.EMPTY, "SM: Read permission error in FL-PML4 entry in Nested translation"),
    NESTED_READ(0x76, Answer.EMPTY, "SM: Read permission error in first-level paging entry in Nested translation"),
    NESTED_WRITE(0x77, Answer.EMPTY, "SM: Write permission error in first-level paging entry in Nested translation"),
    SECOND_STAGE_ACCESS(0x78, Answer.ABORT, "SM: Error attempting to access second-level paging entry"),
    SECOND_STAGE_PERMISSION(0x79, Answer.EMPTY, "SM: Read/Write permission error in second-level paging entry"),
    SECOND_STAGE_RESERVED(0x7a, Answer.ABORT, "SM: Non-zero reserved field set in second-level paging entry"),
    SECOND_STAGE_POINTER(0x7b, Answer.ABORT, "SM: Invalid second-level page table pointer"),
    NOT_CANONICAL(0x80, Answer.EMPTY, "SM: Address in first-level translation is not canonical"),
    SUPERVISOR_PAGE(0x81, Answer.EMPTY, "SM: U/S set 0 for first-level translation with user privilege"),
    NO_EXECUTE_PERMISSION(0x82, Answer.EMPTY, "SM: No execute permission for request with PASID and ER=1"),
    NO_WRITE_PERMISSION(0x85, Answer.EMPTY, "SM: No write permission for Write/AtomicOp request"),
    NO_READ_PERMISSION(0x86, Answer.EMPTY, "SM: No read permission for Read/AtomicOp request"),
    INTERRUPT_ADDRESS(0x87, Answer.ABORT, "SM: Invalid address-interrupt address");

    private static final FaultReason[] ALL = values();
    /** Of a process's tables that have four levels. */
    private static final int TOP_LEVEL = 4;

    private final int code;
    private final Answer answer;
    private final String text;

    FaultReason(int code, Answer answer, String text) {
        this.code = code;
        this.answer = answer;
        this.text = text;
    }

    public int code() {
        return code;
    }

    /** What a translation request is answered that ends so. Empty answers are not recorded. */
    public Answer answer() {
        return answer;
    }

    /** What the kernel says to it. */
    public String text() {
        return text;
    }

    /** The reason of a code, or null. */
    public static FaultReason of(int code) {
        for (FaultReason reason : ALL) {
            if (reason.code == code) {
                return reason;
            }
        }
        return null;
    }

    /** Why a translation did not come about. */
    static FaultReason of(Fault fault) {
        return switch (fault.why()) {
            case TABLES -> fault.code() == 0 ? PASID_NOT_PRESENT : of(fault.code());
            case ADDRESS -> NOT_CANONICAL;
            case ACCESS -> FIRST_STAGE_ACCESS;
            case NOT_PRESENT -> FIRST_STAGE_NOT_PRESENT;
            case RESERVED -> FIRST_STAGE_RESERVED;
            case SUPERVISOR -> SUPERVISOR_PAGE;
            case SECOND_STAGE, SECOND_STAGE_PERMISSION -> nested(fault.code());
            case SECOND_STAGE_UPDATE -> NESTED_WRITE;
            case SECOND_STAGE_RESERVED -> SECOND_STAGE_RESERVED;
            case SECOND_STAGE_ACCESS -> SECOND_STAGE_ACCESS;
            case PERMISSION -> fault.write() ? NO_WRITE_PERMISSION : fault.execute() ? NO_EXECUTE_PERMISSION : NO_READ_PERMISSION;
        };
    }

    /** What the second stage does not let be read: a first-stage table of a level, the top one among them, or, at 0, the page. */
    private static FaultReason nested(int level) {
        if (level == 0) {
            return SECOND_STAGE_PERMISSION;
        }
        return level >= TOP_LEVEL ? NESTED_ROOT_READ : NESTED_READ;
    }
}
