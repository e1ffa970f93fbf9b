package dev.shootdown.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: Shootdown's version, from its jar, and Java's. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"Shootdown " + number() + " (Java " + Runtime.version() + ")"};
    }

    /** As the build wrote it into the jar; classes that are in none have no version. */
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unpacked" : version;
    }
}
