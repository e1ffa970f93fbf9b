package dev.shootdown.conform;

/**
 * Something that the model does otherwise than the kernel did.
 *
 * @param file   the recording's name
 * @param record the operation's number in it, or what stands for one
 * @param level  from 1 to 5, the strictest last
 */
public record Difference(String file, String record, int level, String expected, String found) {
    @Override
    public String toString() {
        return file + ":" + record + " level " + level + ": expected " + expected + " found " + found;
    }
}
