/** Floor 1: the trace alphabet, and the point where events leave the model. Knows the vocabulary. */
package dev.shootdown.trace;
