/** Floor 1: how any word of the language is declared, and diagnostics as values. Knows nobody. */
package dev.shootdown.vocabulary;
