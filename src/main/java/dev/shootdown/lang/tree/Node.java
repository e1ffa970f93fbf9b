package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;

/** Anything in the tree: it knows where it was written. */
public interface Node {
    /** Where; of what spans several lines, the part on the first one. */
    Span at();
}
