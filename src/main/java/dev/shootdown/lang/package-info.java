/** Floor 10: the language: its tree, its words, and who carries them out. Knows the floors below. */
package dev.shootdown.lang;
