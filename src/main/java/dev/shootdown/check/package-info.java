/**
 * Floor 8: the checkers. They watch events and cells from outside; no model code calls them, and they change
 * nothing but cells of their own. Knows the floors below.
 */
package dev.shootdown.check;
