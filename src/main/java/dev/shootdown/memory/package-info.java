/**
 * Floor 2: frames, x86-64 page tables held in frames as real 64-bit entries, the walk that CPUs and IOMMUs
 * share, TLBs, CPUs and their shoot-down. Knows floor 1.
 */
package dev.shootdown.memory;
