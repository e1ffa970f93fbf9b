/** The DMA API, for devices that take no page faults: pages are pinned, and mapped at addresses of the device's own. */
package dev.shootdown.driver.dma;
