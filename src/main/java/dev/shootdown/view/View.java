package dev.shootdown.view;

import dev.shootdown.lang.Front;

/** A front that shows things, and may hold some back until it knows what comes next. */
public sealed interface View extends Front permits TextView, JsonView {
    /** Shows what was held back. */
    void settle();
}
