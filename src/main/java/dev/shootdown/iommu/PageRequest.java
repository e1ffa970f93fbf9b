package dev.shootdown.iommu;

import dev.shootdown.memory.Translation;

/**
 * A page request as software finds it in the log.
 *
 * @param device the machine's number of the device; -1 if the log names none that there is
 * @param addr   the page's address
 * @param group  the PRG index, which the response repeats
 * @param last   whether it is its group's last, which alone is answered
 * @param access {@link Translation} permissions asked for, {@link Translation#PRIVILEGED} among them
 */
public record PageRequest(int device, int pasid, long addr, int group, boolean last, int access) {
    /** No access: a stop marker, by which a device says that it has stopped using the PASID. */
    public static final int STOP = 0;

    /** Response codes as PCIe has them: 10.4.2.2. */
    public static final int SUCCESS = 0;

    public static final int INVALID = 1;
    public static final int FAILURE = 0xf;

    /** No code of PCIe's, which reserves it, but IOMMU_PAGE_RESP_FAILURE, sent as it is by AMD's and Intel's drivers: a failure too. */
    public static final int GENERIC_FAILURE = 2;

    /** No code of PCIe's: a stalled access is ended so that the device sees nothing of it, reads zero and writes nothing. */
    public static final int IGNORED = 0x10;

    /** No code: nobody has answered. */
    public static final int NONE = -1;

    /** What of it the process's mappings are asked: execution, reading and writing. Privileged mode asks for no more than that. */
    public int permissions() {
        return access & ~Translation.PRIVILEGED;
    }

    /** Whether it is a stop marker, which asks for nothing. */
    public boolean stops() {
        return last && access == STOP && pasid != 0;
    }
}
