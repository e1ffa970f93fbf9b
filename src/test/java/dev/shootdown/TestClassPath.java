package dev.shootdown;

import java.io.File;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the tests run on, for a JVM of their own: some runners load it in their own way and leave the JVM's class path short. */
public final class TestClassPath {
    private TestClassPath() {}

    /** Folders and jars that exist, in order. */
    public static List<Path> entries() {
        Stream<String> entries = Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(url -> url.getPath())
                : Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
        return entries.map(Path::of).filter(path -> path.toFile().exists()).toList();
    }
}
