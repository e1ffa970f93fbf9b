package dev.shootdown.js;

import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Diagnostic;

/** What a JavaScript error of ours stands for, and how a script ends that does not catch it. */
record Carried(Diagnostic diagnostic, Status status) {}
