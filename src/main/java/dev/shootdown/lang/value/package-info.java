/** What names of the language stand for while a script runs. */
package dev.shootdown.lang.value;
