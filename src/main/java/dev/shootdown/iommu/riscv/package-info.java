/** The RISC-V IOMMU: its directories, commands, queues and records, bit for bit as the ratified specification has them. */
package dev.shootdown.iommu.riscv;
