package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Fault;
import java.util.EnumSet;
import java.util.Set;

/**
 * Why a request is blocked: VT-d 7.1.3, those that this hardware can come to, with the kernel's text
 * (drivers/iommu/intel/dmar.c: dma_remap_fault_reasons, dma_remap_sm_fault_reasons) and the answer to a translation request.
 */
public enum FaultReason {
    LEGACY_ROOT_NOT_PRESENT(0x01, Answer.UNSUPPORTED, "Present bit in root entry is clear"),
    LEGACY_CONTEXT_NOT_PRESENT(0x02, Answer.UNSUPPORTED, "Present bit in context entry is clear"),
    LEGACY_CONTEXT_INVALID(0x03, Answer.ABORT, "Invalid context entry"),
    LEGACY_ADDRESS_WIDTH(0x04, Answer.EMPTY, "Access beyond MGAW"),
    LEGACY_NO_WRITE_PERMISSION(0x05, Answer.EMPTY, "PTE Write access is not set"),
    LEGACY_NO_READ_PERMISSION(0x06, Answer.EMPTY, "PTE Read access is not set"),
    LEGACY_SECOND_STAGE_ACCESS(0x07, Answer.ABORT, "Next page table ptr is invalid"),
    LEGACY_ROOT_ACCESS(0x08, Answer.ABORT, "Root table address invalid"),
    LEGACY_CONTEXT_ACCESS(0x09, Answer.ABORT, "Context table ptr is invalid"),
    LEGACY_ROOT_RESERVED(0x0a, Answer.ABORT, "non-zero reserved fields in RTP"),
    LEGACY_CONTEXT_RESERVED(0x0b, Answer.ABORT, "non-zero reserved fields in CTP"),
    LEGACY_SECOND_STAGE_RESERVED(0x0c, Answer.ABORT, "non-zero reserved fields in PTE"),
    LEGACY_BLOCKED(0x0d, Answer.UNSUPPORTED, "PCE for translation request specifies blocking"),
    LEGACY_INTERRUPT_ADDRESS(0x0e, Answer.ABORT, FaultReason.UNKNOWN),
    ROOT_ADDRESS_INVALID(0x30, Answer.ABORT, "SM: Invalid Root Table Address"),
    LEGACY_WITH_PASID(0x31, Answer.UNSUPPORTED, "SM: TTM 0 for request with PASID"),
    LEGACY_PAGE_REQUEST(0x32, Answer.UNSUPPORTED, "SM: TTM 0 for page group request"),
    ABORT_DMA(0x33, Answer.UNSUPPORTED, FaultReason.UNKNOWN),
    ROOT_ACCESS(0x38, Answer.ABORT, "SM: Error attempting to access Root Entry"),
    ROOT_NOT_PRESENT(0x39, Answer.UNSUPPORTED, "SM: Present bit in Root Entry is clear"),
    ROOT_RESERVED(0x3a, Answer.ABORT, "SM: Non-zero reserved field set in Root Entry"),
    CONTEXT_ACCESS(0x40, Answer.ABORT, "SM: Error attempting to access Context Entry"),
    CONTEXT_NOT_PRESENT(0x41, Answer.UNSUPPORTED, "SM: Present bit in Context Entry is clear"),
    CONTEXT_RESERVED(0x42, Answer.ABORT, "SM: Non-zero reserved field set in the Context Entry"),
    CONTEXT_INVALID(0x43, Answer.ABORT, "SM: Invalid Context Entry"),
    DEVICE_TLB_DISABLED(0x44, Answer.UNSUPPORTED, "SM: DTE field in Context Entry is clear"),
    PASID_DISABLED(0x45, Answer.UNSUPPORTED, "SM: PASID Enable field in Context Entry is clear"),
    PASID_TOO_LARGE(0x46, Answer.UNSUPPORTED, "SM: PASID is larger than the max in Context Entry"),
    PAGE_REQUEST_DISABLED(0x47, Answer.UNSUPPORTED, "SM: PRE field in Context-Entry is clear"),
    PASID_IS_RID_PASID(0x48, Answer.UNSUPPORTED, "SM: RID_PASID field error in Context-Entry"),
    TRANSLATED_WITH_PASID(0x49, Answer.UNSUPPORTED, FaultReason.UNKNOWN),
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
    FIRST_STAGE_ADDRESS_WIDTH(0x74, Answer.EMPTY, "SM: First-level entry address beyond MGAW in Nested translation"),
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
    HOST_ADDRESS_WIDTH(0x83, Answer.EMPTY, "SM: Address beyond the DMA hardware max"),
    SECOND_STAGE_ADDRESS_WIDTH(0x84, Answer.EMPTY, "SM: Second-level entry address beyond the max"),
    NO_WRITE_PERMISSION(0x85, Answer.EMPTY, "SM: No write permission for Write/AtomicOp request"),
    NO_READ_PERMISSION(0x86, Answer.EMPTY, "SM: No read permission for Read/AtomicOp request"),
    INTERRUPT_ADDRESS(0x87, Answer.ABORT, "SM: Invalid address-interrupt address"),
    NOT_SNOOPED(0x90, Answer.EMPTY, "SM: A/D bit update needed in first-level entry when set up in no snoop");

    /** What the kernel says to a reason that its tables do not have. */
    static final String UNKNOWN = "Unknown";

    private static final FaultReason[] ALL = values();
    /** From here on the reasons are scalable mode's. */
    private static final int SCALABLE_MODE = 0x30;
    /** Those that no FPD bit keeps from being recorded: the hardware has come to no entry that has one, or cannot read it. */
    private static final Set<FaultReason> ALWAYS_RECORDED = EnumSet.of(LEGACY_ROOT_NOT_PRESENT, LEGACY_ROOT_ACCESS, LEGACY_CONTEXT_ACCESS,
            LEGACY_ROOT_RESERVED, ROOT_ADDRESS_INVALID, LEGACY_WITH_PASID, LEGACY_PAGE_REQUEST, ABORT_DMA, ROOT_ACCESS, ROOT_NOT_PRESENT,
            ROOT_RESERVED, CONTEXT_ACCESS, DIRECTORY_ACCESS, PASID_ACCESS);

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

    /** Whether it is one of requests without a PASID in legacy mode, which all kernels have a text for. */
    boolean legacy() {
        return code < SCALABLE_MODE;
    }

    /** Whether an FPD bit of an entry on the way keeps it from being recorded ("qualified"). */
    boolean qualified() {
        return !ALWAYS_RECORDED.contains(this);
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

    /**
     * Why a translation in scalable mode did not come about.
     *
     * @param levels of a process's tables
     */
    static FaultReason of(Fault fault, int levels) {
        return switch (fault.why()) {
            case TABLES -> fault.code() == 0 ? PASID_NOT_PRESENT : of(fault.code());
            case ADDRESS -> NOT_CANONICAL;
            case ACCESS -> FIRST_STAGE_ACCESS;
            case NOT_PRESENT -> FIRST_STAGE_NOT_PRESENT;
            case RESERVED -> FIRST_STAGE_RESERVED;
            case SUPERVISOR -> SUPERVISOR_PAGE;
            case SECOND_STAGE -> SECOND_STAGE_PERMISSION;
            case SECOND_STAGE_PERMISSION -> nested(fault, levels);
            case SECOND_STAGE_UPDATE -> NESTED_WRITE;
            case SECOND_STAGE_RESERVED -> SECOND_STAGE_RESERVED;
            case SECOND_STAGE_ACCESS -> SECOND_STAGE_ACCESS;
            case PERMISSION -> fault.write() ? NO_WRITE_PERMISSION : fault.execute() ? NO_EXECUTE_PERMISSION : NO_READ_PERMISSION;
        };
    }

    /** What a page of the second stage, which is there, does not allow: to read a first-stage table, the top one or another, or the access. */
    private static FaultReason nested(Fault fault, int levels) {
        if (fault.code() == 0) {
            return fault.write() ? NO_WRITE_PERMISSION : NO_READ_PERMISSION;
        }
        return fault.code() == levels ? NESTED_ROOT_READ : NESTED_READ;
    }

    /** Why a translation in legacy mode did not come about, which the second stage does alone. */
    static FaultReason ofLegacy(Fault fault) {
        return switch (fault.why()) {
            case TABLES -> of(fault.code());
            case SECOND_STAGE, SECOND_STAGE_PERMISSION, SECOND_STAGE_UPDATE ->
                    fault.write() ? LEGACY_NO_WRITE_PERMISSION : LEGACY_NO_READ_PERMISSION;
            case SECOND_STAGE_RESERVED -> LEGACY_SECOND_STAGE_RESERVED;
            case SECOND_STAGE_ACCESS -> LEGACY_SECOND_STAGE_ACCESS;
            case ADDRESS, ACCESS, NOT_PRESENT, RESERVED, SUPERVISOR, PERMISSION ->
                    throw new IllegalStateException("legacy mode has no first stage");
        };
    }
}
