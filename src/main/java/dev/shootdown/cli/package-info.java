/** Floor 12: the command line, which puts everything together. Knows all. */
package dev.shootdown.cli;
