/** Floor 12: the prompt: reads statements as they are typed. Knows all but the command line. */
package dev.shootdown.repl;
