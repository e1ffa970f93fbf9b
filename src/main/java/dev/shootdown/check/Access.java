package dev.shootdown.check;

/**
 * An access that has reached memory.
 *
 * @param mm    the address space that it was meant for; 0 if that is none any more
 * @param addr  its first byte
 * @param len   in bytes, within one page
 * @param frame where it landed
 * @param write or a read
 * @param born  the frame's generation when the translation was taken from a live entry
 */
record Access(int mm, long addr, long len, long frame, boolean write, long born) {}
