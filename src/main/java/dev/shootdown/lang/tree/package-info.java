/** The syntax tree: immutable records under a few sealed interfaces. What words mean is decided elsewhere. */
package dev.shootdown.lang.tree;
