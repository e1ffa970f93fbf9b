/** Floor 11: from events, verdicts, listings and diagnostics to something to look at. Knows floors 1 to 10; writes where it is told to. */
package dev.shootdown.view;
