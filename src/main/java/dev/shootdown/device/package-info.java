/**
 * Floor 5: devices with their ATC, their DMA, their page requests and their failure state. Knows floors 1 and 2, and
 * iommu.
 */
package dev.shootdown.device;
