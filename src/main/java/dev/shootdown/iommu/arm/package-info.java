/** Arm's SMMUv3: its tables, commands and queues, bit for bit as the architecture (IHI 0070) and Linux have them. */
package dev.shootdown.iommu.arm;
