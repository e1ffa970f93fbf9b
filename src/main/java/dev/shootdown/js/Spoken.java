package dev.shootdown.js;

/** A JavaScript object that stands for something of the language, and can be written in a statement. */
interface Spoken {
    /** As the language writes it. */
    String spoken();
}
