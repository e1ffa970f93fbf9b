/** Every word of the language, declared once, with what it does. */
package dev.shootdown.lang.word;
