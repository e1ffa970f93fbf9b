package dev.shootdown.cli;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Interpreter;

/** Makes who carries out scripts, each on a machine of its own. */
@FunctionalInterface
interface Languages {
    /** A new one, which shows what comes of it to a front. */
    Interpreter open(Script language, Front front);
}
