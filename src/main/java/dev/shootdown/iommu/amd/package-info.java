/** AMD's IOMMU: its tables, commands and logs, bit for bit as Linux and independent implementations read them. */
package dev.shootdown.iommu.amd;
