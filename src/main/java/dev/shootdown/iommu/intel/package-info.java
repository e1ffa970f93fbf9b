/** Intel VT-d in scalable mode: its tables, its invalidation queue, its page-request queue, its fault records. */
package dev.shootdown.iommu.intel;
