/**
 * Floor 4: address spaces and what is done to them: one file for each operation, the gather, faults,
 * {@link dev.shootdown.mm.KernelVersion}. Knows floors 1-3. x86-64 only.
 */
package dev.shootdown.mm;
