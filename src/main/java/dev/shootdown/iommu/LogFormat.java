package dev.shootdown.iommu;

/** In which form a kernel prints what AMD's and Intel's IOMMUs have logged: it has changed over the years. */
public enum LogFormat {
    /** Up to 4.1: Intel's file has its old prefix, and its faults have two lines. */
    LINUX_3,
    /** Before 4.18: addresses are padded to 16 digits, PASIDs are not named; from 4.13 on a page fault is its device's line. */
    LINUX_4,
    /** 6.0 and later: addresses as they are, PASIDs, and devices with their segments. */
    LINUX_6;

    /** Whether the line about a page fault names the device; otherwise it is the device that prints it. */
    public boolean namesFaultingDevice() {
        return this == LINUX_3;
    }

    /** Whether addresses are padded, and neither PASIDs nor segments are named. */
    public boolean padded() {
        return this != LINUX_6;
    }

    /** An address behind its 0x, as an AMD event's line has it. */
    public String address(long address) {
        String digits = Long.toHexString(address);
        return padded() ? "0".repeat(16 - digits.length()) + digits : digits;
    }
}
