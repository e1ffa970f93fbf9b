/**
 * What real kernels did, done again on a machine and compared: recordings of random operations and the calls of real
 * programs.
 */
package dev.shootdown.conform;
