/**
 * Floor 4: what every IOMMU has, whoever made it: the IOTLB and the walk cache, the walk, command, request and
 * event rings in memory, marks on what is in flight, and what completions mean. Encodings, tables, ordering and
 * log lines are the vendors', in the rooms beside this one. Knows floors 1 and 2.
 */
package dev.shootdown.iommu;
